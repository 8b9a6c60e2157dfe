/** Builtins for variables, parameters and options. */
import type { Run } from '../wait.ts';
import { number } from './builtin-flow.ts';
import { evaluate } from './expand.ts';
import { singleQuote } from './quote.ts';
import type { Shell, Variable } from './shell.ts';
import { validName } from './token.ts';

/** Options with their letters, in ash's order. */
const options: readonly (readonly [name: string, letter: string])[] = [
  ['errexit', 'e'], ['noglob', 'f'], ['ignoreeof', 'I'], ['interactive', 'i'], ['monitor', 'm'], ['noexec', 'n'], ['stdin', 's'],
  ['xtrace', 'x'], ['verbose', 'v'], ['noclobber', 'C'], ['allexport', 'a'], ['notify', 'b'], ['nounset', 'u'], ['vi', 'V'], ['pipefail', 'pipefail'],
];
const settable = /^[efImnxvCabuV]$/;
const hidden: ReadonlySet<string> = new Set(['interactive', 'stdin']);

function assignment(shell: Shell, text: string): readonly [name: string, value: string | undefined] {
  const at = text.indexOf('=');
  const name = at < 0 ? text : text.slice(0, at);
  if (!validName.test(name)) throw shell.fault(`${name}: bad variable name`);
  return [name, at < 0 ? undefined : text.slice(at + 1)];
}

function* mark(shell: Shell, words: readonly string[], change: Partial<Variable>, prefix: string, wanted: (variable: Variable) => boolean): Run<number> {
  const args = words.slice(1).filter((word) => word !== '-p');
  for (const word of args) {
    const [name, value] = assignment(shell, word);
    if (value !== undefined) shell.set(name, value);
    shell.declare(name, change);
  }
  if (args.length > 0) return 0;
  for (const name of [...shell.variables.keys()].toSorted()) {
    const variable = shell.variables.get(name)!;
    if (wanted(variable)) shell.process.print(`${prefix} ${name}${variable.value === undefined ? '' : `=${singleQuote(variable.value)}`}\n`);
  }
  return 0;
}

export function* exportVariables(shell: Shell, words: readonly string[]): Run<number> {
  if (words[1] !== '-n') return yield* mark(shell, words, { exported: true }, 'export', (variable) => variable.exported);
  for (const name of words.slice(2)) shell.declare(name, { exported: false });
  return 0;
}

export function* readonly(shell: Shell, words: readonly string[]): Run<number> {
  return yield* mark(shell, words, { readOnly: true }, 'readonly', (variable) => variable.readOnly);
}

export function* local(shell: Shell, words: readonly string[]): Run<number> {
  if (!shell.locals) throw shell.fault('not in a function');
  for (const word of words.slice(1)) {
    const [name, value] = assignment(shell, word);
    const before = shell.variables.get(name);
    const again = shell.locals.has(name);
    if (!again) shell.locals.set(name, before && { ...before });
    if (value !== undefined) shell.set(name, value);
    else if (before && !again) shell.declare(name, { value: undefined });
  }
  return 0;
}

export function* unset(shell: Shell, words: readonly string[]): Run<number> {
  let functions = false;
  for (const word of words.slice(1)) {
    if (/^-[fv]+$/.test(word)) functions = word.endsWith('f');
    else if (/^-./.test(word)) throw shell.fault(`illegal option ${word.slice(0, 2)}`);
    else if (functions) shell.functions.delete(word);
    else shell.unset(assignment(shell, word)[0]);
  }
  return 0;
}

export function* shift(shell: Shell, words: readonly string[]): Run<number> {
  const count = number(shell, words[1] ?? '1');
  if (count > shell.parameters.length) return 1;
  shell.parameters = shell.parameters.slice(count);
  return 0;
}

export function* times(shell: Shell): Run<number> {
  shell.process.print('0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n');
  return 0;
}

export function* letArithmetic(shell: Shell, words: readonly string[]): Run<number> {
  let value = 0n;
  for (const word of words.slice(1)) value = evaluate(shell, word);
  return value === 0n ? 1 : 0;
}

export function* set(shell: Shell, words: readonly string[]): Run<number> {
  if (words.length === 1) return listVariables(shell);
  for (let i = 1; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--' || word === '-') {
      if (word === '--' || i + 1 < words.length) shell.parameters = words.slice(i + 1);
      break;
    }
    if (!/^[-+]./.test(word)) {
      shell.parameters = words.slice(i);
      break;
    }
    for (const letter of word.slice(1)) {
      if (letter !== 'o') setFlag(shell, letter, word.startsWith('-'));
      else if (i + 1 >= words.length) listOptions(shell, word.startsWith('-'));
      else if (!setOption(shell, words[++i]!, word.startsWith('-'))) return 1;
    }
  }
  return 0;
}

function setFlag(shell: Shell, letter: string, on: boolean): void {
  if (!settable.test(letter)) throw shell.fault(`illegal option ${on ? '-' : '+'}${letter}`);
  if (on) shell.flags.add(letter);
  else shell.flags.delete(letter);
}

function setOption(shell: Shell, name: string, on: boolean): boolean {
  const letter = options.find((option) => option[0] === name)?.[1];
  if (letter === undefined) {
    shell.warn(`illegal option ${on ? '-' : '+'}o ${name}`);
    return false;
  }
  if (on) shell.flags.add(letter);
  else shell.flags.delete(letter);
  return true;
}

function listOptions(shell: Shell, readable: boolean): void {
  for (const [name, letter] of options) {
    if (hidden.has(name)) continue;
    const on = shell.flags.has(letter);
    shell.process.print(readable ? `${name.padEnd(16)}${on ? 'on' : 'off'}\n` : `set ${on ? '-' : '+'}o ${name}\n`);
  }
}

function listVariables(shell: Shell): number {
  for (const name of [...shell.variables.keys(), 'FUNCNAME', 'LINENO'].toSorted()) {
    const value = name === 'FUNCNAME' ? '' : shell.get(name);
    if (value !== undefined) shell.process.print(`${name}=${singleQuote(value)}\n`);
  }
  return 0;
}
