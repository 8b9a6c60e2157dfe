/** Programs that say who and where one is: id, whoami, groups, hostname, uname, env, tty, uptime, free, nproc, arch, hostid. */
import { attempt, Errno } from '../errno.ts';
import { become, lookUp } from '../exec.ts';
import type { Process } from '../process.ts';
import { readFile } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { parseOptions } from './options.ts';

export function* id(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'ugGnr');
  const [name] = options.rest;
  const { machine, credentials } = process;
  const user = name === undefined ? undefined : machine.users().find((entry) => entry.name === name);
  if (name !== undefined && !user) {
    process.complain(`id: unknown user ${name}\n`);
    return 1;
  }
  const uid = user?.uid ?? credentials.uid;
  const gid = user?.gid ?? credentials.gid;
  const groups = user ? [user.gid] : groupsOf(process);
  const userName = machine.users().find((entry) => entry.uid === uid)?.name;
  const groupName = (number: number): string | undefined => machine.groups().find((entry) => entry.gid === number)?.name;
  const shown = (number: number, text: string | undefined): string => (options.has('n') ? text ?? String(number) : String(number));
  const full = (number: number, text: string | undefined): string => (text === undefined ? String(number) : `${number}(${text})`);
  if (options.has('u')) process.print(`${shown(uid, userName)}\n`);
  else if (options.has('g')) process.print(`${shown(gid, groupName(gid))}\n`);
  else if (options.has('G')) process.print(`${groups.map((group) => shown(group, groupName(group))).join(' ')}\n`);
  else {
    const list = groups.map((group) => full(group, groupName(group))).join(',');
    process.print(`uid=${full(uid, userName)} gid=${full(gid, groupName(gid))}${list === '' ? '' : ` groups=${list}`}\n`);
  }
  return 0;
}

/** All groups, in the order in which the kernel keeps them. */
function groupsOf({ credentials }: Process): number[] {
  return [...new Set([credentials.gid, ...credentials.groups])].toSorted((a, b) => a - b);
}

export function* whoami(process: Process): Run<number> {
  const { uid } = process.credentials;
  const user = process.machine.users().find((entry) => entry.uid === uid);
  if (!user) {
    process.complain(`whoami: unknown uid ${uid}\n`);
    return 1;
  }
  process.print(`${user.name}\n`);
  return 0;
}

export function* groups(process: Process): Run<number> {
  const name = (number: number): string => process.machine.groups().find((entry) => entry.gid === number)?.name ?? String(number);
  process.print(`${groupsOf(process).map(name).join(' ')}\n`);
  return 0;
}

export function* hostname(process: Process): Run<number> {
  const { machine, args } = process;
  const option = args[1];
  if (option === '-i') process.print(`${machine.network.ips.join(' ')} \n`);
  else if (option === '-s') process.print(`${machine.hostname.split('.')[0]}\n`);
  else if (option === '-d') process.print(`${fullName(process).split('.').slice(1).join('.')}\n`);
  else if (option === '-f') process.print(`${fullName(process)}\n`);
  else if (option === undefined) process.print(`${machine.hostname}\n`);
  else {
    process.complain('hostname: sethostname: Operation not permitted\n');
    return 1;
  }
  return 0;
}

/** The first name of /etc/hosts that stands for this host. */
function fullName(process: Process): string {
  const name = process.machine.hostname;
  const hosts = attempt(() => readFile(process, '/etc/hosts'));
  const line = hosts instanceof Errno ? undefined : hosts.split('\n').find((text) => text.split(/\s+/).slice(1).includes(name));
  return line?.split(/\s+/)[1] ?? name;
}

export function* uname(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'amnrspvio');
  const facts: readonly (readonly [string, string])[] = [
    ['s', 'Linux'], ['n', process.machine.hostname], ['r', '6.1.0'], ['v', '#1 SMP fakelet'], ['m', 'x86_64'], ['p', 'unknown'], ['i', 'unknown'], ['o', 'GNU/Linux'],
  ];
  const wanted = facts.filter(([letter]) => options.has(letter) || (options.has('a') && letter !== 'p' && letter !== 'i'));
  process.print(`${(wanted.length > 0 ? wanted : facts.slice(0, 1)).map(([, text]) => text).join(' ')}\n`);
  return 0;
}

