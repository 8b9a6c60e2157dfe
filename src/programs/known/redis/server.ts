/** redis-server: keeps strings, lists, hashes and sets in memory; its log, PING and INFO are what probes and tests look at. */
import { formatDate } from '../../applets/date.ts';
import { attempt, Errno } from '../../errno.ts';
import type { Socket } from '../../network.ts';
import type { Process, Program } from '../../process.ts';
import { SIGINT, SIGTERM } from '../../signals.ts';
import { readFile } from '../../syscalls.ts';
import { becomeCommand } from '../entrypoint.ts';
import { listenOn, say, untilSignal } from '../serving.ts';
import { Database, redisVersion } from './commands.ts';
import { encodeReply, failure, ok, readCommand, type Reply } from './resp.ts';

/** The image's entrypoint: options and configuration files go to the server. */
export const redisEntrypoint: Program = function* (process) {
  const words = process.args.slice(1);
  const command = words[0] === undefined || words[0].startsWith('-') || words[0].endsWith('.conf') ? ['redis-server', ...words] : words;
  return yield* becomeCommand(process, command);
};

interface Settings {
  readonly file: string | undefined;
  readonly values: ReadonlyMap<string, string>;
}

function settingsOf(process: Process): Settings | Errno {
  const args = process.args.slice(1);
  const file = args[0] !== undefined && !args[0].startsWith('--') ? args.shift() : undefined;
  const values = new Map<string, string>();
  const text = file === undefined ? '' : attempt(() => readFile(process, file));
  if (text instanceof Errno) return text;
  for (const line of text.split('\n')) {
    const match = /^\s*([a-z-]+)\s+(.*?)\s*$/i.exec(line);
    if (match) values.set(match[1]!.toLowerCase(), match[2]!.replace(/^"(.*)"$/, '$1'));
  }
  for (let i = 0; i < args.length; i++) {
    if (!args[i]!.startsWith('--')) continue;
    const words: string[] = [];
    for (let j = i + 1; j < args.length && !args[j]!.startsWith('--'); j++) words.push(args[j]!);
    values.set(args[i]!.slice(2).toLowerCase(), words.join(' '));
  }
  return { file, values };
}

export const redisServer: Program = function* (process) {
  if (process.args.includes('--version') || process.args.includes('-v')) {
    process.print(`Redis server v=${redisVersion} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=0\n`);
    return 0;
  }
  const settings = settingsOf(process);
  if (settings instanceof Errno) {
    process.complain(`*** FATAL CONFIG FILE ERROR (Redis ${redisVersion}) ***\nFatal error, can't open config file '${process.args[1] ?? ''}': ${settings.message}\n`);
    return 1;
  }
  const port = Number(settings.values.get('port') ?? '6379');
  note(process, 'C', '*', 'oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo');
  note(process, 'C', '*', `Redis version=${redisVersion}, bits=64, commit=00000000, modified=0, pid=${process.pid}, just started`);
  if (settings.file === undefined && settings.values.size === 0) {
    note(process, 'C', '#', 'Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf');
  } else note(process, 'C', '*', 'Configuration loaded');
  note(process, 'M', '*', 'monotonic clock: POSIX clock_gettime');
  const database = new Database(process.machine.clock, process.startedAt, settings.values, () => process.signal(SIGTERM, undefined));
  const opened = attempt(() => listenOn(process, port, (socket) => converse(database, settings.values.get('requirepass') ?? '', socket)));
  if (opened instanceof Errno) {
    note(process, 'M', '#', `Warning: Could not create server TCP listening socket *:${port}: bind: ${opened.message}`);
    note(process, 'M', '#', `Failed listening on port ${port} (tcp), aborting.`);
    return 1;
  }
  note(process, 'M', '*', `Running mode=standalone, port=${port}.`);
  note(process, 'M', '*', 'Server initialized');
  note(process, 'M', '*', 'Ready to accept connections tcp');
  const signal = yield* untilSignal(process, [SIGTERM, SIGINT]);
  say(process, 1, `${process.pid}:signal-handler (${Math.floor(process.machine.clock.now() / 1000)}) Received ${signal === SIGINT ? 'SIGINT' : 'SIGTERM'} scheduling shutdown...\n`);
  note(process, 'M', '*', 'User requested shutdown...');
  note(process, 'M', '#', 'Redis is now ready to exit, bye bye...');
  return 0;
};

function note(process: Process, role: 'C' | 'M', level: string, text: string): void {
  const now = process.machine.clock.now();
  say(process, 1, `${process.pid}:${role} ${formatDate(now, '%d %b %Y %H:%M:%S')}.${String(Math.floor(now % 1000)).padStart(3, '0')} ${level} ${text}\n`);
}

const noAuth = failure('NOAUTH Authentication required.');

/** Answers the commands of one connection. */
function converse(database: Database, password: string, socket: Socket): void {
  let received = '';
  let trusted = password === '';
  const answer = (words: readonly string[]): Reply => {
    const name = words[0]!.toUpperCase();
    if (name === 'AUTH') {
      trusted = password !== '' && words.at(-1) === password;
      if (trusted) return ok;
      return failure(password === '' ? 'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?'
        : 'WRONGPASS invalid username-password pair or user is disabled.');
    }
    return trusted || name === 'QUIT' ? database.run(words) : noAuth;
  };
  socket.retain();
  socket.onData((data) => {
    received += data;
    for (let read = readCommand(received); read; read = readCommand(received)) {
      received = received.slice(read.end);
      if (read.words.length === 0) continue;
      socket.send(encodeReply(answer(read.words)));
      if (read.words[0]!.toUpperCase() === 'QUIT') return socket.release();
    }
    if (data === '') socket.release();
  });
}
