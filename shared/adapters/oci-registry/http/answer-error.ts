import * as z from 'zod';
import { retryAfterSeconds } from '../../../oci/retry-after.ts';
import { RegistryError, type RegistryErrorCode } from '../../../ports/errors.ts';
import { readBody } from './read-body.ts';
import type { HttpAnswer } from './send.ts';

/** https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes */
const ErrorDocument = z.object({ errors: z.array(z.object({ code: z.string() })).min(1) });

/** The first OCI error code of an answer; `undefined` when the body is no such document. Consumes the body. */
export async function readErrorCode(answer: HttpAnswer): Promise<string | undefined> {
  try {
    const text = new TextDecoder().decode(await readBody(answer, 65_536));
    const code = ErrorDocument.parse(JSON.parse(text)).errors[0]?.code ?? '';
    return /^[A-Z0-9_]{1,40}$/.test(code) ? code : 'UNKNOWN';
  } catch {
    return undefined; // whatever it was: only the status counts then
  }
}

const advice: Partial<Record<RegistryErrorCode, string>> = {
  UNAUTHORIZED: 'check the credentials in imageRepoSecret',
  FORBIDDEN: 'check what the credentials may do, and that the repository exists',
  RATE_LIMITED: 'it asks us to wait',
};

/** The error for an answer that is none to `doing`. Consumes the body, of which only the OCI error code is kept. */
export async function answerError(
  doing: string,
  answer: HttpAnswer,
  { authenticated = false, now }: { authenticated?: boolean; now: Date },
): Promise<RegistryError> {
  const code = classOf(answer.status);
  const ociCode = await readErrorCode(answer);
  const detail = ociCode === undefined ? `${answer.status}` : `${answer.status} ${ociCode}`;
  const hint = advice[code];
  return new RegistryError(
    code,
    `${doing}: ${answer.url.host} answered ${detail}${hint === undefined ? '' : `: ${hint}`}`,
    {
      detail,
      authenticated,
      retryAfterSeconds: retryAfterSeconds(answer.headers['retry-after'], now),
    },
  );
}

function classOf(status: number): RegistryErrorCode {
  if (status === 401) return 'UNAUTHORIZED';
  if (status === 403) return 'FORBIDDEN';
  if (status === 429) return 'RATE_LIMITED';
  if (status === 408 || status === 504) return 'TIMEOUT';
  return status >= 500 ? 'UNAVAILABLE' : 'PROTOCOL';
}
