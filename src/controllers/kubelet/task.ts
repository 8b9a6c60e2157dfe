/**
 * Sequences of steps that wait for the runtime or the clock, written as generators that read from top to bottom. A task
 * costs nothing once it has ended, and simply never goes on when what it waits for never comes.
 */

/** What a task yields: it starts something and is resumed with its outcome. */
type Wait = (resume: (value: unknown) => void) => void;
export type Task<T> = Generator<Wait, T, unknown>;

/** Waits for a callback: `const result = yield* wait<Result>((done) => start(done))`. */
export function* wait<T>(start: (done: (value: T) => void) => void): Task<T> {
  return (yield start as Wait) as T;
}

/** Runs a task until it first has to wait; `done` gets what it returns. */
export function run<T>(task: Task<T>, done: (value: T) => void): void {
  advance(task, undefined, done);
}

/** Runs tasks side by side and waits for all of them. */
export function* all(tasks: readonly Task<void>[]): Task<void> {
  let left = tasks.length;
  if (left === 0) return;
  yield* wait<void>((done) => {
    for (const task of tasks) run(task, () => { if (--left === 0) done(); });
  });
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
