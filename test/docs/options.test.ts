import { expect, test } from 'vitest';
import { defaultOptions, flagOf, help, libraryOptions, optionTable, parseOptions, variableOf } from '../../src/options.ts';

test('help fits one screen', () => {
  const lines = help().split('\n');
  expect(lines.length).toBeLessThanOrEqual(32);
  expect(lines.filter((line) => line.length > 110)).toEqual([]);
});

test('every option is a flag, a variable and a property of the same name', () => {
  for (const { name, kind, default: standard } of optionTable) {
    const text = kind === 'flag' ? 'true' : kind === 'list' ? 'a.yaml' : standard || '/x';
    const expected = { ...defaultOptions(), ...(kind === 'list' ? { [name]: ['a.yaml'] } : {}) };
    if (['tlsCert', 'tlsKey', 'startTime'].includes(name)) continue;
    const flagged = parseOptions(kind === 'flag' ? [flagOf(name)] : [flagOf(name), text], {});
    expect(parseOptions([], { [variableOf(name)]: text })).toEqual(flagged);
    if (kind === 'list') expect(flagged).toEqual(expected);
  }
});

test('the command line wins over the environment', () => {
  expect(parseOptions(['--seed=3'], { FAKELET_SEED: '2' }).seed).toBe(3);
});

test.each([
  [['--prot', '80'], "Failed to read the command line: unknown word '--prot'. Did you mean --profile? Run fakelet --help."],
  [['--port'], 'Failed to read --port: it needs a value (N). Run fakelet --help.'],
  [['--port', 'x'], "Failed to read --port: 'x' is not valid (port to listen on, 0 picks a free one). Run fakelet --help."],
  [['--port', '70000'], 'Failed to read --port: 70000 is above 65535.'],
  [['--clock', 'fast'], "Failed to read --clock: 'fast' is not valid (real, manual, auto (moves only while somebody waits) or scaled:N). Run fakelet --help."],
  [['--host', '0.0.0.0'], 'Failed to listen on 0.0.0.0: other machines could reach it. Add --token TEXT or --allow-anonymous.'],
  [['--tls-cert', 'c.pem'], 'Failed to set up TLS: --tls-cert needs --tls-key. Give both.'],
  [['--start-time', 'noon'], "Failed to read --start-time: 'noon' is not a time. Write it as 2026-01-01T00:00:00Z."],
  [['stray'], "Failed to read the command line: unknown word 'stray'. Run fakelet --help."],
])('%j is refused with one clear line', (words, message) => {
  expect(() => parseOptions(words, {})).toThrow(message);
});

test('the library has defaults of its own and refuses unknown options', () => {
  expect(libraryOptions({})).toMatchObject({ port: 0, clock: 'manual', profile: 'fast', seed: 1, logLevel: 'silent' });
  expect(() => libraryOptions({ cloc: 'real' } as never)).toThrow("Failed to read the options: unknown option 'cloc'. Did you mean --clock?");
});
