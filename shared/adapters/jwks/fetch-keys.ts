import * as z from 'zod';
import type { JsonWebKeys } from '../../events/sources/oidc-token.ts';
import { parseJson, parseWith } from '../../kmm/parse.ts';
import { RegistryError } from '../../ports/errors.ts';
import { discard, readBody } from '../oci-registry/http/read-body.ts';
import { createSend } from '../oci-registry/http/send.ts';
import type { JwksOptions } from './jwks-options.ts';

/** Public members only; whatever else an issuer tells stays out. https://www.rfc-editor.org/rfc/rfc7517#section-5 */
const Jwks = z.object({
  keys: z
    .array(
      z.object({
        kty: z.string().max(16),
        kid: z.string().max(256).exactOptional(),
        use: z.string().max(16).exactOptional(),
        alg: z.string().max(16).exactOptional(),
        n: z.string().max(2048).exactOptional(),
        e: z.string().max(16).exactOptional(),
        crv: z.string().max(16).exactOptional(),
        x: z.string().max(256).exactOptional(),
        y: z.string().max(256).exactOptional(),
      }),
    )
    .min(1)
    .max(50),
});

/** Google's four keys need 2 KiB. */
const longestAnswer = 65_536;

/** A sender waits for us meanwhile. */
const patience = { connect: 2_000, answer: 3_000, idle: 3_000 };
const tls = { insecure: false, insecureSkipTLSVerify: false };

/** The issuer's keys as they are now. Redirects are not followed, nothing is tried twice: whoever asks comes again. */
export async function fetchKeys(options: JwksOptions): Promise<JsonWebKeys> {
  const url = new URL(options.uri);
  const send = createSend({ ...options, timeouts: patience });
  const headers = { Accept: 'application/json', Connection: 'close' };
  const answer = await send({ method: 'GET', url, headers, tls });
  if (answer.status !== 200) {
    await discard(answer);
    throw new RegistryError('UNAVAILABLE', `GET ${url.origin}: status ${answer.status}`);
  }
  const text = new TextDecoder().decode(await readBody(answer, longestAnswer));
  return parseWith(Jwks, parseJson(text, 'JWKS'), 'JWKS');
}
