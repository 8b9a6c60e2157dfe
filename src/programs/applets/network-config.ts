/** Programs that show how the network is set up: ip, ifconfig, route, netstat. A Pod has `lo` and `eth0`; nothing can be changed. */
import type { Process } from '../process.ts';
import type { Run } from '../wait.ts';
import { parseOptions, showUsage } from './options.ts';

interface Interface {
  readonly index: number;
  readonly name: string;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly mac: string;
  readonly addresses: readonly string[];
}

/** A Pod's interfaces; its hardware address is made of its first IP. */
function interfacesOf(process: Process): Interface[] {
  const { ips } = process.machine.network;
  const octets = (ips[0] ?? '0.0.0.0').split('.').map((part) => Number(part).toString(16).padStart(2, '0'));
  return [
    { index: 1, name: 'lo', flags: ['LOOPBACK', 'UP', 'LOWER_UP'], mtu: 65_536, mac: '00:00:00:00:00:00', addresses: ['127.0.0.1/8', '::1/128'] },
    {
      index: 2, name: 'eth0', flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'], mtu: 1500, mac: ['0a', '58', ...octets].join(':'),
      addresses: ips.map((address) => (isV6(address) ? `${address}/64` : `${address}/24`)),
    },
  ];
}

const isV6 = (address: string): boolean => address.includes(':');

/** The first three octets are the Pod's network, its first address the way out. */
function networkOf(process: Process): { network: string; gateway: string; source: string } | undefined {
  const source = process.machine.network.ips.find((address) => !isV6(address));
  const prefix = source?.split('.').slice(0, 3).join('.');
  return source === undefined ? undefined : { network: `${prefix}.0`, gateway: `${prefix}.1`, source };
}

const forbidden = 'Operation not permitted';

/** `ip addr`, `ip link`, `ip route`, to look at only. */
export function* ip(process: Process): Run<number> {
  const [object = '', verb = 'show', ...rest] = process.args.slice(1).filter((arg) => arg !== '-o' && arg !== '-4' && arg !== '-6');
  const family = process.args.includes('-4') ? 4 : process.args.includes('-6') ? 6 : undefined;
  const kind = object === '' ? undefined : ['address', 'link', 'route'].find((name) => name.startsWith(object));
  if (kind === undefined) return showUsage(process, 'ip');
  if (!['show', 'list'].some((name) => name.startsWith(verb))) {
    process.complain(`ip: RTNETLINK answers: ${forbidden}\n`);
    return 2;
  }
  if (kind === 'route') {
    const network = networkOf(process);
    if (network) process.print(`default via ${network.gateway} dev eth0 \n${network.network}/24 dev eth0 scope link  src ${network.source} \n`);
    return 0;
  }
  const wanted = rest.filter((word) => word !== 'dev')[0];
  const shown = interfacesOf(process).filter(({ name }) => wanted === undefined || name === wanted);
  if (shown.length === 0) {
    process.complain(`ip: can't find device '${wanted}'\n`);
    return 1;
  }
  for (const one of shown) process.print(linkText(one) + (kind === 'address' ? addressText(one, family) : ''));
  return 0;
}

function linkText({ index, name, flags, mtu, mac }: Interface): string {
  const isLoopback = name === 'lo';
  return `${index}: ${name}${isLoopback ? '' : '@if3'}: <${flags.join(',')}> mtu ${mtu} qdisc noqueue ${isLoopback ? 'qlen 1000' : ''}\n`
    + `    link/${isLoopback ? 'loopback' : 'ether'} ${mac} brd ${isLoopback ? mac : 'ff:ff:ff:ff:ff:ff'}\n`;
}

function addressText({ name, addresses }: Interface, family: number | undefined): string {
  return addresses.filter((address) => family === undefined || isV6(address) === (family === 6)).map((address) => {
    const scope = name === 'lo' ? 'host' : 'global';
    const broadcast = name === 'lo' || isV6(address) ? '' : `brd ${address.split('.').slice(0, 3).join('.')}.255 `;
    const label = isV6(address) ? '' : name;
    return `    ${isV6(address) ? 'inet6' : 'inet'} ${address} ${broadcast}scope ${scope} ${label}\n       valid_lft forever preferred_lft forever\n`;
  }).join('');
}

