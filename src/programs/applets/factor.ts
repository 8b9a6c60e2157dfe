/** `factor`: the prime factors of numbers. */
import type { Process } from '../process.ts';
import type { Run } from '../wait.ts';
import { readInput } from './input.ts';
import { showUsage } from './options.ts';
import { Errno } from '../errno.ts';

export function* factor(process: Process): Run<number> {
  let words = process.args.slice(1);
  if (words.length === 0) {
    const data = yield* readInput(process, '-');
    words = data instanceof Errno ? [] : data.split(/\s+/).filter((word) => word !== '');
  }
  for (const word of words) {
    if (!/^\d+$/.test(word) || BigInt(word) >= 2n ** 64n) return showUsage(process, 'factor');
    process.print(`${word.replace(/^0+(?=\d)/, '')}:`);
    for (let rest = BigInt(word), divisor = 2n; rest > 1n;) {
      if (process.step()) yield* process.pause();
      if (divisor * divisor > rest) divisor = rest;
      if (rest % divisor === 0n) {
        process.print(` ${divisor}`);
        rest /= divisor;
      } else divisor += divisor === 2n ? 1n : 2n;
    }
    process.print('\n');
  }
  return 0;
}
