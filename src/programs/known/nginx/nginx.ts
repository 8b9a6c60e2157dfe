/** nginx: serves the files and the fixed answers that its configuration names. Its workers are processes, as `ps` shows them. */
import { attempt, Errno } from '../../errno.ts';
import { formatDate } from '../../applets/date.ts';
import type { Process, Program } from '../../process.ts';
import { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, signalName } from '../../signals.ts';
import type { Run } from '../../wait.ts';
import { find, readFile, unlink } from '../../syscalls.ts';
import { becomeCommand } from '../entrypoint.ts';
import { append, forever, say, serveHttp, untilSignal, writeAll } from '../serving.ts';
import { answerCall, setUp, type NginxServer, type NginxSetup } from './answer.ts';
import { ConfigFault, nginxVersion, readConfig, type Directive } from './config.ts';

const configFile = '/etc/nginx/nginx.conf';
const errorLog = '/var/log/nginx/error.log';
const accessLog = '/var/log/nginx/access.log';

/** The image's entrypoint: says what it does to the configuration, then becomes its command. */
export const nginxEntrypoint: Program = function* (process) {
  const command = process.args.slice(1);
  if (command[0] === 'nginx' || command[0] === 'nginx-debug') {
    const entry = '/docker-entrypoint.sh:';
    const ipv6 = '10-listen-on-ipv6-by-default.sh: info:';
    const conf = '/etc/nginx/conf.d/default.conf';
    const writable = attempt(() => find(process, conf));
    const canWrite = !(writable instanceof Errno) && writable.node !== undefined && !writable.mount.readOnly && process.credentials.uid === 0;
    say(process, 1, `${[
      `${entry} /docker-entrypoint.d/ is not empty, will attempt to perform configuration`,
      `${entry} Looking for shell scripts in /docker-entrypoint.d/`,
      `${entry} Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh`,
      ...(canWrite ? [`${ipv6} Getting the checksum of ${conf}`, `${ipv6} Enabled listen on IPv6 in ${conf}`] : [`${ipv6} can not modify ${conf} (read-only file system?)`]),
      `${entry} Sourcing /docker-entrypoint.d/15-local-resolvers.envsh`,
      `${entry} Launching /docker-entrypoint.d/20-envsubst-on-templates.sh`,
      `${entry} Launching /docker-entrypoint.d/30-tune-worker-processes.sh`,
      `${entry} Configuration complete; ready for start up`,
    ].join('\n')}\n`);
  }
  return yield* becomeCommand(process, command);
};

export const nginx: Program = function* (process) {
  const args = process.args.slice(1);
  if (args.includes('-v') || args.includes('-V')) {
    process.complain(`nginx version: nginx/${nginxVersion}\n`);
    return 0;
  }
  const file = valueOf(args, '-c') ?? configFile;
  const config = load(process, file);
  const setup = config && understand(process, config);
  if (args.includes('-t')) {
    if (!setup) process.complain(`nginx: configuration file ${file} test failed\n`);
    else process.complain(`nginx: the configuration file ${file} syntax is ok\nnginx: configuration file ${file} test is successful\n`);
    return setup ? 0 : 1;
  }
  const signal = valueOf(args, '-s');
  if (!config) return 1;
  if (signal !== undefined) return sendSignal(process, signal, pidFile(config));
  if (!setup) return 1;
  const inForeground = (valueOf(args, '-g') ?? '').includes('daemon off') || config.some(({ name, args: [value] }) => name === 'daemon' && value === 'off');
  if (inForeground) return yield* master(process, config, setup, file);
  const { env, cwd, umask, credentials, files } = process;
  const daemon = process.machine.spawn(undefined, { args: ['nginx: master process nginx'], env, cwd, umask, credentials, files }, (self) => master(self, config, setup, file));
  daemon.parent = process.machine.pids.init;
  return 0;
};

function valueOf(args: readonly string[], option: string): string | undefined {
  const at = args.indexOf(option);
  return at < 0 ? undefined : args[at + 1];
}

function load(process: Process, file: string): Directive[] | undefined {
  return orComplain(process, () => readConfig(process, file));
}

function understand(process: Process, config: readonly Directive[]): NginxSetup | undefined {
  return orComplain(process, () => setUp(process, config));
}

function orComplain<T>(process: Process, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    process.complain(`${stamp(process)} [emerg] ${process.pid}#${process.pid}: ${error.message}\nnginx: [emerg] ${error.message}\n`);
    return undefined;
  }
}

function pidFile(config: readonly Directive[]): string {
  return config.find(({ name }) => name === 'pid')?.args[0] ?? '/run/nginx.pid';
}

const stamp = (process: Process): string => formatDate(process.machine.clock.now(), '%Y/%m/%d %H:%M:%S');