/** `env`: prints the environment, or runs a program with a changed one. */
export function* env(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), '+iu:0', { 'ignore-environment': 'i', unset: 'u' });
  const rest = [...options.rest];
  const ignores = options.has('i') || rest[0] === '-';
  if (rest[0] === '-') rest.shift();
  const environment = new Map(ignores ? [] : process.env);
  for (const name of options.all('u')) environment.delete(name);
  for (let word = rest[0]; word?.includes('=') === true; word = rest[0]) {
    environment.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1));
    rest.shift();
  }
  if (rest.length === 0) {
    for (const [name, value] of environment) process.print(`${name}=${value}${options.has('0') ? '\0' : '\n'}`);
    return 0;
  }
  process.env = environment;
  return yield* execOr(process, rest, 'env');
}

/** Becomes another program; says why it cannot, as busybox does. */
export function* execOr(process: Process, args: readonly string[], name: string): Run<number> {
  const applet = args[0]!.includes('/') ? undefined : process.machine.applets.get(args[0]!);
  const found = applet ? { path: args[0]!, program: applet, args } : lookUp(process, args, process.env.get('PATH'));
  if (!(found instanceof Errno)) return yield* become(process, found);
  process.complain(`${name}: can't execute '${args[0]}': ${found.message}\n`);
  return found.code === 'ENOENT' ? 127 : 126;
}

export function* tty(process: Process): Run<number> {
  const terminal = process.files[0]?.tty;
  process.print(`${terminal?.path ?? 'not a tty'}\n`);
  return terminal ? 0 : 1;
}

export function* nproc(process: Process): Run<number> {
  process.print('2\n');
  return 0;
}

export function* arch(process: Process): Run<number> {
  process.print('x86_64\n');
  return 0;
}

/** The first address, as gethostid packs it. */
export function* hostid(process: Process): Run<number> {
  const [a = 0, b = 0, c = 0, d = 0] = (process.machine.network.ips[0] ?? '127.0.0.1').split('.').map(Number);
  process.print(`${[b, a, d, c].map((byte) => byte.toString(16).padStart(2, '0')).join('')}\n`);
  return 0;
}

/** A table of /proc/meminfo; what is not told there counts as zero. */
export function* free(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'bkmght');
  const facts = new Map(readFile(process, '/proc/meminfo').split('\n').map((line) => [line.split(':')[0]!, Number(/\d+/.exec(line)?.[0] ?? '0') * 1024]));
  const of = (name: string): number => facts.get(name) ?? 0;
  const shift = options.has('b') ? 0 : options.has('m') ? 20 : options.has('g') ? 30 : 10;
  const cell = (bytes: number): string => (options.has('h') ? humanSize(bytes) : String(Math.floor(bytes / 2 ** shift))).padStart(12);
  const [total, unused, cache] = [of('MemTotal'), of('MemFree'), of('Buffers') + of('Cached') + of('SReclaimable')];
  process.print('              total        used        free      shared  buff/cache   available\n');
  process.print(`Mem:    ${[total, total - unused - cache, unused, of('Shmem'), cache, of('MemAvailable')].map(cell).join('')}\n`);
  process.print(`Swap:   ${[of('SwapTotal'), of('SwapTotal') - of('SwapFree'), of('SwapFree')].map(cell).join('')}\n`);
  return 0;
}

function humanSize(bytes: number): string {
  const unit = Math.min(4, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return unit === 0 ? String(bytes) : `${(bytes / 1024 ** unit).toFixed(1)}${'KMGT'[unit - 1]}`;
}

export function* uptime(process: Process): Run<number> {
  const time = new Date(process.machine.clock.now()).toISOString().slice(11, 19);
  process.print(` ${time} up 1 day,  0 users,  load average: 0.00, 0.00, 0.00\n`);
  return 0;
}
