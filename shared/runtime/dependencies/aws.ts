import type { AwsCredentials } from '../../adapters/aws-signature/sign-request.ts';
import type { SqsOptions } from '../../adapters/sqs/call-sqs.ts';
import { InvalidInput } from '../../kmm/errors.ts';
import { now } from './now.ts';

/** Region and credentials as the Lambda runtime (or a person) sets them in the environment. */
export function aws(): SqsOptions {
  return { region: variable('AWS_REGION'), credentials, now };
}

function credentials(): AwsCredentials {
  const sessionToken = process.env['AWS_SESSION_TOKEN'];
  return {
    accessKeyId: variable('AWS_ACCESS_KEY_ID'),
    secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
    ...(sessionToken && { sessionToken }),
  };
}

function variable(name: string): string {
  const value = process.env[name];
  if (!value) throw new InvalidInput(`Environment: ${name} is not set, which SQS queues need`, name);
  return value;
}