function note(process: Process, text: string, level = 'notice', pid = process.pid): void {
  append(process, errorLog, `${stamp(process)} [${level}] ${pid}#${pid}: ${text}\n`);
}

/** `nginx -s stop` and the like: the master is the one whose number is in the pid file. */
function sendSignal(process: Process, name: string, file: string): number {
  const number = { stop: SIGTERM, quit: SIGQUIT, reload: SIGHUP, reopen: SIGUSR1 }[name];
  if (number === undefined) {
    process.complain(`nginx: invalid option: "-s ${name}"\n`);
    return 1;
  }
  note(process, 'signal process started');
  const text = attempt(() => readFile(process, file));
  const problem = text instanceof Errno ? `[error] open() "${file}" failed (${text.code === 'EACCES' ? 13 : 2}: ${text.message})` : signalTo(process, text.trim(), number, file);
  if (problem !== undefined) process.complain(`nginx: ${problem}\n`);
  return problem === undefined ? 0 : 1;
}

/** What nginx says when it cannot. */
function signalTo(process: Process, pid: string, number: number, file: string): string | undefined {
  if (!/^\d+$/.test(pid)) return `[error] invalid PID number "${pid}" in "${file}"`;
  const target = process.machine.processes.get(Number(pid));
  if (!target || target.status) return `[alert] kill(${pid}, ${number}) failed (3: No such process)`;
  target.signal(number, process);
  return undefined;
}

function* master(process: Process, config: Directive[], first: NginxSetup, file: string): Run<number> {
  const command = process.args.join(' ');
  process.args = [`nginx: master process ${command}`];
  let setup = first;
  for (const name of unknownNames(setup.servers)) note(process, `"${name}" is not emulated`, 'warn');
  const open = new Set<number>();
  if (!openPorts(process, () => setup, open)) return 1;
  const pid = pidFile(config);
  attempt(() => writeAll(process, pid, `${process.pid}\n`));
  for (const text of ['using the "epoll" event method', `nginx/${nginxVersion}`, 'OS: Linux', 'start worker processes']) note(process, text);
  const worker = startWorker(process);
  for (;;) {
    const signal = yield* untilSignal(process, [SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1]);
    note(process, `signal ${signal} (SIG${signalName(signal)!}) received, ${doings.get(signal) ?? 'exiting'}`);
    if (signal === SIGUSR1) {
      // Logs are opened for each line: there is nothing to open again.
      note(process, 'reopening logs');
      continue;
    }
    if (signal !== SIGHUP) {
      stopWorker(process, worker, signal);
      attempt(() => unlink(process, pid));
      return 0;
    }
    const fresh = load(process, file);
    const changed = fresh && understand(process, fresh);
    if (!changed) continue;
    note(process, 'reconfiguring');
    setup = changed;
    openPorts(process, () => setup, open);
  }
}

const doings: ReadonlyMap<number, string> = new Map([[SIGHUP, 'reconfiguring'], [SIGQUIT, 'shutting down'], [SIGUSR1, 'reopening logs']]);

function openPorts(process: Process, current: () => NginxSetup, open: Set<number>): boolean {
  for (const port of current().servers.flatMap(({ ports }) => ports)) {
    if (open.has(port)) continue;
    const opened = attempt(() => serveHttp(process, port, (call) =>
      answerCall(process, current(), port, call, (line) => append(process, accessLog, `${line}\n`),
        (text) => note(process, text, 'error', [...process.children ?? []][0]?.pid))));
    if (opened instanceof Errno) {
      const text = `bind() to 0.0.0.0:${port} failed (${opened.code === 'EADDRINUSE' ? 98 : 13}: ${opened.message})`;
      note(process, text, 'emerg');
      process.complain(`nginx: [emerg] ${text}\n`);
      return false;
    }
    open.add(port);
  }
  return true;
}

function unknownNames(servers: readonly NginxServer[]): ReadonlySet<string> {
  return new Set(servers.flatMap(({ notEmulated }) => notEmulated));
}

/** A worker only shows: the master answers. */
function startWorker(process: Process): Process {
  const { env, cwd, umask, credentials } = process;
  const worker = process.machine.spawn(process, { args: ['nginx: worker process'], env, cwd, umask, credentials, files: [] }, forever);
  note(process, `start worker process ${worker.pid}`);
  return worker;
}

function stopWorker(process: Process, worker: Process, signal: number): void {
  for (const text of [...(signal === SIGQUIT ? ['gracefully shutting down'] : []), 'exiting', 'exit']) note(process, text, 'notice', worker.pid);
  worker.exit({ code: 0 });
  process.machine.reap(worker);
  note(process, `signal 17 (SIGCHLD) received from ${worker.pid}`);
  note(process, `worker process ${worker.pid} exited with code 0`);
  note(process, 'exit');
}
