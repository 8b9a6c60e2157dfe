/** Options of applets: short ones with or without a value, in any order, as getopt reads them. */
import type { Process } from '../process.ts';
import { usage } from './usage.ts';

export interface Parsed {
  has(letter: string): boolean;
  /** The last value of an option. */
  value(letter: string): string | undefined;
  /** All values of an option that may come more than once. */
  all(letter: string): readonly string[];
  readonly rest: readonly string[];
}

/** An option that the applet does not have, or that misses its value. */
export class BadOption extends Error {}

/**
 * Reads options. `spec` is as for getopt: a letter, with `:` when it takes a value; a leading `+` stops at the first
 * operand. `long` maps long names to letters. Throws BadOption.
 */
export function parseOptions(args: readonly string[], spec: string, long: Readonly<Record<string, string>> = {}): Parsed {
  const values = new Map<string, string[]>();
  const rest: string[] = [];
  const strict = spec.startsWith('+');
  const add = (letter: string, value: string): void => {
    const list = values.get(letter);
    if (list) list.push(value);
    else values.set(letter, [value]);
  };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--') {
      rest.push(...args.slice(i + 1));
      break;
    }
    if (arg.startsWith('--')) {
      const [name = '', value] = arg.slice(2).split('=', 2);
      const letter = Object.hasOwn(long, name) ? long[name]! : undefined;
      if (letter === undefined) throw new BadOption(`unrecognized option '${arg}'`);
      add(letter, value ?? (takesValue(spec, letter) ? args[++i] ?? '' : ''));
    } else if (arg.length > 1 && arg.startsWith('-')) i = shortOptions(args, i, spec, add);
    else if (strict) {
      rest.push(...args.slice(i));
      break;
    } else rest.push(arg);
  }
  return { has: (letter) => values.has(letter), value: (letter) => values.get(letter)?.at(-1), all: (letter) => values.get(letter) ?? [], rest };
}

function takesValue(spec: string, letter: string): boolean {
  return spec[spec.indexOf(letter) + 1] === ':';
}

function shortOptions(args: readonly string[], index: number, spec: string, add: (letter: string, value: string) => void): number {
  const arg = args[index]!;
  for (let at = 1; at < arg.length; at++) {
    const letter = arg[at]!;
    if (letter === ':' || letter === '+' || !spec.includes(letter)) throw new BadOption(`invalid option -- '${letter}'`);
    if (!takesValue(spec, letter)) {
      add(letter, '');
      continue;
    }
    // Two colons: the value must be in the same word.
    const optional = spec[spec.indexOf(letter) + 2] === ':';
    if (at + 1 < arg.length || optional) {
      add(letter, arg.slice(at + 1));
      return index;
    }
    const value = args[index + 1];
    if (value === undefined) throw new BadOption(`option requires an argument -- '${letter}'`);
    add(letter, value);
    return index + 1;
  }
  return index;
}

/** Prints what is wrong and the help text, as busybox does; the exit code. */
export function showUsage(process: Process, applet: string, problem?: string): number {
  if (problem !== undefined) process.complain(`${applet}: ${problem}\n`);
  const text = usage(applet);
  if (text !== undefined) process.complain(text);
  return 1;
}
