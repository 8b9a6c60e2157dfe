/** Builtins for what a shell hands down to its children: the mask of file modes, and limits, which are kept but bind nobody. */
import { parseMode } from '../applets/mode.ts';
import type { Run } from '../wait.ts';
import { builtinOptions } from './builtin-options.ts';
import type { Shell } from './shell.ts';

export function* umask(shell: Shell, words: readonly string[]): Run<number> {
  const { process } = shell;
  const { letters, rest: [mode] } = builtinOptions(shell, words, 'S');
  if (mode === undefined) process.print(`${letters.includes('S') ? symbolic(process.umask) : process.umask.toString(8).padStart(4, '0')}\n`);
  else process.umask = newMask(mode, process.umask) ?? illegalMode(shell, mode);
  return 0;
}

/** Octal digits are the mask itself; symbolic modes say what stays allowed. */
function newMask(mode: string, umask: number): number | undefined {
  if (/^\d/.test(mode)) return /^0*[0-7]{1,3}$/.test(mode) ? Number.parseInt(mode, 8) : undefined;
  const allowed = parseMode(mode, ~umask & 0o777, umask);
  return allowed === undefined ? undefined : ~allowed & 0o777;
}

function illegalMode(shell: Shell, mode: string): never {
  throw shell.fault(`illegal mode: ${mode}`);
}

function symbolic(mask: number): string {
  const bits = (shift: number): string => ['r', 'w', 'x'].filter((_, i) => ((mask >> shift) & (4 >> i)) === 0).join('');
  return `u=${bits(6)},g=${bits(3)},o=${bits(0)}`;
}

/** Soft and hard, in the units of `ulimit`. */
export interface Limit {
  readonly soft: number;
  readonly hard: number;
}

const same = (value: number): Limit => ({ soft: value, hard: value });
const none = same(Infinity);

/** What containers get from containerd, in the order of `ulimit -a`. */
const limits: Readonly<Record<string, readonly [name: string, initial: Limit]>> = {
  c: ['core file size (blocks)', none], d: ['data seg size (kb)', none], e: ['scheduling priority', same(0)], f: ['file size (blocks)', none],
  i: ['pending signals', same(63_448)], l: ['max locked memory (kb)', same(8192)], m: ['max memory size (kb)', none], n: ['open files', same(1_048_576)],
  q: ['POSIX message queues (bytes)', same(819_200)], r: ['real-time priority', same(0)], s: ['stack size (kb)', { soft: 8192, hard: Infinity }],
  t: ['cpu time (seconds)', none], u: ['max user processes', none], v: ['virtual memory (kb)', none], x: ['file locks', none],
};

type Step = readonly [letter: string, value: string | undefined];

/** `ulimit` (shell_common.c shell_builtin_ulimit): shows and sets limits in the order of its options. */
export function* ulimit(shell: Shell, words: readonly string[]): Run<number> {
  const { process } = shell;
  const { flags, steps, unknown } = ulimitSteps(words.slice(1));
  if (unknown !== undefined) {
    process.complain(`${words[0]}: invalid option -- '${unknown}'\n`);
    return 1;
  }
  const soft = flags.has('S') || !flags.has('H');
  const show = (letter: string, named: boolean): void => {
    const { soft: now, hard } = shell.limits.get(letter) ?? limits[letter]![1];
    const value = soft ? now : hard;
    process.print(`${named ? `${limits[letter]![0].padEnd(32)}(-${letter}) ` : ''}${value === Infinity ? 'unlimited' : value}\n`);
  };
  if (flags.has('a')) {
    for (const letter of Object.keys(limits)) show(letter, true);
    return 0;
  }
  const several = steps.filter(([letter]) => letter !== '').length > 1;
  for (const [letter, value] of steps) {
    const problem = value === undefined ? show(letter, several) : setLimit(shell, letter || 'f', value, flags);
    if (problem === undefined) continue;
    process.complain(`${shell.name}: ${problem}\n`);
    return 1;
  }
  if (steps.every(([letter]) => letter === '')) show('f', false);
  return 0;
}

/** A value may follow its option or be the next word; one without an option (letter '') is for `-f`. */
function ulimitSteps(args: readonly string[]): { flags: ReadonlySet<string>; steps: readonly Step[]; unknown?: string } {
  const flags = new Set<string>();
  const steps: Step[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (!/^-./.test(arg)) {
      steps.push(['', arg]);
      continue;
    }
    const [, switches = '', letter = '', value = ''] = /^-([HSa]*)(.?)(.*)$/.exec(arg)!;
    for (const flag of switches) flags.add(flag);
    if (letter === '') continue;
    if (!Object.hasOwn(limits, letter)) return { flags, steps, unknown: letter };
    const next = args[i + 1];
    if (value !== '') steps.push([letter, value]);
    else if (next === undefined || next.startsWith('-')) steps.push([letter, undefined]);
    else steps.push([letter, args[++i]]);
  }
  return { flags, steps };
}

/** What is wrong with it, if anything: the hard limit only goes down. */
function setLimit(shell: Shell, letter: string, text: string, flags: ReadonlySet<string>): string | undefined {
  if (text !== 'unlimited' && !/^\d+$/.test(text)) return `invalid number '${text}'`;
  const value = text === 'unlimited' ? Infinity : Number(text);
  const before = shell.limits.get(letter) ?? limits[letter]![1];
  const both = !flags.has('S') && !flags.has('H');
  const after = { soft: both || flags.has('S') ? value : before.soft, hard: both || flags.has('H') ? value : before.hard };
  if (after.soft > after.hard) return 'error setting limit: Invalid argument';
  if (after.hard > before.hard) return 'error setting limit: Operation not permitted';
  shell.limits.set(letter, after);
  return undefined;
}
