import { BlockList, isIP } from 'node:net';

/**
 * The proxy that the environment names for an https server: `HTTPS_PROXY`, unless `NO_PROXY` lists the host (by name, by
 * suffix, by address or by CIDR, `*` for all). Loopback is never behind a proxy.
 */
export function proxyFor(server: string, env: NodeJS.ProcessEnv): string | undefined {
  const proxy = env['HTTPS_PROXY'] || env['https_proxy'];
  const url = URL.parse(server);
  if (!proxy || url?.protocol !== 'https:') return undefined;
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const entries = (env['NO_PROXY'] || env['no_proxy'] || '').split(',').map((entry) => entry.trim().toLowerCase());
  const isDirect = [...loopback, ...entries].some((entry) => entry !== '' && covers(entry, host, url.port || '443'));
  return isDirect ? undefined : proxy;
}

const loopback = ['localhost', '127.0.0.0/8', '::1'];

function covers(entry: string, host: string, port: string): boolean {
  const [, name = entry, ofPort] = /^([^:]+|\[.+\]):(\d+)$/.exec(entry) ?? [];
  if (ofPort !== undefined && ofPort !== port) return false;
  if (name === '*') return true;
  if (isIP(host) !== 0) return isWithin(host, name.replace(/^\[|\]$/g, ''));
  const domain = name.replace(/^\*?\./, '');
  return host.endsWith(`.${domain}`) || (host === domain && name === domain);
}

/** `range` is an address or a CIDR; anything else covers no address. */
function isWithin(address: string, range: string): boolean {
  const [network = '', bits] = range.split('/');
  const family = isIP(network);
  if (family === 0 || family !== isIP(address)) return false;
  const size = family === 4 ? 32 : 128;
  const length = Number(bits ?? size);
  if (!Number.isInteger(length) || length < 0 || length > size) return false;
  const list = new BlockList();
  list.addSubnet(network, length, family === 4 ? 'ipv4' : 'ipv6');
  return list.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
