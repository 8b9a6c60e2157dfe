/** Small programs that only wait, answer or print. */
import type { Process } from '../process.ts';
import type { Run } from '../wait.ts';

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Milliseconds of `1`, `.25`, `2m`; undefined when it is no duration. */
export function durationMs(text: string): number | undefined {
  if (text === 'infinity' || text === 'inf') return Infinity;
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text);
  return match ? Number(match[1]) * (units[match[2]!] ?? 1) * 1000 : undefined;
}

export function* sleep(process: Process): Run<number> {
  let total = 0;
  for (const arg of process.args.slice(1)) {
    const ms = durationMs(arg);
    if (ms === undefined) {
      process.complain(`sleep: invalid number '${arg.replace(/[smhd]$/, '')}'\n`);
      return 1;
    }
    total += ms;
  }
  yield* sleepFor(process, total);
  return 0;
}

/** Sleeps although signals that are handled come in between. */
export function* sleepFor(process: Process, ms: number): Run<void> {
  if (ms === Infinity) for (;;) yield { queues: [] };
  const end = process.machine.clock.now() + ms;
  for (let left = ms; left > 0; left = end - process.machine.clock.now()) yield* process.sleep(left);
}

export function* usleep(process: Process): Run<number> {
  yield* sleepFor(process, Number(process.args[1] ?? '0') / 1000);
  return 0;
}

export function* succeed(): Run<number> {
  return 0;
}

export function* fail(): Run<number> {
  return 1;
}

export function* yes(process: Process): Run<number> {
  const line = `${process.args.length > 1 ? process.args.slice(1).join(' ') : 'y'}\n`;
  const block = line.repeat(Math.max(1, Math.floor(4096 / line.length)));
  for (;;) yield* process.write(1, block);
}

/** Runs for ever and ends only by a signal. */
export function* pause(): Run<number> {
  for (;;) yield { queues: [] };
}

/** Moves the cursor home and clears the terminal. */
export function* clear(process: Process): Run<number> {
  process.print('\u001b[H\u001b[J');
  return 0;
}

/** The shell of those who may not log in. */
export function* nologin(process: Process): Run<number> {
  process.print('This account is not available\n');
  return 1;
}
