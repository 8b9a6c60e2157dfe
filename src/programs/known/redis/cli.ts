/** redis-cli: one command from its arguments, or one for each line that it reads. */
import { resolveHost } from '../../applets/network-tools.ts';
import { attempt, Errno } from '../../errno.ts';
import type { Process, Program } from '../../process.ts';
import type { Run } from '../../wait.ts';
import { redisVersion } from './commands.ts';
import { encodeCommand, readReply, type Reply } from './resp.ts';

interface Options {
  host: string;
  port: number;
  password: string;
  raw: boolean;
  warns: boolean;
  readonly words: readonly string[];
}

function optionsOf(process: Process): Options | string {
  const args = process.args.slice(1);
  const options = { host: '127.0.0.1', port: 6379, password: process.env.get('REDISCLI_AUTH') ?? '', raw: process.files[1]?.isTerminal !== true, warns: true };
  let i = 0;
  for (; args[i]?.startsWith('-') === true; i++) {
    const arg = args[i]!;
    if (arg === '--raw') options.raw = true;
    else if (arg === '--no-raw') options.raw = false;
    else if (arg === '--no-auth-warning') options.warns = false;
    else if (arg === '-h') options.host = args[++i] ?? '';
    else if (arg === '-p') options.port = Number(args[++i]);
    else if (arg === '-a' || arg === '--pass') options.password = args[++i] ?? '';
    else if (arg === '-n' || arg === '--user' || arg === '-t') i++;
    else return `Unrecognized option or bad number of args for: '${arg}'`;
  }
  return { ...options, words: args.slice(i) };
}

export const redisCli: Program = function* (process) {
  if (process.args.includes('--version') || process.args.includes('-v')) {
    process.print(`redis-cli ${redisVersion}\n`);
    return 0;
  }
  const options = optionsOf(process);
  if (typeof options === 'string') {
    process.complain(`${options}\n`);
    return 1;
  }
  const ip = resolveHost(process, options.host);
  const socket = ip === undefined ? undefined : attempt(() => process.machine.network.connect(ip, options.port));
  if (socket === undefined || socket instanceof Errno) {
    const why = socket === undefined ? 'Name or service not known' : socket.code === 'ECONNREFUSED' ? 'Connection refused' : 'Connection timed out';
    process.complain(`Could not connect to Redis at ${options.host}:${options.port}: ${why}\n`);
    return 1;
  }
  const fd = process.addFile(socket);
  if (options.password !== '') {
    if (options.warns && process.args.includes('-a')) process.complain("Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n");
    const reply = yield* ask(process, fd, ['AUTH', options.password]);
    if (reply?.kind === 'error') process.complain(`AUTH failed: ${reply.text}\n`);
  }
  if (options.words.length > 0) return yield* one(process, fd, options.words, options.raw);
  for (;;) {
    const line = yield* process.read(0, 65_536, '\n');
    if (line === '') return 0;
    const words = [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare!);
    if (words.length === 0) continue;
    yield* one(process, fd, words, options.raw);
    yield* process.flush();
    if (words[0]!.toLowerCase() === 'quit') return 0;
  }
};

function* one(process: Process, fd: number, words: readonly string[], raw: boolean): Run<number> {
  const reply = yield* ask(process, fd, words);
  if (!reply) {
    process.complain('Error: Server closed the connection\n');
    return 1;
  }
  process.print(`${raw ? rawText(reply) : shown(reply, '')}\n`);
  return reply.kind === 'error' ? 1 : 0;
}

function* ask(process: Process, fd: number, words: readonly string[]): Run<Reply | undefined> {
  yield* process.write(fd, encodeCommand(words));
  let data = '';
  for (;;) {
    const more = yield* process.read(fd);
    if (more === '') return undefined;
    data += more;
    const read = readReply(data);
    if (read) return read.reply;
  }
}

function rawText(reply: Reply): string {
  switch (reply.kind) {
    case 'nil': return '';
    case 'integer': return String(reply.value);
    case 'array': return reply.items.map(rawText).join('\n');
    case 'error': return `${reply.text}\n`;
    default: return reply.text;
  }
}

/** As a terminal shows it. */
function shown(reply: Reply, indent: string): string {
  switch (reply.kind) {
    case 'nil': return '(nil)';
    case 'integer': return `(integer) ${reply.value}`;
    case 'status': return reply.text;
    case 'error': return `(error) ${reply.text}`;
    case 'bulk': return JSON.stringify(reply.text);
    default: {
      if (reply.items.length === 0) return '(empty array)';
      const width = String(reply.items.length).length;
      return reply.items.map((item, i) => `${i === 0 ? '' : indent}${String(i + 1).padStart(width)}) ${shown(item, `${indent}${' '.repeat(width + 2)}`)}`).join('\n');
    }
  }
}
