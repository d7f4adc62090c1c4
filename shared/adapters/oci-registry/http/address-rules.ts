import { BlockList, isIPv4, isIPv6 } from 'node:net';

const loopback = blockList(['127.0.0.0/8'], ['::1/128']);

/** Addresses that no registry has: link-local and the clouds' metadata services, multicast, "this host", broadcast. */
const never = blockList(
  ['0.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '255.255.255.255/32', '100.100.100.200/32', '168.63.129.16/32'],
  ['::/128', 'fe80::/10', 'ff00::/8', 'fd00:ec2::254/128', 'fd20:ce::254/128'],
);

/**
 * Why an address may not be connected to, or `undefined` when it may. Private ranges may: that is where registries of
 * clusters live. IPv4 in IPv6's clothes (mapped, and NAT64's prefix) is judged as the IPv4 address.
 */
export function addressRefusal(address: string, loopbackAllowed: boolean): string | undefined {
  const [plain = ''] = address.split('%');
  const family = isIPv4(plain) ? 'ipv4' : isIPv6(plain) ? 'ipv6' : undefined;
  if (family === undefined) return 'it is no address';
  if (never.check(plain, family)) return 'link-local, metadata, multicast and unspecified addresses are refused';
  if (!loopbackAllowed && loopback.check(plain, family)) {
    return 'loopback is refused unless the configuration lists the registry';
  }
  return undefined;
}

/** Node's list itself matches IPv4 rules against mapped addresses (`::ffff:127.0.0.1`). */
function blockList(ipv4: readonly string[], ipv6: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ipv4) {
    const [net = '', bits] = range.split('/');
    list.addSubnet(net, Number(bits), 'ipv4');
    list.addSubnet(`64:ff9b::${net}`, 96 + Number(bits), 'ipv6');
  }
  for (const range of ipv6) {
    const [net = '', bits] = range.split('/');
    list.addSubnet(net, Number(bits), 'ipv6');
  }
  return list;
}
