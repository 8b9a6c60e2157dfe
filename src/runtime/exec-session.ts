/** Commands that run in a container beside its program: probes, hooks, exec and attach sessions. */
import type { Clock, Timer } from '../clock/clock.ts';
import { decodeText, fromBuffer, toBuffer } from '../programs/bytes.ts';
import { Errno } from '../programs/errno.ts';
import { lookUp } from '../programs/exec.ts';
import { SinkFile, SourceFile, type OpenFile } from '../programs/open-file.ts';
import type { ExitStatus } from '../programs/exit.ts';
import type { Process } from '../programs/process.ts';
import { SIGKILL } from '../programs/signals.ts';
import type { ContainerState } from './container.ts';
import type { ImageRule } from './images.ts';
import { spawnOptions } from './machine-factory.ts';
import type { ExecResult, StreamHandlers, StreamSession } from './runtime.ts';
import type { ScriptedExec } from './script.ts';
import { execFailure } from './start-error.ts';
import { Terminal } from './terminal.ts';

const outputBytesMax = 16 * 1024 * 1024;

/** What a behaviour answers in the place of a command. */
const scriptedExec = (container: ContainerState, command: readonly string[]): ScriptedExec | undefined =>
  container.script?.execs.find((one) => one.matches(command));

type Started = { readonly process: Process } | { readonly error: string };

/** Starts a command; `ended` is called once, also when the container ends before it. */
function start(container: ContainerState, rule: ImageRule, command: readonly string[], files: OpenFile[], ended: (status: ExitStatus) => void): Started {
  const machine = container.machine!;
  const spawn = spawnOptions(container, rule, command, files);
  const why = execFailure(machine, spawn);
  if (why !== undefined) return { error: why };
  const process = machine.spawn(undefined, spawn, function* (self) {
    const found = lookUp(self, self.args, spawn.env.get('PATH'));
    if (found instanceof Errno) return 126;
    self.args = found.args;
    return yield* found.program(self);
  });
  const waiter = { wake: (): void => ended(process.status!) };
  if (process.status) ended(process.status);
  else process.exited.add(waiter);
  return { process };
}

const hex = '0123456789abcdef';

/** Every exec has an id, which only shows in this message. */
function cannotStart(container: ContainerState, command: readonly string[], why: string): string {
  const reason = command.length === 0 ? 'args must not be empty' : `unable to start container process: ${why}`;
  return `failed to exec in container: failed to start exec "${container.machine!.prng.text(64, hex)}": OCI runtime exec failed: exec failed: ${reason}`;
}

/** Runs a command to its end or its timeout. */
export function execSync(
  clock: Clock, container: ContainerState, rule: ImageRule, command: readonly string[], timeoutMs: number, done: (result: ExecResult) => void,
): void {
  let output = '';
  let timer: Timer | undefined;
  let finished = false;
  const finish = (exitCode: number | undefined, timedOut: boolean, text = decodeText(output)): void => {
    if (finished) return;
    finished = true;
    if (timer) clock.cancel(timer);
    done({ exitCode, output: text, timedOut });
  };
  const collect = (data: string): void => {
    if (output.length < outputBytesMax) output += data;
  };
  const scripted = scriptedExec(container, command);
  if (scripted) {
    const timesOut = timeoutMs > 0 && scripted.delayMs > timeoutMs;
    if (scripted.delayMs === Infinity && !timesOut) return;
    clock.after(Math.min(scripted.delayMs, timesOut ? timeoutMs : Infinity), `exec in container ${container.config.name}`, () =>
      (timesOut ? finish(undefined, true) : finish(scripted.code, false, scripted.stdout + scripted.stderr)));
    return;
  }
  const stdin = new SourceFile(undefined);
  stdin.end();
  const files = [stdin, new SinkFile('pipe:[1]', undefined, collect), new SinkFile('pipe:[2]', undefined, collect)];
  const started = start(container, rule, command, files, (status) => finish(status.code, false));
  if ('error' in started) return finish(undefined, false, `rpc error: code = Unknown desc = ${cannotStart(container, command, started.error)}`);
  if (finished || timeoutMs <= 0 || timeoutMs === Infinity) return;
  timer = clock.after(timeoutMs, `timeout of exec in container ${container.config.name}`, () => {
    timer = undefined;
    finish(undefined, true);
    started.process.signal(SIGKILL, undefined);
  });
}

