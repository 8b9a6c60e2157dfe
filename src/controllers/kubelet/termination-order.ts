/** Sidecars stop after all regular containers, the last one first (kuberuntime_termination_order.go). */
import type { Clock } from '../../clock/clock.ts';
import type { Pod } from '../../schema/core/v1.ts';
import { initContainersOf, isSidecar } from './pod-containers.ts';
import { wait, type Task } from '../task.ts';

export class TerminationOrder {
  /** Containers that still run, by name. */
  readonly #running: Set<string>;
  /** What each sidecar waits for. */
  readonly #before = new Map<string, readonly string[]>();
  readonly #waiters = new Set<() => void>();

  constructor(pod: Pod, running: readonly string[]) {
    this.#running = new Set(running);
    const mains = pod.spec.containers.map(({ name }) => name);
    let later: readonly string[] = [];
    for (const { name } of initContainersOf(pod).filter(isSidecar).toReversed()) {
      this.#before.set(name, [...mains, ...later]);
      later = [name];
    }
  }

  terminated(name: string): void {
    this.#running.delete(name);
    for (const waiter of this.#waiters) waiter();
  }

  /** Whole seconds that the container has waited for those before it; at most `graceSeconds`. */
  *waitForTurn(clock: Clock, name: string, graceSeconds: number): Task<number> {
    const isNext = () => !(this.#before.get(name) ?? []).some((other) => this.#running.has(other));
    if (isNext()) return 0;
    const startedAt = clock.now();
    yield* wait<void>((done) => {
      const finish = () => {
        this.#waiters.delete(check);
        clock.cancel(timeout);
        done();
      };
      const check = () => { if (isNext()) finish(); };
      const timeout = clock.after(graceSeconds * 1000, 'sidecar turn', finish);
      this.#waiters.add(check);
    });
    return Math.floor((clock.now() - startedAt) / 1000);
  }
}
