import { expect, it } from 'vitest';
import { expected, play, recordedScripts } from './recorded-scripts.ts';

/** Differences that are known and why. */
const different = new Map([
  ['jobs/wait-n', 'this build waits for all children and then says 129'],
]);

const cases = recordedScripts.map((script) => [`${script.area}/${script.name}`, script] as const);

it.each(cases.filter(([name]) => !different.has(name)))('plays %s as recorded', (_, script) => {
  expect(play(script)).toEqual(expected(script));
});