/** An exec with live streams. */
export function openSession(
  container: ContainerState | undefined, rule: ImageRule | undefined, command: readonly string[], options: { tty: boolean; stdin: boolean },
  handlers: StreamHandlers, notRunning: string, later: (run: () => void, moreMs?: number) => void,
): StreamSession {
  const machine = container?.machine;
  const tty = options.tty ? machine?.openTty() : undefined;
  const stdin = new SourceFile(tty);
  if (!options.stdin) stdin.end();
  stdin.room.add({ wake: () => handlers.onRoom() });
  const terminal = tty && new Terminal(tty, stdin, (data) => handlers.onStdout(toBuffer(data)));
  let process: Process | undefined;
  let closed = false;
  later(() => {
    if (closed) return;
    if (!container || !rule || container.state !== 'running') return handlers.onExit(1, notRunning);
    const scripted = scriptedExec(container, command);
    if (scripted) return answerScripted(scripted, handlers, later, () => closed);
    const out = new SinkFile('pipe:[1]', tty, terminal ? (data) => terminal.print(data) : (data) => handlers.onStdout(toBuffer(data)));
    const errors = tty ? out : new SinkFile('pipe:[2]', undefined, (data) => handlers.onStderr(toBuffer(data)));
    const started = start(container, rule, command, [stdin, out, errors], (status) => {
      if (tty) machine?.closeTty(tty);
      if (!closed) handlers.onExit(status.code);
    });
    if ('error' in started) handlers.onExit(126, cannotStart(container, command, started.error));
    else process = started.process;
  });
  return {
    write: (data) => feed(stdin, terminal, data, process),
    closeStdin: () => stdin.end(),
    resize: (columns, rows) => terminal?.resize(columns, rows, process),
    close: () => {
      closed = true;
      stdin.end();
      if (tty) process?.signal(SIGKILL, undefined);
    },
  };
}

/** What a client types or sends; false when it should wait. */
function feed(stdin: SourceFile, terminal: Terminal | undefined, data: Uint8Array, foreground: Process | undefined): boolean {
  if (terminal) terminal.type(fromBuffer(data), foreground);
  else stdin.push(fromBuffer(data));
  return !stdin.full;
}

function answerScripted(scripted: ScriptedExec, handlers: StreamHandlers, later: (run: () => void, moreMs?: number) => void, closed: () => boolean): void {
  if (scripted.delayMs === Infinity) return;
  later(() => {
    if (closed()) return;
    if (scripted.stdout !== '') handlers.onStdout(Buffer.from(scripted.stdout));
    if (scripted.stderr !== '') handlers.onStderr(Buffer.from(scripted.stderr));
    handlers.onExit(scripted.code);
  }, scripted.delayMs);
}

/** The streams of a container's own program. */
export function attachSession(container: ContainerState | undefined, handlers: StreamHandlers, notRunning: string): StreamSession {
  if (!container) {
    handlers.onExit(1, notRunning);
    return { write: () => true, closeStdin: () => {}, resize: () => {}, close: () => {} };
  }
  const main = container.machine?.main;
  const stdin = main?.files[0];
  const source = stdin instanceof SourceFile ? stdin : undefined;
  const room = { wake: (): void => handlers.onRoom() };
  source?.room.add(room);
  const stop = container.log.listen((stream, bytes) => {
    if (stream === 'stdout') handlers.onStdout(toBuffer(bytes));
    else handlers.onStderr(toBuffer(bytes));
  }, () => handlers.onExit(container.exitCode ?? 0));
  return {
    write: (data) => (source ? feed(source, container.terminal, data, main) : true),
    closeStdin: () => source?.end(),
    resize: (columns, rows) => container.terminal?.resize(columns, rows, main),
    close: () => {
      source?.room.remove(room);
      stop();
    },
  };
}
