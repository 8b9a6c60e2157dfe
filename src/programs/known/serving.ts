/** What programs that serve have in common. A server works on connections as they come; its process only waits for signals. */
import { attempt, Errno } from '../errno.ts';
import { lookUp } from '../exec.ts';
import type { ExitStatus } from '../exit.ts';
import type { Socket } from '../network.ts';
import { SinkFile, SourceFile } from '../open-file.ts';
import type { Process } from '../process.ts';
import { serveConnection, type ServedRequest, type ServedResponse, type Speaks } from '../protocols/http-server.ts';
import { open, type OpenFlags } from '../syscalls.ts';
import type { Run } from '../wait.ts';

/** Opens a port for as long as the process lives; connections end with it, too. Throws EADDRINUSE. */
export function listenOn(process: Process, port: number, accept: (socket: Socket) => void, ip?: string): void {
  const { network } = process.machine;
  const open = new Set<Socket>();
  const listener = {
    port, ip, owner: process.machine, accept: (socket: Socket): void => {
      for (const one of open) if (one.closed) open.delete(one);
      open.add(socket);
      accept(socket);
    },
  };
  network.listen(listener);
  process.exited.add({
    wake: () => {
      network.close(listener);
      for (const socket of open) socket.end();
    },
  });
}

/** A request with its address taken apart. */
export interface HttpCall extends ServedRequest {
  readonly path: string;
  /** Its query, and the fields of a form. */
  readonly form: URLSearchParams;
  readonly answer: (response: ServedResponse) => void;
}

/** The client's address, without its port. */
export const clientOf = ({ remote }: HttpCall): string => remote.replace(/:\d+$/, '');

/** Serves HTTP on a port. Throws EADDRINUSE. */
export function serveHttp(process: Process, port: number, handle: (call: HttpCall) => void, speaks: Speaks = 'http'): void {
  listenOn(process, port, (socket) => serveConnection(socket, speaks, (request, answer) => {
    const [path = '', query = ''] = request.target.split(/\?(.*)/s);
    const isForm = request.headers.some(([name, value]) => name.toLowerCase() === 'content-type' && value.startsWith('application/x-www-form-urlencoded'));
    handle({ ...request, path: decodePath(path), form: new URLSearchParams(isForm ? `${query}&${request.body}` : query), answer });
  }));
}

/** A path without its percent signs, as bytes. */
export function decodePath(path: string): string {
  return path.replace(/%([0-9a-fA-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** Waits for one of these signals, which do nothing else to the process. */
export function* untilSignal(process: Process, signals: readonly number[]): Run<number> {
  for (const signal of signals) process.handled.add(signal);
  for (;;) {
    const signal = process.pending.shift();
    if (signal !== undefined) return signal;
    yield { queues: [] };
  }
}

/** Waits until somebody ends the process. */
export function* forever(): Run<never> {
  for (;;) yield { queues: [] };
}

/** Runs something later, unless the process is over by then. What it returns takes that back; false when it has run. */
export function later(process: Process, delayMs: number, run: () => void): () => boolean {
  const { clock } = process.machine;
  let waits = true;
  const timer = clock.after(delayMs, `program ${process.name}`, () => {
    waits = false;
    process.exited.remove(stop);
    run();
  });
  const stop = { wake: (): void => clock.cancel(timer) };
  process.exited.add(stop);
  return () => {
    if (!waits) return false;
    waits = false;
    process.exited.remove(stop);
    clock.cancel(timer);
    return true;
  };
}

/** Writes to a descriptor at once, or not at all. */
export function say(process: Process, fd: number, bytes: string): void {
  const file = process.files[fd];
  if (file) attempt(() => file.write(bytes));
}

/** Adds a line to a file, such as a log that is a link to a stream. */
export function append(process: Process, path: string, bytes: string): void {
  const { machine } = process;
  const { current } = machine;
  // A connection or a timer may have come here: /dev/stderr is this process's all the same.
  machine.current = process;
  attempt(() => writeAll(process, path, bytes, { write: true, create: true, append: true }));
  machine.current = current;
}

/** Writes a whole file. Throws Errno. */
export function writeAll(process: Process, path: string, bytes: string, flags: OpenFlags = { write: true, create: true, truncate: true }): void {
  const file = open(process, path, flags);
  file.retain();
  file.write(bytes);
  file.release();
}

/** Runs a command as a child and hands over all that it printed. `Errno`: it could not be started. */
export function runCommand(process: Process, args: readonly string[], done: (output: string, status: ExitStatus | Errno) => void): void {
  const found = lookUp(process, args, process.env.get('PATH'));
  if (found instanceof Errno) return done('', found);
  let output = '';
  const sink = new SinkFile('pipe:[1]', undefined, (data) => { output += data; });
  const stdin = new SourceFile(undefined);
  stdin.end();
  const { env, cwd, umask, credentials } = process;
  const child = process.machine.spawn(process, { args: found.args, env, cwd, umask, credentials, files: [stdin, sink, sink] }, found.program);
  const finish = (): void => {
    process.machine.reap(child);
    done(output, child.status!);
  };
  if (child.status) finish();
  else child.exited.add({ wake: finish });
}
