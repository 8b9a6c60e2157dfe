/** Follows a script while its container runs: its log lines, its listeners and the end that its memory brings. */
import type { Clock, Timer } from '../clock/clock.ts';
import { encodeText } from '../programs/bytes.ts';
import { SIGKILL } from '../programs/signals.ts';
import type { ContainerEnd, ContainerState } from './container.ts';
import { serveConnection } from '../programs/protocols/http-server.ts';
import { overLimitAt, valueAt, type ContainerScript, type ScriptedLine, type ScriptedListener, type Usage } from './script.ts';

/** What the kernel leaves of a container that took too much memory. */
export const outOfMemory: ContainerEnd = { code: 128 + SIGKILL, signal: SIGKILL, reason: 'OOMKilled' };

export class ScriptRun {
  readonly #clock: Clock;
  readonly #container: ContainerState;
  readonly #script: ContainerScript;
  readonly #startedAt: number;
  readonly #end: (end: ContainerEnd) => void;
  readonly #timers = new Set<Timer>();
  #outOfMemory: Timer | undefined;

  constructor(clock: Clock, container: ContainerState, script: ContainerScript, end: (end: ContainerEnd) => void) {
    this.#clock = clock;
    this.#container = container;
    this.#script = script;
    this.#startedAt = clock.now();
    for (const line of script.log) this.#after(line.atMs, 'log line', () => this.#write(line));
    for (const listener of script.listeners ?? []) this.#after(listener.openMs, 'listener', () => this.#listen(listener));
    this.#end = end;
    this.limitMemory();
  }

  /** The container ends when it takes more than its limit, as that is now. */
  limitMemory(): void {
    if (this.#outOfMemory) this.#clock.cancel(this.#outOfMemory);
    const { memoryLimitBytes } = this.#container;
    const elapsed = this.#elapsed();
    const at = this.#script.usage && memoryLimitBytes !== undefined ? overLimitAt(this.#script.usage, memoryLimitBytes, elapsed) : undefined;
    this.#outOfMemory = at === undefined ? undefined : this.#after(at - elapsed, 'out of memory', () => this.#end(outOfMemory));
  }

  /** What the container uses now. */
  usage(): Usage | undefined {
    return this.#script.usage && valueAt(this.#script.usage, this.#elapsed());
  }

  stop(): void {
    for (const timer of this.#timers) this.#clock.cancel(timer);
    this.#timers.clear();
  }

  #write(line: ScriptedLine): void {
    this.#container.log.write(line.stream, encodeText(`${line.line}\n`), this.#clock.now());
    if (line.everyMs !== Infinity) this.#after(line.everyMs, 'log line', () => this.#write(line));
  }

  #listen({ port, responses, health }: ScriptedListener): void {
    const { network } = this.#container.sandbox;
    if (network.listening().some((listener) => listener.port === port)) return;
    network.listen({
      port, ip: undefined, owner: this.#container,
      accept: (socket) => serveConnection(socket, 'anything', ({ method, target }, send) => {
        const elapsed = this.#elapsed();
        const response = responses.find((one) => one.fromMs <= elapsed && elapsed < one.untilMs && one.matches(method, target));
        if (!response) return send({ status: 404, headers: {}, body: '404 page not found\n' });
        if (response.delayMs === 0) return send(response);
        if (response.delayMs !== Infinity) this.#after(response.delayMs, 'HTTP answer', () => send(response));
      }, () => ({ status: valueAt(health, this.#elapsed()) ?? 'SERVING' })),
    });
  }

  #elapsed(): number {
    return this.#clock.now() - this.#startedAt;
  }

  /** What is due at once happens at once, so that a listener is there when its container has started. */
  #after(delayMs: number, what: string, run: () => void): Timer | undefined {
    if (delayMs === 0 && what === 'listener') return void run();
    const timer = this.#clock.after(delayMs, `${what} of container ${this.#container.config.name}`, () => {
      this.#timers.delete(timer);
      run();
    });
    this.#timers.add(timer);
    return timer;
  }
}
