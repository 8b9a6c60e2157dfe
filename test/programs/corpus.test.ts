/** Scripts of the kind that people put into Pods, in an emulated busybox and in the shells of this machine. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { corpus, emulate, runHere, shells } from './corpus.ts';

const scripts = corpus();

/** Where a shell of this machine is no busybox, or an older one. */
const elsewhere = new Map([
  ['text-tools: timeout lets through and stops', ['dash', 'bash']], // GNU timeout ends with 124, that of busybox as its program did.
  ['entrypoints: set -u', ['bash']], // bash ends with 127, ash with 2.
  ['init-containers: fails when a variable is missing', ['bash']],
  // busybox 1.36, which the emulated image follows, unpacks without being told how and has these corrections of sed; Debian's 1.35 has not.
  ['operations: unpacks what is packed', ['busybox']],
  ['text-tools: sed escapes in texts', ['busybox']],
  ['text-tools: sed writes to files', ['busybox']],
]);

it('holds what the differential tests need', () => {
  expect(scripts.length).toBeGreaterThanOrEqual(150);
  expect(new Set(scripts.map(({ name }) => name)).size).toBe(scripts.length);
  expect([...elsewhere.keys()].filter((name) => !scripts.some((script) => script.name === name))).toEqual([]);
});

it('leaves no timer of a script that has ended', () => {
  expect(scripts.filter(({ text }) => emulate(text).timersLeft > 0).map(({ name }) => name)).toEqual([]);
});

describe.each(shells)('$name', ({ name: shell, command, present }) => {
  it.skipIf(!present)('agrees (skipped where this machine does not have it)', { timeout: 120_000 }, async () => {
    const compared = scripts.filter(({ name }) => !elsewhere.get(name)?.includes(shell));
    const ours: Record<string, unknown> = {};
    for (const { name, text } of compared) {
      const { stdout, exitCode } = emulate(text, { HOME: '/root' });
      ours[name] = { stdout, exitCode };
    }
    const theirs: Record<string, unknown> = {};
    const queue = [...compared];
    const worker = async (): Promise<void> => {
      for (let script = queue.shift(); script; script = queue.shift()) theirs[script.name] = await runHere(command, script.text);
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    // Real sleeps are late on a busy machine: what differs is run once more, alone.
    for (const { name, text } of compared) if (!isDeepStrictEqual(theirs[name], ours[name])) theirs[name] = await runHere(command, text);
    expect(ours).toEqual(theirs);
  });
});
