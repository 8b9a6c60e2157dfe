/** Options of builtins, as ash's nextopt reads them. */
import type { Shell } from './shell.ts';

/** The letters that came, in order, and the words after them. Throws ShellFault for a letter that is not `known`. */
export function builtinOptions(shell: Shell, words: readonly string[], known: string): { letters: string; rest: readonly string[] } {
  let letters = '';
  let at = 1;
  for (; /^-./.test(words[at] ?? ''); at++) {
    const word = words[at]!;
    if (word === '--') {
      at++;
      break;
    }
    for (const letter of word.slice(1)) if (!known.includes(letter)) throw shell.fault(`illegal option -${letter}`);
    letters += word.slice(1);
  }
  return { letters, rest: words.slice(at) };
}
