/** postgres: starts, logs and stops as the image does and tells clients that it is there. Queries are not emulated. */
import { formatDate } from '../applets/date.ts';
import { attempt, Errno } from '../errno.ts';
import { resolveHost } from '../applets/network-tools.ts';
import type { Socket } from '../network.ts';
import type { Process, Program } from '../process.ts';
import { SIGINT, SIGQUIT, SIGTERM } from '../signals.ts';
import { find, makeDirectory } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { parseFlags } from './go.ts';
import { listenOn, say, untilSignal, writeAll } from './serving.ts';

const version = '17.4';
const noPassword = `Error: Database is uninitialized and superuser password is not specified.
       You must specify POSTGRES_PASSWORD to a non-empty value for the
       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".

       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all
       connections without a password. This is *not* recommended.

       See PostgreSQL documentation about "trust":
       https://www.postgresql.org/docs/current/auth-trust.html
`;

export const postgres: Program = function* (process) {
  const args = process.args.slice(1);
  if (args.includes('--version') || args.includes('-V')) {
    process.print(`postgres (PostgreSQL) ${version}\n`);
    return 0;
  }
  const data = process.env.get('PGDATA') || '/var/lib/postgresql/data';
  const marker = `${data}/PG_VERSION`;
  const initialized = attempt(() => find(process, marker).node !== undefined);
  if (initialized !== true) {
    if ((process.env.get('POSTGRES_PASSWORD') ?? '') === '' && process.env.get('POSTGRES_HOST_AUTH_METHOD') !== 'trust') {
      process.complain(noPassword);
      return 1;
    }
    const made = attempt(() => initialize(process, data, marker));
    if (made instanceof Errno) {
      process.complain(`initdb: error: could not create directory "${data}": ${made.message}\n`);
      return 1;
    }
  }
  return yield* serve(process, portOf(process, args), initialized === true);
};

function portOf(process: Process, args: readonly string[]): number {
  const at = args.findIndex((arg) => arg === '-p');
  const setting = args.map((arg) => /^(?:--)?port=(\d+)$/.exec(arg)?.[1]).find((port) => port !== undefined);
  return Number(setting ?? (at >= 0 ? args[at + 1] : undefined) ?? process.env.get('PGPORT') ?? '5432');
}

/** What the image does once to an empty data directory. */
function initialize(process: Process, data: string, marker: string): void {
  let at = '';
  for (const name of data.split('/').filter(Boolean)) {
    at += `/${name}`;
    if (!find(process, at).node) makeDirectory(process, at, 0o700);
  }
  writeAll(process, marker, `${version.split('.')[0]}\n`);
  say(process, 1, 'The files belonging to this database system will be owned by user "postgres".\nThis user must also own the server process.\n\n'
    + `fixing permissions on existing directory ${data} ... ok\ncreating configuration files ... ok\nrunning bootstrap script ... ok\n`
    + 'performing post-bootstrap initialization ... ok\nsyncing data to disk ... ok\n\n\nSuccess. You can now start the database server.\n\n'
    + 'PostgreSQL init process complete; ready for start up.\n\n');
}

function note(process: Process, text: string, pid = process.pid): void {
  const now = process.machine.clock.now();
  say(process, 2, `${formatDate(now, '%Y-%m-%d %H:%M:%S')}.${String(Math.floor(now % 1000)).padStart(3, '0')} UTC [${pid}] LOG:  ${text}\n`);
}

function* serve(process: Process, port: number, wasShutDown: boolean): Run<number> {
  note(process, `starting PostgreSQL ${version} (Debian ${version}-1.pgdg120+2) on x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14) 12.2.0, 64-bit`);
  const opened = attempt(() => listenOn(process, port, greet));
  if (opened instanceof Errno) {
    note(process, `could not bind IPv4 address "0.0.0.0": ${opened.message}`);
    return 1;
  }
  note(process, `listening on IPv4 address "0.0.0.0", port ${port}`);
  note(process, `listening on Unix socket "/var/run/postgresql/.s.PGSQL.${port}"`);
  note(process, `database system was ${wasShutDown ? 'interrupted; last known up' : 'shut down'} at ${formatDate(process.machine.clock.now(), '%Y-%m-%d %H:%M:%S')} UTC`, process.pid + 28);
  note(process, 'database system is ready to accept connections');
  const signal = yield* untilSignal(process, [SIGTERM, SIGINT, SIGQUIT]);
  note(process, `received ${signal === SIGTERM ? 'smart' : signal === SIGINT ? 'fast' : 'immediate'} shutdown request`);
  if (signal !== SIGQUIT) {
    note(process, 'background worker "logical replication launcher" (PID 31) exited with exit code 1');
    note(process, 'shutting down', process.pid + 26);
    note(process, 'checkpoint starting: shutdown immediate', process.pid + 26);
  }
  note(process, 'database system is shut down');
  return 0;
}

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;

/** Takes the start of a conversation and ends it: there is nothing behind it. */
function greet(socket: Socket): void {
  let received = '';
  let over = false;
  socket.retain();
  socket.onData((data) => {
    received += data;
    if (over) return;
    while (received.length >= 8) {
      const code = Buffer.from(received, 'latin1').readUInt32BE(4);
      if (code !== SSL_REQUEST && code !== GSS_REQUEST) break;
      received = received.slice(8);
      socket.send('N');
    }
    if (data !== '' && received.length < 8) return;
    over = true;
    const fields = 'SFATAL\0VFATAL\0C0A000\0Mfakelet emulates no database: queries are not emulated\0\0';
    const length = Buffer.alloc(4);
    length.writeUInt32BE(fields.length + 4);
    socket.send(data === '' ? '' : `E${length.toString('latin1')}${fields}`, () => socket.release());
  });
}

/** pg_isready: 0 when a server takes connections, 2 when there is none. */
export const pgIsReady: Program = function* (process) {
  const set = { defaults: { host: '', port: '', dbname: '', username: '', timeout: '3', quiet: false }, short: { h: 'host', p: 'port', d: 'dbname', U: 'username', t: 'timeout', q: 'quiet' } };
  const flags = parseFlags(process.args.slice(1), set);
  if (typeof flags === 'string') {
    process.complain(`pg_isready: ${flags}\npg_isready: hint: Try "pg_isready --help" for more information.\n`);
    return 3;
  }
  const host = flags.text('host') || process.env.get('PGHOST') || '/var/run/postgresql';
  const port = flags.text('port') || process.env.get('PGPORT') || '5432';
  const ip = host.startsWith('/') ? '127.0.0.1' : resolveHost(process, host);
  const socket = ip === undefined ? new Errno('EHOSTUNREACH') : attempt(() => process.machine.network.connect(ip, Number(port)));
  if (socket instanceof Errno && socket.code !== 'ECONNREFUSED' && ip !== undefined) yield* process.sleep(Number(flags.text('timeout')) * 1000);
  if (!(socket instanceof Errno)) socket.end();
  if (!flags.on('quiet')) process.print(`${host}:${port} - ${socket instanceof Errno ? 'no response' : 'accepting connections'}\n`);
  return socket instanceof Errno ? 2 : 0;
};

/** psql, of which only the refusal is there. */
export const psql: Program = function* (process) {
  process.complain('Failed to run psql: queries are not emulated. Give the container an exec behavior for this command.\n');
  return 2;
};
