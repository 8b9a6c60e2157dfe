/** Programs on the virtual network: wget, nc, ping, nslookup. Names come from /etc/hosts and the cluster's DNS. */
import { attempt, Errno } from '../errno.ts';
import type { Socket } from '../network.ts';
import type { Process } from '../process.ts';
import { forWriting, open, readFile } from '../syscalls.ts';
import { WaitQueue, type Run } from '../wait.ts';
import { execOr } from './identity.ts';
import { lines } from './input.ts';
import { parseOptions, showUsage, type Parsed } from './options.ts';

/** The address of a host name; undefined when it has none. */
export function resolveHost(process: Process, host: string): string | undefined {
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host) || host.includes(':')) return host;
  const hosts = attempt(() => readFile(process, '/etc/hosts'));
  for (const line of hosts instanceof Errno ? [] : lines(hosts)) {
    const [ip, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (ip !== undefined && !ip.includes(':') && names.includes(host)) return ip;
  }
  const { resolve } = process.machine.network.network;
  return resolve(host) ?? searchDomains(process).map((domain) => resolve(`${host}.${domain}`)).find((ip) => ip !== undefined);
}

function searchDomains(process: Process): readonly string[] {
  const text = attempt(() => readFile(process, '/etc/resolv.conf'));
  return text instanceof Errno ? [] : /^search (.*)$/m.exec(text)?.[1]?.split(/\s+/) ?? [];
}

interface Url {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

function parseUrl(text: string): Url | string {
  const match = /^(?:(https?|ftp):\/\/)?([^/:?]*)(?::([^/?]*))?([/?].*)?$/.exec(text);
  const port = match?.[3];
  if (!match || (port !== undefined && !/^\d+$/.test(port))) return `bad port '${port ?? ''}'`;
  const path = match[4] ?? '/';
  return { host: match[2]!, port: port === undefined ? (match[1] === 'https' ? 443 : 80) : Number(port), path: path.startsWith('/') ? path : `/${path}` };
}

export function* wget(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'cqSO:o:T:t:P:U:Y:b', {
    spider: 's', header: 'H', 'post-data': 'D', 'post-file': 'F', timeout: 'T', 'no-check-certificate': 'b', quiet: 'q',
  });
  if (options.rest.length === 0) return showUsage(process, 'wget');
  for (const text of options.rest) {
    const problem = yield* download(process, options, text, 0);
    if (problem === undefined) continue;
    process.complain(`wget: ${problem}\n`);
    return 1;
  }
  return 0;
}

/** Downloads one address; what went wrong, or undefined. */
function* download(process: Process, options: Parsed, text: string, redirects: number): Run<string | undefined> {
  const url = parseUrl(text);
  if (typeof url === 'string') return url;
  const ip = url.host === '' ? undefined : resolveHost(process, url.host);
  if (ip === undefined) return `bad address '${url.host}'`;
  const quiet = options.has('q');
  const socket = attempt(() => process.machine.network.connect(ip, url.port));
  if (!quiet) process.complain(`Connecting to ${url.host}:${url.port} (${ip}:${url.port})\n`);
  if (socket instanceof Errno) {
    if (socket.code === 'ECONNREFUSED') return `can't connect to remote host (${ip}): Connection refused`;
    const timeoutS = options.value('T');
    yield* process.sleep(timeoutS === undefined ? 130_000 : Number(timeoutS) * 1000);
    return timeoutS === undefined ? `can't connect to remote host (${ip}): Connection timed out` : 'download timed out';
  }
  const fd = process.addFile(socket);
  const post = options.value('D');
  const request = `${post === undefined ? 'GET' : 'POST'} ${url.path} HTTP/1.1\r\nHost: ${url.host}${url.port === 80 ? '' : `:${url.port}`}\r\n`
    + `User-Agent: ${options.value('U') ?? 'Wget'}\r\nConnection: close\r\n${options.all('H').map((header) => `${header}\r\n`).join('')}`
    + `${post === undefined ? '' : `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${post.length}\r\n`}\r\n${post ?? ''}`;
  yield* process.write(fd, request);
  const response = yield* receive(socket, options);
  process.setFile(fd, undefined);
  if (response === undefined) return 'download timed out';
  const split = response.indexOf('\r\n\r\n');
  const [status = '', ...headers] = response.slice(0, Math.max(split, 0)).split('\r\n');
  const code = Number(/^HTTP\/\S+ (\d+)/.exec(status)?.[1] ?? '0');
  if (code === 0) return 'error getting response: Connection reset by peer';
  if (options.has('S')) process.complain(`  ${[status, ...headers].join('\n  ')}\n`);
  const location = headers.find((header) => /^location:/i.test(header))?.replace(/^location:\s*/i, '');
  if (code >= 300 && code < 400 && location !== undefined && redirects < 10) {
    const next = location.startsWith('/') ? `http://${url.host}:${url.port}${location}` : location;
    return yield* download(process, options, next, redirects + 1);
  }
  if (code >= 400) return `server returned error: ${status}`;
  if (options.has('s')) return undefined;
  return yield* save(process, options, url, response.slice(split + 4));
}

function* receive(socket: Socket, options: Parsed): Run<string | undefined> {
  const timeoutS = options.value('T');
  let data = '';
  for (;;) {
    const more = socket.read(65_536);
    if (more === '') return data;
    if (more !== undefined) data += more;
    else if ((yield timeoutS === undefined ? { queues: [socket.ready] } : { queues: [socket.ready], timeoutMs: Number(timeoutS) * 1000 }) === 'timeout') return undefined;
  }
}

