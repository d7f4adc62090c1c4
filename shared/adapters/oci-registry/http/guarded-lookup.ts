import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { RegistryError } from '../../../ports/errors.ts';
import type { Resolve } from '../options.ts';
import { addressRefusal } from './address-rules.ts';

export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true });

/**
 * DNS for one connection, which refuses what the address rules refuse. The check sits where the socket gets its address
 * from, so that a name can't answer with one address to a check and with another to the connection.
 */
export function guardedLookup(resolve: Resolve, loopbackAllowed: boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (all) => {
        const addresses = all.filter(({ family }) => !options.family || options.family === family);
        const first = addresses[0];
        if (first === undefined) return callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND' }), []);
        const refused = refusedAddress(hostname, addresses, loopbackAllowed);
        if (refused !== undefined) return callback(refused, []);
        return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}

/** Hosts that are addresses themselves never reach a lookup: they are checked before anything is sent. */
export function refuseLiteralAddress({ hostname }: URL, loopbackAllowed: boolean): void {
  const literal = hostname.replace(/^\[|\]$/g, '');
  const isLiteral = hostname.startsWith('[') || /^[\d.]+$/.test(literal);
  const address = isLiteral ? literal : /(^|\.)localhost\.?$/.test(hostname) ? '127.0.0.1' : undefined;
  const refused = address === undefined ? undefined : refusedAddress(hostname, [{ address }], loopbackAllowed);
  if (refused !== undefined) throw refused;
}

function refusedAddress(
  hostname: string,
  addresses: readonly { address: string }[],
  loopbackAllowed: boolean,
): RegistryError | undefined {
  for (const { address } of addresses) {
    const reason = addressRefusal(address, loopbackAllowed);
    if (reason !== undefined) {
      return new RegistryError('REFUSED_ADDRESS', `${hostname} is not connected to: it is at ${address}: ${reason}`);
    }
  }
  return undefined;
}
