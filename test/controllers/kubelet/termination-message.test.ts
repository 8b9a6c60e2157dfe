import { expect, test } from 'vitest';
import { terminationMessage } from '../../../src/controllers/kubelet/termination-message.ts';
import type { KubeletRuntime } from '../../../src/controllers/kubelet/scope.ts';
import type { Container } from '../../../src/runtime/runtime.ts';
import { makePod } from './pods.ts';

const lines = Array.from({ length: 100 }, (_, i) => ({ text: `line ${i} ${'x'.repeat(30)}`, partial: false }));
const runtime = { logs: () => ({ lines, stop: () => {} }) } as unknown as KubeletRuntime;
const ended = (message: string | undefined, exitCode: number) => ({ id: 'c', config: { name: 'a' }, message, exitCode }) as unknown as Container;
const fallsBack = makePod({ mains: [{ name: 'a', terminationMessagePolicy: 'FallbackToLogsOnError' }] });

test('the last 4,096 bytes of the message are shown', () => {
  const text = Array.from({ length: 500 }, () => '0123456789\n').join('');
  expect(terminationMessage(runtime, makePod({}), ended(text, 1))).toBe(text.slice(-4096));
});

test('without a message, the end of the log is shown where the container failed and its spec asks for it', () => {
  const log = lines.slice(-80).map(({ text }) => `${text}\n`).join('').slice(-2048);
  expect(terminationMessage(runtime, fallsBack, ended(undefined, 1))).toBe(log);
  expect(terminationMessage(runtime, fallsBack, ended('own', 1))).toBe('own');
  expect(terminationMessage(runtime, fallsBack, ended(undefined, 0))).toBe('');
  expect(terminationMessage(runtime, makePod({}), ended(undefined, 1))).toBe('');
});
