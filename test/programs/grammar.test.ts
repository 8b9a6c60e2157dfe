/** Scripts out of a grammar: whatever they say, they never throw and leave no timer behind. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { emulate } from './corpus.ts';

const word = fc.constantFrom('a', '"b c"', '$x', '"$@"', '$((1+2))', '$(echo s)', '*', "'q'", '${x:-d}', '${x%a}', '$?', '$#', '-n', '1', '/tmp', '""');
const redirect = fc.constantFrom('', '', '', '> f', '2>&1', '>> f', '< f', '2>/dev/null', '<<E\nhere $x\nE\n');

const { script } = fc.letrec<{ command: string; simple: string; script: string }>((tie) => ({
  simple: fc.oneof(
    fc.tuple(fc.constantFrom('echo', 'printf "%s\\n"', 'cat', 'test', ':', 'false', 'true', 'x=1', 'ls', 'wc -l', 'grep a', 'nosuch', 'set --', 'sort', 'read y', 'seq'), fc.array(word, { maxLength: 3 }), redirect)
      .map(([name, words, end]) => `${[name, ...words].join(' ')} ${end}`.trimEnd()),
    fc.constantFrom('sleep 1', 'exit 3', 'return', 'break', 'wait', 'trap "echo t" EXIT', 'trap : TERM', 'kill $$', 'cd /tmp', 'set -e', 'set -u', 'shift', 'unset x', 'exec 3>&1', 'sleep 5 & wait', 'kill $!'),
  ),
  command: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'command' },
    tie('simple'),
    fc.tuple(tie('command'), tie('command'), fc.constantFrom(' | ', ' && ', ' || ', '; ')).map(([a, b, by]) => `${a}\n`.includes('<<') ? a : `${a}${by}${b}`),
    tie('command').map((one) => `{ ${one}\n}`), tie('command').map((one) => `(${one}\n)`), tie('command').map((one) => `if ${one}\nthen echo y; else echo n; fi`),
    tie('command').map((one) => `for x in 1 2; do ${one}\ndone`), tie('command').map((one) => `case $x in 1|a*) ${one}\n;; *) ;; esac`),
    tie('command').map((one) => `f() { ${one}\n}; f a b`), tie('command').map((one) => `n=0; while [ $n -lt 2 ]; do n=$((n+1)); ${one}\ndone`),
    tie('command').map((one) => (one.includes('<<') ? one : `${one} &`)), tie('command').map((one) => `echo "$(${one}\n)"`), tie('command').map((one) => `! ${one}`),
  ),
  script: fc.array(tie('command'), { minLength: 1, maxLength: 5 }).map((commands) => commands.join('\n')),
}));

/** Always the same scripts: some others recurse into fork bombs, which take their minute. */
const runs = { numRuns: 300, seed: 6 };

it('ends or waits, and lets go of everything when it has ended', { timeout: 60_000 }, () => {
  fc.assert(fc.property(script, (text) => {
    const { exitCode, timersLeft } = emulate(text);
    if (exitCode !== undefined) {
      expect(exitCode).toBeGreaterThanOrEqual(0);
      expect(timersLeft).toBe(0);
    }
  }), runs);
});

it('reads any text as a script', { timeout: 60_000 }, () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...' \n\t;&|<>(){}$`"\'\\*?[]!#~=ab1-'.split('')), maxLength: 40 }), (text) => {
    expect(emulate(text).timersLeft).toBeLessThan(20);
  }), runs);
});