function* save(process: Process, options: Parsed, url: Url, body: string): Run<string | undefined> {
  const name = options.value('O') ?? `${options.value('P') ?? '.'}/${url.path.replace(/\?.*/, '').split('/').at(-1) || 'index.html'}`;
  if (name === '-') {
    process.print(body);
    if (!options.has('q')) process.complain('writing to stdout\n');
  } else {
    const file = attempt(() => open(process, name, forWriting));
    if (file instanceof Errno) return `can't open '${name}': ${file.message}`;
    if (!options.has('q')) process.complain(`saving to '${name.replace(/^\.\//, '')}'\n`);
    yield* process.write(process.addFile(file), body);
  }
  const shown = name === '-' ? '-' : name.replace(/^\.\//, '');
  if (!options.has('q')) {
    process.complain(`${shown.padEnd(20)} 100% |********************************| ${String(body.length).padStart(5)}  0:00:00 ETA\n`);
    process.complain(name === '-' ? 'written to stdout\n' : `'${shown}' saved\n`);
  }
  return undefined;
}

export function* nc(process: Process): Run<number> {
  // What follows -e is a command with options of its own.
  const args = process.args.slice(1);
  const at = args.indexOf('-e');
  const command = at < 0 ? [] : args.slice(at + 1);
  const options = parseOptions(at < 0 ? args : args.slice(0, at), 'iNw:lp:f:s:nuv');
  if (options.has('l')) return yield* listen(process, options, command);
  const [host, port] = options.rest;
  if (host === undefined || port === undefined) return showUsage(process, 'nc');
  const ip = resolveHost(process, host);
  if (ip === undefined) {
    process.complain(`nc: bad address '${host}'\n`);
    return 1;
  }
  const socket = attempt(() => process.machine.network.connect(ip, Number(port)));
  if (socket instanceof Errno) {
    if (socket.code !== 'ECONNREFUSED') yield* process.sleep(Number(options.value('w') ?? '130') * 1000);
    process.complain(socket.code === 'ECONNREFUSED' ? `nc: can't connect to remote host (${ip}): Connection refused\n` : 'nc: timed out\n');
    return 1;
  }
  return yield* talk(process, socket, command);
}

function* listen(process: Process, options: Parsed, command: readonly string[]): Run<number> {
  const port = Number(options.value('p') ?? options.rest.at(-1) ?? '0');
  const arrived = new WaitQueue();
  let socket: Socket | undefined;
  const { network } = process.machine;
  const listener = { port, ip: undefined, owner: process.machine, accept: (incoming: Socket): void => {
    incoming.retain();
    socket ??= incoming;
    network.close(listener);
    arrived.wakeAll();
  } };
  const problem = attempt(() => network.listen(listener));
  if (problem instanceof Errno) {
    process.complain(`nc: bind: ${problem.message}\n`);
    return 1;
  }
  process.exited.add({ wake: () => network.close(listener) });
  while (!socket) yield { queues: [arrived] };
  const code = yield* talk(process, socket, command);
  socket.release();
  return code;
}

/** Copies both ways until the other side ends, or runs a command on the connection. */
function* talk(process: Process, socket: Socket, command: readonly string[]): Run<number> {
  if (command.length > 0) {
    for (const fd of [0, 1]) process.setFile(fd, socket);
    return yield* execOr(process, command, 'nc');
  }
  const fd = process.addFile(socket);
  let sending = true;
  for (;;) {
    const input = process.file(0);
    const outgoing = sending ? input.read(65_536) : undefined;
    if (outgoing === '') {
      sending = false;
      socket.end();
    } else if (outgoing !== undefined) yield* process.write(fd, outgoing);
    const incoming = socket.read(65_536);
    if (incoming === '') return 0;
    if (incoming !== undefined) yield* process.write(1, incoming);
    else if (outgoing === undefined) yield { queues: sending ? [socket.ready, input.ready] : [socket.ready] };
  }
}

export function* ping(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), '46c:s:t:w:W:I:qAi:');
  const [host] = options.rest;
  if (host === undefined) return showUsage(process, 'ping');
  const ip = resolveHost(process, host);
  if (ip === undefined) {
    process.complain(`ping: bad address '${host}'\n`);
    return 1;
  }
  const count = Number(options.value('c') ?? Infinity);
  const { network } = process.machine;
  const reachable = ip.startsWith('127.') || network.ips.includes(ip) || network.network.has(ip);
  process.print(`PING ${host} (${ip}): 56 data bytes\n`);
  let sent = 0;
  for (; sent < count; sent++) {
    if (sent > 0) yield* process.sleep(1000);
    if (reachable) process.print(`64 bytes from ${ip}: seq=${sent} ttl=64 time=0.050 ms\n`);
    yield* process.flush();
  }
  if (!reachable) yield* process.sleep(Number(options.value('W') ?? '10') * 1000);
  process.print(`\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${reachable ? sent : 0} packets received, ${reachable ? 0 : 100}% packet loss\n`);
  if (reachable) process.print('round-trip min/avg/max = 0.050/0.050/0.050 ms\n');
  return reachable ? 0 : 1;
}

export function* nslookup(process: Process): Run<number> {
  const host = process.args[1];
  if (host === undefined) return showUsage(process, 'nslookup');
  const server = /^nameserver (\S+)$/m.exec(readFile(process, '/etc/resolv.conf'))?.[1] ?? '127.0.0.1';
  process.print(`Server:\t\t${server}\nAddress:\t${server}:53\n\n`);
  const { resolve } = process.machine.network.network;
  const names = [host, ...searchDomains(process).map((domain) => `${host}.${domain}`)];
  const name = names.find((candidate) => resolve(candidate) !== undefined);
  if (name === undefined) {
    process.print(`** server can't find ${host}: NXDOMAIN\n\n`);
    return 1;
  }
  process.print(`Name:\t${name}\nAddress: ${resolve(name)}\n\n`);
  return 0;
}
