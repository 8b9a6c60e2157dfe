/**
 * Sequences of steps that wait for the API, the runtime or the clock, written as generators that read from top to bottom.
 * A task costs nothing once it has ended, and simply never goes on when what it waits for never comes.
 */
import type { ApiPort, Outcome, Write } from '../api/port.ts';

/** What a task yields: it starts something and is resumed with its outcome. */
type Wait = (resume: (value: unknown) => void) => void;
export type Task<T> = Generator<Wait, T, unknown>;

/** Waits for a callback: `const result = yield* wait<Result>((done) => start(done))`. */
export function* wait<T>(start: (done: (value: T) => void) => void): Task<T> {
  return (yield start as Wait) as T;
}

/** Waits for the outcome of a write: in process it is there at once, unless a fault holds it back. */
export function answer(port: ApiPort, write: Write): Task<Outcome> {
  return wait((done) => port.submit(write, done));
}

/** Runs a task until it first has to wait; `done` gets what it returns. */
export function run<T>(task: Task<T>, done: (value: T) => void): void {
  advance(task, undefined, done);
}

/** Runs tasks side by side and waits for all of them; what they return is in their order. */
export function* all<T>(tasks: readonly Task<T>[]): Task<T[]> {
  const results: T[] = [];
  let left = tasks.length;
  if (left === 0) return results;
  yield* wait<void>((done) => {
    for (const [i, task] of tasks.entries()) {
      run(task, (result) => {
        results[i] = result;
        if (--left === 0) done();
      });
    }
  });
  return results;
}

/** Works on items side by side in batches of one, two, four and so on; after a batch with a failure the rest is left out (slowStartBatch). */
export function* inBatches<T, R>(items: readonly T[], work: (item: T) => Task<R>, isFailure: (result: R) => boolean): Task<R[]> {
  const results: R[] = [];
  for (let size = 1; results.length < items.length && !results.some(isFailure); size *= 2) {
    results.push(...yield* all(items.slice(results.length, results.length + size).map(work)));
  }
  return results;
}

/** Outcomes that arrive at once are looped over, not recursed into. */
function advance<T>(task: Task<T>, value: unknown, done: (value: T) => void): void {
  let input = value;
  for (;;) {
    const next = task.next(input);
    if (next.done) return done(next.value);
    let returned = false;
    let arrived = false;
    next.value((outcome) => {
      if (returned) return advance(task, outcome, done);
      arrived = true;
      input = outcome;
    });
    returned = true;
    if (!arrived) return;
  }
}
