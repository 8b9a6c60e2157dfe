import { describe, expect, test } from 'vitest';
import { SwitchableClock } from '../../src/clock/switchable-clock.ts';
import { fifteenRetries, WorkQueue, type Reconcile, type ReconcileResult } from '../../src/controllers/runner.ts';
import { wait } from '../../src/controllers/task.ts';

const clockAtZero = () => new SwitchableClock({ startMs: 0, timersPerMoveMax: 100_000 });
const conflict = { ok: false, status: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 409 } } as const;
const notFound = { ok: false, status: { ...conflict.status, code: 404 } } as const;

/** A queue that notes when it worked on what. */
function recorded(clock: SwitchableClock, work: (key: string, queue: WorkQueue) => ReconcileResult | void = () => undefined) {
  const seen: string[] = [];
  const queue = new WorkQueue(clock, 'test', (key) => {
    seen.push(`${clock.now()} ${key}`);
    return work(key, queue);
  });
  return { queue, seen };
}

describe('the work queue', () => {
  test('works on a key once, however often it was added, and not before the request has ended', () => {
    const clock = clockAtZero();
    const { queue, seen } = recorded(clock);
    for (const key of ['a', 'b', 'a']) queue.add(key);
    expect(seen).toEqual([]);
    clock.runDue();
    expect(seen).toEqual(['0 a', '0 b']);
  });

  test('gives a key that its own work adds again another turn', () => {
    const clock = clockAtZero();
    let left = 2;
    const { queue, seen } = recorded(clock, (key, self) => {
      if (left-- > 0) self.add(key);
    });
    queue.add('a');
    clock.runDue();
    expect(seen).toEqual(['0 a', '0 a', '0 a']);
  });

  test('doubles the back-off from 5 ms to 1000 s and starts anew after a success', () => {
    const clock = clockAtZero();
    let failing = true;
    const { queue, seen } = recorded(clock, (key, self) => self.settle(key, failing ? conflict : { ok: true, object: { metadata: {} } }));
    queue.add('a');
    clock.advance(100);
    expect(seen).toEqual(['0 a', '5 a', '15 a', '35 a', '75 a']);
    clock.advance(20_000_000);
    const times = seen.map((line) => Number(line.split(' ')[0]));
    expect(times.at(-1)! - times.at(-2)!).toBe(1_000_000);
    failing = false;
    clock.advance(1_000_000);
    const before = clock.now();
    failing = true;
    queue.add('a');
    clock.advance(5);
    expect(seen.slice(-2)).toEqual([`${before} a`, `${before + 5} a`]);
  });

  test('does not retry when the object is gone', () => {
    const clock = clockAtZero();
    const { queue, seen } = recorded(clock, (key, self) => self.settle(key, notFound));
    queue.add('a');
    clock.advance(1_000_000);
    expect(seen).toEqual(['0 a']);
  });

  test('keeps the earliest of several delays', () => {
    const clock = clockAtZero();
    const { queue, seen } = recorded(clock);
    queue.addAfter('a', 50);
    queue.addAfter('a', 20);
    queue.addAfter('a', 80);
    clock.advance(100);
    expect(seen).toEqual(['20 a']);
  });

  test('comes back after the time that reconcile asks for', () => {
    const clock = clockAtZero();
    let rounds = 0;
    const { queue, seen } = recorded(clock, () => (++rounds < 3 ? { requeueAfterMs: 7 } : undefined));
    queue.add('a');
    clock.advance(100);
    expect(seen).toEqual(['0 a', '7 a', '14 a']);
  });

  test('has one look at a key at a time, and one more for all who ask meanwhile', () => {
    const clock = clockAtZero();
    const seen: string[] = [];
    const slow: Reconcile = function* (key) {
      seen.push(`${clock.now()} ${key} begins`);
      yield* wait<void>((done) => { clock.after(100, 'answer', done); });
      seen.push(`${clock.now()} ${key} ends`);
      return key === 'b' ? { requeueAfterMs: 1000 } : undefined;
    };
    const queue = new WorkQueue(clock, 'test', slow);
    for (const key of ['a', 'b']) queue.add(key);
    clock.advance(10);
    for (const key of ['a', 'a']) queue.add(key);
    clock.advance(1200);
    expect(seen).toEqual(['0 a begins', '0 b begins', '100 a ends', '100 b ends', '100 a begins', '200 a ends', '1100 b begins', '1200 b ends']);
  });

  test('goes on with other keys while a look never ends', () => {
    const clock = clockAtZero();
    const ended: string[] = [];
    const queue = new WorkQueue(clock, 'test', function* (key) {
      yield* wait<void>((done) => { if (key !== 'stuck') done(); });
      ended.push(key);
    });
    for (const key of ['stuck', 'a', 'stuck']) queue.add(key);
    clock.advance(1000);
    queue.add('stuck');
    queue.add('b');
    clock.advance(1000);
    expect(ended).toEqual(['a', 'b']);
  });

  test('gives up after as many retries as it has, until somebody asks again', () => {
    const clock = clockAtZero();
    let looks = 0;
    const queue: WorkQueue = new WorkQueue(clock, 'test', (key) => {
      looks++;
      queue.retry(key);
    }, fifteenRetries);
    queue.add('a');
    clock.advance(1_000_000);
    expect(looks).toBe(16);
    queue.add('a');
    clock.advance(1_000_000);
    expect(looks).toBe(32);
  });

  test('leaves no timer behind when it closes', () => {
    const clock = clockAtZero();
    const { queue, seen } = recorded(clock);
    queue.add('a');
    queue.addAfter('b', 10);
    queue.close();
    queue.add('c');
    expect(clock.pending().count).toBe(0);
    clock.advance(100);
    expect(seen).toEqual([]);
  });
});