export function* ifconfig(process: Process): Run<number> {
  const [wanted, change] = process.args.slice(1).filter((arg) => arg !== '-a');
  const shown = interfacesOf(process).filter(({ name }) => wanted === undefined || name === wanted);
  if (shown.length === 0) {
    process.complain(`ifconfig: ${wanted}: error fetching interface information: Device not found\n`);
    return 1;
  }
  if (change !== undefined) {
    process.complain(`ifconfig: SIOCSIFFLAGS: ${forbidden}\n`);
    return 1;
  }
  // busybox lists the newest interface first.
  for (const one of shown.toReversed()) process.print(`${ifconfigText(one)}\n`);
  return 0;
}

function ifconfigText({ name, mtu, mac, addresses }: Interface): string {
  const isLoopback = name === 'lo';
  const address = (text: string): string => {
    const bare = text.split('/')[0]!;
    if (isV6(text)) return `inet6 addr: ${text} Scope:${isLoopback ? 'Host' : 'Global'}`;
    return isLoopback ? `inet addr:${bare}  Mask:255.0.0.0` : `inet addr:${bare}  Bcast:${bare.split('.').slice(0, 3).join('.')}.255  Mask:255.255.255.0`;
  };
  const flags = isLoopback ? 'UP LOOPBACK RUNNING' : 'UP BROADCAST RUNNING MULTICAST';
  return [
    name.padEnd(10) + (isLoopback ? 'Link encap:Local Loopback  ' : `Link encap:Ethernet  HWaddr ${mac.toUpperCase()}  `),
    ...[
      ...addresses.map(address), `${flags}  MTU:${mtu}  Metric:1`, 'RX packets:0 errors:0 dropped:0 overruns:0 frame:0',
      `TX packets:0 errors:0 dropped:0 overruns:0 carrier:0`, 'collisions:0 txqueuelen:1000 ', 'RX bytes:0 (0.0 B)  TX bytes:0 (0.0 B)',
    ].map((line) => `          ${line}`),
    '',
  ].join('\n');
}

export function* route(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'neA:');
  if (options.rest.length > 0) {
    process.complain(`route: SIOCADDRT: ${forbidden}\n`);
    return 1;
  }
  const network = networkOf(process);
  const line = (cells: readonly string[]): string => `${cells.slice(0, 3).map((cell) => cell.padEnd(15)).join(' ')} ${cells[3]!.padEnd(6)}0      0        0 eth0\n`;
  process.print('Kernel IP routing table\nDestination     Gateway         Genmask         Flags Metric Ref    Use Iface\n');
  if (!network) return 0;
  const isNumeric = options.has('n');
  process.print(line([isNumeric ? '0.0.0.0' : 'default', network.gateway, '0.0.0.0', 'UG']));
  process.print(line([network.network, isNumeric ? '0.0.0.0' : '*', '255.255.255.0', 'U']));
  return 0;
}

/** Listeners of emulated programs; connections come and go too fast to be seen. */
export function* netstat(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'laentuwxWprc');
  if (options.has('r')) return yield* route(process);
  const all = options.has('a') || options.has('l');
  const both = !options.has('t') && !options.has('u') && !options.has('x') && !options.has('w');
  process.print(`Active Internet connections (${options.has('a') ? 'servers and established' : all ? 'only servers' : 'w/o servers'})\n`);
  process.print(`Proto Recv-Q Send-Q Local Address           Foreign Address         State       ${options.has('p') ? 'PID/Program name    ' : ''}\n`);
  if (!all) return 0;
  for (const { ip: address, port } of options.has('t') || both ? process.machine.network.listening() : []) {
    const local = `${address ?? '0.0.0.0'}:${port}`;
    process.print(`tcp        0      0 ${local.padEnd(23)} ${'0.0.0.0:*'.padEnd(23)} LISTEN      ${options.has('p') ? '-                   ' : ''}\n`);
  }
  return 0;
}
