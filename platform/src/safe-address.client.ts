import { BlockList, isIP } from 'node:net';

/** Addresses that lead into a house and not to a customer. IPv4 written as IPv6 (::ffff:…) is judged as IPv4 by BlockList. */
const INSIDE: readonly (readonly [network: string, prefix: number, family: 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 3, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['::1', 128, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

const LOOPBACK = /^(127\.|::1$)/;

/** May a notice be sent to this address? `allowLoopback` lets this machine itself in, for trials. */
export function addressGuard(allowLoopback: boolean): (address: string) => boolean {
  const inside = new BlockList();
  for (const [network, prefix, family] of INSIDE) inside.addSubnet(network, prefix, family);
  return (address) => {
    const family = isIP(address);
    if (family === 0) return false;
    if (allowLoopback && LOOPBACK.test(address)) return true;
    return !inside.check(address, family === 4 ? 'ipv4' : 'ipv6');
  };
}

/** A host that is written as an address never asks a resolver, so it is judged here; names are judged when they resolve. */
export function mayBeCalled(url: URL, isSafe: (address: string) => boolean, allowLoopback: boolean): boolean {
  const secure = url.protocol === 'https:' || (allowLoopback && url.protocol === 'http:');
  if (!secure || url.username !== '' || url.password !== '') return false;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 || isSafe(host);
}
