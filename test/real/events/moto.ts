import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { missingPackages } from '../support/debian-packages.ts';
import { freePort } from '../support/free-port.ts';
import { startProgram } from '../support/program.ts';
import { run } from '../support/run.ts';
import { waitForUrl } from '../support/wait-for-url.ts';

/** What EventBridge's patterns and SQS need of it; the other extras bring 200 MB along. */
const packages = ['moto==5.2.1', 'flask==3.1.3', 'flask-cors==6.0.2', 'jsonpath-ng==1.8.0'];
const folder = join(import.meta.dirname, '../../../node_modules/.cache/moto');
const program = join(folder, 'bin', 'moto_server');

export const region = 'eu-west-1';
export const account = '123456789012';

/** Installs moto, an emulator of AWS, into a virtual environment once. The reason to skip a suite with, or `false`. */
export async function missingMoto(): Promise<string | false> {
  const reason = (await missingPackages('python3', 'python3-venv')) || (await install());
  if (reason !== false && process.env['CI'] === 'true') throw new Error(`CI never skips: ${reason}`);
  return reason;
}

async function install(): Promise<string | false> {
  try {
    await access(program);
    return false;
  } catch {
    return installNow().then(
      () => false,
      (error: unknown) => `could not install moto: ${String(error)}`,
    );
  }
}

async function installNow(): Promise<void> {
  await run('/usr/bin/python3', ['-m', 'venv', '--clear', folder]);
  await run(join(folder, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...packages]);
}

export interface Moto {
  url: string;
  /** One call of a service that speaks JSON; signatures are not checked there, only the region in them. */
  call(service: 'sqs' | 'events', action: string, input: object): Promise<unknown>;
  stop(): Promise<void>;
}

const targets = { sqs: 'AmazonSQS', events: 'AWSEvents' };

export async function startMoto(): Promise<Moto> {
  const port = await freePort();
  const server = startProgram(program, ['-H', '127.0.0.1', '-p', String(port)]);
  const url = `http://127.0.0.1:${port}`;
  await waitForUrl(`${url}/moto-api/data.json`);
  return {
    url,
    call: async (service, action, input) => {
      const headers = {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `${targets[service]}.${action}`,
        authorization: `AWS4-HMAC-SHA256 Credential=a/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
      };
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${service} ${action}: ${answer.status} ${text}`);
      return text === '' ? {} : JSON.parse(text);
    },
    stop: () => server.stop(),
  };
}
