/** Word expansion: tilde, parameters, command substitution, arithmetic, field splitting, wildcards, quote removal. */
import { decodeText, encodeText } from '../bytes.ts';
import { hasWildcard, patternSource } from '../pattern.ts';
import type { Run } from '../wait.ts';
import { arithmetic, ArithmeticFault } from './arithmetic.ts';
import type { Part, Word } from './ast.ts';
import { Fields, PatternText, Text, type Collector } from './fields.ts';
import { glob } from './glob.ts';
import type { Shell } from './shell.ts';
import { substitute } from './subshell.ts';
import { asAssignment, validName } from './token.ts';

type Parameter = Part & { type: 'parameter' };

/** The text of a word that means the same whenever it is expanded; undefined for others. */
function constantText(word: Word): string | undefined {
  const [first] = word.parts;
  return word.parts.length === 1 && first?.type === 'text' && (first.quoted || !/[*?[~\\]/.test(first.text)) ? first.text : undefined;
}

const constants = new WeakMap<readonly Word[], readonly string[] | null>();

/** The arguments of a command without anything to expand, worked out once for all turns of a loop; null for others. */
function constantTexts(words: readonly Word[]): readonly string[] | null {
  let texts = constants.get(words);
  if (texts === undefined) {
    const all = words.map(constantText);
    texts = all.includes(undefined) ? null : all as string[];
    constants.set(words, texts);
  }
  return texts;
}

/** Arguments of a command: split, with wildcards. Known at once, or to be waited for. */
export function argumentsOf(shell: Shell, words: readonly Word[]): readonly string[] | Run<readonly string[]> {
  return constantTexts(words) ?? expandArguments(shell, words);
}

/** Builtins whose arguments `name=value` are assignments (ash.c BUILTIN_ASSIGN): they are not split. */
const declaring: ReadonlySet<string> = new Set(['export', 'readonly', 'local', 'alias']);

/** Also after `command`. */
function declares(shell: Shell, words: readonly string[]): boolean {
  const name = words.find((word) => word !== 'command');
  return name !== undefined && declaring.has(name) && !shell.functions.has(name);
}

function* expandArguments(shell: Shell, words: readonly Word[]): Run<readonly string[]> {
  const result: string[] = [];
  for (const word of words) {
    const assigned = declares(shell, result) ? asAssignment(word) : undefined;
    if (assigned?.append === false) result.push(`${assigned.name}=${yield* expandValue(shell, assigned.value)}`);
    else yield* expandWord(shell, word, result);
  }
  return result;
}

/** Words one by one: split, with wildcards. */
export function* expandWords(shell: Shell, words: readonly Word[]): Run<string[]> {
  const result: string[] = [];
  for (const word of words) yield* expandWord(shell, word, result);
  return result;
}

function* expandWord(shell: Shell, word: Word, result: string[]): Run<void> {
  const text = constantText(word);
  if (text === undefined) yield* expandFields(shell, word, result);
  else result.push(text);
}

function* expandFields(shell: Shell, word: Word, result: string[]): Run<void> {
  const fields = new Fields(shell.get('IFS') ?? ' \t\n');
  yield* collect(shell, word.parts, fields, 'word');
  for (const { pattern, text } of fields.done()) {
    const matching = !shell.flags.has('f') && hasWildcard(pattern) ? glob(shell.process, pattern) : [];
    if (matching.length > 0) result.push(...matching);
    else result.push(text);
  }
}

/** One text without splitting: here-documents, targets of redirections. */
export function expandText(shell: Shell, word: Word): Run<string> {
  return expandOne(shell, word, 'word');
}

/** The same for the value of a variable: a tilde also counts after a colon. */
export function expandValue(shell: Shell, word: Word): Run<string> {
  return expandOne(shell, word, 'value');
}

function* expandOne(shell: Shell, word: Word, place: Place): Run<string> {
  const [first] = word.parts;
  if (first === undefined) return '';
  if (word.parts.length === 1 && first.type === 'text' && (first.quoted || !first.text.includes('~'))) return first.text;
  const text = new Text();
  yield* collect(shell, word.parts, text, place);
  return text.text;
}

/** A pattern: what was quoted is escaped. */
export function* expandPattern(shell: Shell, word: Word): Run<string> {
  const text = new PatternText();
  yield* collect(shell, word.parts, text, 'word');
  return text.text;
}

/** Where a word stands: the operand of an unquoted `${x-…}` is split like what it stands for. */
type Place = 'word' | 'value' | 'operand';

function* collect(shell: Shell, parts: readonly Part[], into: Collector, place: Place): Run<void> {
  for (const [i, part] of parts.entries()) {
    switch (part.type) {
      case 'text':
        if (part.quoted) into.quoted(part.text);
        else {
          for (const [j, piece] of (place === 'value' ? part.text.split(/(?<=:)/) : [part.text]).entries()) {
            const text = i === 0 || j > 0 ? tilde(shell, piece, into, i < parts.length - 1) : piece;
            if (place === 'operand') into.expanded(text);
            else if (text !== '') into.plain(text);
          }
        }
        break;
      case 'parameter': yield* parameter(shell, part, into); break;
      case 'command': give(into, part.quoted, yield* substitute(shell, part.body)); break;
      case 'arithmetic': give(into, part.quoted, String(evaluate(shell, yield* expandText(shell, part.expression)))); break;
      case 'slice': give(into, part.quoted, yield* slice(shell, part)); break;
      case 'replace': give(into, part.quoted, yield* replace(shell, part)); break;
      default: throw shell.fault('syntax error: bad substitution');
    }
  }
}

function give(into: Collector, quoted: boolean, text: string): void {
  if (quoted) into.quoted(text);
  else into.expanded(text);
}

/** Gives the folder that a text begins with, and returns the rest. `more`: the word does not end with the text. */
function tilde(shell: Shell, text: string, into: Collector, more: boolean): string {
  if (!text.startsWith('~')) return text;
  const match = /^~([\w-]*)(?=\/|:|$)/.exec(text);
  if (!match || (more && match[0].length === text.length)) return text;
  const home = match[1] === '' ? shell.get('HOME') : homeOf(shell, match[1]!);
  if (home === undefined) return text;
  into.quoted(home);
  return text.slice(match[0].length);
}

function homeOf(shell: Shell, user: string): string | undefined {
  return shell.process.machine.users().find((entry) => entry.name === user)?.home;
}

export function evaluate(shell: Shell, text: string): bigint {
  try {
    return arithmetic(text, shell);
  } catch (error) {
    if (error instanceof ArithmeticFault) throw shell.fault(error.message);
    throw error;
  }
}

/** The value of a parameter, or undefined when it is not set. `@` and `*` are joined. */
export function valueOf(shell: Shell, name: string): string | undefined {
  switch (name) {
    case '@': return shell.parameters.length === 0 ? undefined : shell.parameters.join(' ');
    case '*': return shell.parameters.length === 0 ? undefined : shell.parameters.join(separator(shell));
    case '#': return String(shell.parameters.length);
    case '?': return String(shell.status);
    case '$': return String(shell.rootPid);
    case '!': return shell.lastBackground && String(shell.lastBackground.pid);
    case '-': return [...shell.flags].join('');
    case '0': return shell.name;
    default: return /^\d/.test(name) ? shell.parameters[Number(name) - 1] : shell.get(name);
  }
}

function separator(shell: Shell): string {
  return (shell.get('IFS') ?? ' ').slice(0, 1);
}

function checkSet(shell: Shell, name: string, value: string | undefined): void {
  if (value === undefined && shell.flags.has('u') && !'@*'.includes(name)) throw shell.fault(`${name}: parameter not set`);
}

function* parameter(shell: Shell, part: Parameter, into: Collector): Run<void> {
  const { name, operator, operand, quoted } = part;
  const value = valueOf(shell, name);
  if (operator === '') {
    if ((name === '@' || name === '*')) return all(shell, name, quoted, into);
    checkSet(shell, name, value);
    return give(into, quoted, value ?? '');
  }
  if (operator === 'length') {
    checkSet(shell, name, value);
    return give(into, quoted, String(name === '@' || name === '*' ? shell.parameters.length : decodeText(value ?? '').length));
  }
  if (operator.includes('%') || operator.includes('#')) {
    checkSet(shell, name, value);
    return give(into, quoted, remove(value ?? '', operator, yield* expandPattern(shell, operand!)));
  }
  const missing = value === undefined || (operator.startsWith(':') && value === '');
  const kind = operator.at(-1);
  if (kind === '+') {
    if (!missing) yield* operandOf(shell, operand!, into, quoted);
    else if (quoted) into.quoted('');
    return;
  }
  if (!missing) return (name === '@' || name === '*') ? all(shell, name, quoted, into) : give(into, quoted, value);
  if (kind === '-') return yield* operandOf(shell, operand!, into, quoted);
  const text = yield* expandText(shell, operand!);
  if (kind === '?') {
    const otherwise = operator === ':?' ? 'parameter not set or null' : 'parameter not set';
    throw shell.fault(`${name}: ${text === '' ? otherwise : text}`);
  }
  if (!validName.test(name)) throw shell.fault(`${name}: bad variable name`);
  shell.set(name, text);
  give(into, quoted, text);
}

function* operandOf(shell: Shell, operand: Word, into: Collector, quoted: boolean): Run<void> {
  if (quoted && operand.parts.length === 0) into.quoted('');
  yield* collect(shell, operand.parts, into, quoted ? 'word' : 'operand');
}

function all(shell: Shell, name: string, quoted: boolean, into: Collector): void {
  if (quoted && name === '*') return into.quoted(shell.parameters.join(separator(shell)));
  for (const [i, value] of shell.parameters.entries()) {
    if (i > 0 && quoted) into.separate();
    else if (i > 0) into.boundary(name === '*' ? separator(shell) : ' ');
    if (quoted) into.quoted(value);
    else into.expanded(value);
  }
}

function remove(value: string, operator: string, pattern: string): string {
  const longest = operator.length === 2;
  if (operator.startsWith('#')) {
    const match = new RegExp(`^${patternSource(pattern, !longest)}`).exec(value);
    return match ? value.slice(match[0].length) : value;
  }
  // A regular expression finds the leftmost, that is the longest suffix; the shortest is tried from the right.
  const whole = new RegExp(`^(?:${patternSource(pattern)})$`);
  if (longest) {
    const at = value.search(new RegExp(`(?:${patternSource(pattern)})$`));
    return at < 0 ? value : value.slice(0, at);
  }
  for (let at = value.length; at >= 0; at--) if (whole.test(value.slice(at))) return value.slice(0, at);
  return value;
}

function* slice(shell: Shell, part: Part & { type: 'slice' }): Run<string> {
  const value = valueOf(shell, part.name);
  checkSet(shell, part.name, value);
  const text = decodeText(value ?? '');
  let start = Number(evaluate(shell, yield* expandText(shell, part.offset)));
  let length = part.length ? Number(evaluate(shell, yield* expandText(shell, part.length))) : text.length;
  if (start < 0) start += text.length;
  if (start < 0 || start >= text.length) return '';
  if (length < 0) length += text.length - start;
  // One that is negative still is far too large for ash, which then takes the rest.
  return encodeText(length < 0 ? text.slice(start) : text.slice(start, start + length));
}

function* replace(shell: Shell, part: Part & { type: 'replace' }): Run<string> {
  const value = valueOf(shell, part.name);
  checkSet(shell, part.name, value);
  const pattern = yield* expandPattern(shell, part.pattern);
  const by = yield* expandText(shell, part.by);
  if (pattern === '' || value === undefined) return value ?? '';
  return value.replace(new RegExp(patternSource(pattern), part.all ? 'g' : ''), () => by);
}
