import { anonymous } from '../../oci/credentials.ts';
import { RegistryError } from '../../ports/errors.ts';
import type { Repository } from '../../ports/registry.ts';
import { type ApiAnswer, type ApiRequest, describeRequest } from './api-request.ts';
import { createAuthorizer } from './auth/authorizer.ts';
import { createCallAs, type OriginAnswer } from './auth/call-as.ts';
import { answerError } from './http/answer-error.ts';
import { createExchange } from './http/exchange.ts';
import { createFindBase } from './http/schemes.ts';
import type { OciRegistryOptions } from './options.ts';
import { createPing } from './ping.ts';

/** The authenticated API of registries; what its endpoints mean is said elsewhere. */
export interface RegistryClient {
  /**
   * Any answer of the registry but 401 and 403: for these the next credential is tried, and they are a RegistryError in
   * the end. A refusal of the host to which the registry sent us is an error too: it says nothing of what is there.
   */
  call(repository: Repository, request: ApiRequest): Promise<ApiAnswer>;
  /** The error for an answer that the caller can't use. Consumes its body. */
  refusal(repository: Repository, request: ApiRequest, answer: ApiAnswer): Promise<RegistryError>;
  /** Whether something answers at `/v2/` as a registry does. */
  isRegistry(repository: Repository): Promise<boolean>;
}

export function createClient(options: OciRegistryOptions): RegistryClient {
  const now = options.now ?? (() => new Date());
  const exchange = createExchange(options);
  const findBase = createFindBase(exchange, options.plainHttp ?? []);
  const ping = createPing(exchange);
  const callAs = createCallAs(exchange, createAuthorizer(exchange, now, options.ecrTokens), ping);

  const refusal: RegistryClient['refusal'] = (repository, request, answer) =>
    answerError(describeRequest(repository, request), answer, { authenticated: answer.authenticated, now: now() });

  return {
    refusal,
    async call(repository, request) {
      const base = await findBase(repository.registry, repository.tls);
      const credentials = repository.credentials.length === 0 ? [anonymous] : repository.credentials;
      const denials: RegistryError[] = [];
      for (const credential of credentials) {
        const outcome = await callAs(base, repository, request, credential).catch(denialOrThrow);
        if (!(outcome instanceof RegistryError) && !isRefused(outcome)) return outcome;
        denials.push(
          outcome instanceof RegistryError ? outcome : denialOrThrow(await refusal(repository, request, outcome)),
        );
      }
      throw denials.find(({ authenticated }) => authenticated) ?? denials.at(-1);
    },
    isRegistry: async ({ registry, tls }) => (await ping(await findBase(registry, tls), tls)).isRegistry,
  };
}

function isRefused({ status, isHome }: OriginAnswer): boolean {
  return status === 401 || status === 403 || (!isHome && status >= 400);
}

/** Only a denial is a reason to try the next credential. */
function denialOrThrow(error: unknown): RegistryError {
  if (error instanceof RegistryError && (error.code === 'UNAUTHORIZED' || error.code === 'FORBIDDEN')) return error;
  throw error;
}
