/** `getopt`: options of a script in order and quoted, for `eval set --` (util-linux/getopt.c). */
import type { Process } from '../process.ts';
import type { Run } from '../wait.ts';
import { parseOptions } from './options.ts';

/** What is asked for: letters with `:` for a value and `::` for one that may be missing, long names likewise. */
interface Wanted {
  readonly name: string;
  readonly letters: string;
  readonly long: ReadonlyMap<string, string>;
  readonly stopsAtOperand: boolean;
  /** Long options may start with one dash. */
  readonly alternative: boolean;
}

/** Options as words to be printed; `problems` are told by name. */
interface Parsed {
  readonly options: string[];
  readonly operands: string[];
  readonly problems: string[];
}

export function* getopt(process: Process): Run<number> {
  const own = parseOptions(process.args.slice(1), '+o:l:n:qQs:Tua', {
    options: 'o', longoptions: 'l', name: 'n', quiet: 'q', 'quiet-output': 'Q', shell: 's', test: 'T', unquoted: 'u', alternative: 'a',
  });
  if (own.has('T')) return 4;
  const [first, ...others] = own.rest;
  // Without options of its own it is the old getopt, which quotes nothing.
  const isOld = process.args[1] !== undefined && !process.args[1].startsWith('-');
  const letters = own.value('o') ?? first;
  if (letters === undefined) {
    process.complain('getopt: missing optstring argument\n');
    return 1;
  }
  const long = own.all('l').flatMap((list) => list.split(/[,\s]+/)).filter((name) => name !== '');
  const parsed = parse(own.has('o') ? own.rest : others[0] === '--' && !isOld ? others.slice(1) : others, {
    name: own.value('n') ?? process.name,
    letters: letters.replace(/^[+-]/, ''),
    long: new Map(long.map((name) => [name.replace(/:+$/, ''), /:*$/.exec(name)![0]])),
    stopsAtOperand: letters.startsWith('+'),
    alternative: own.has('a'),
  });
  if (!own.has('q')) for (const problem of parsed.problems) process.complain(`${own.value('n') ?? process.name}: ${problem}\n`);
  const isBare = isOld || own.has('u');
  const isCsh = own.value('s')?.endsWith('csh') === true;
  const word = (text: string): string => (isBare ? text : quoted(text, isCsh));
  if (!own.has('Q')) process.print(`${[...parsed.options.map((text) => (text.startsWith('\0') ? word(text.slice(1)) : text)), '--', ...parsed.operands.map(word)].map((text) => ` ${text}`).join('')}\n`);
  return parsed.problems.length > 0 ? 1 : 0;
}

function quoted(text: string, isCsh: boolean): string {
  const inner = text.replace(/'/g, "'\\''");
  return `'${isCsh ? inner.replace(/[!\n\\]/g, (char) => (char === '\n' ? "'\\n'" : `'\\${char}'`)) : inner}'`;
}

/** Values among the options are marked with a NUL in front: only they are quoted. */
function parse(words: readonly string[], wanted: Wanted): Parsed {
  const parsed: Parsed = { options: [], operands: [], problems: [] };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '--') {
      parsed.operands.push(...words.slice(at + 1));
      break;
    }
    if (word.startsWith('--') || (wanted.alternative && /^-./.test(word))) at = longOption(words, at, wanted, parsed);
    else if (/^-./.test(word)) at = shortOptions(words, at, wanted, parsed);
    else if (wanted.stopsAtOperand) {
      parsed.operands.push(...words.slice(at));
      break;
    } else parsed.operands.push(word);
  }
  return parsed;
}

function shortOptions(words: readonly string[], at: number, { letters }: Wanted, { options, problems }: Parsed): number {
  const word = words[at]!;
  for (let i = 1; i < word.length; i++) {
    const letter = word[i]!;
    const index = letter === ':' ? -1 : letters.indexOf(letter);
    if (index < 0) {
      problems.push(`invalid option -- '${letter}'`);
      continue;
    }
    const colons = /^:*/.exec(letters.slice(index + 1))![0];
    if (colons === '') {
      options.push(`-${letter}`);
      continue;
    }
    const rest = word.slice(i + 1);
    if (rest !== '' || colons === '::') options.push(`-${letter}`, `\0${rest}`);
    else if (words[at + 1] === undefined) problems.push(`option requires an argument -- '${letter}'`);
    else options.push(`-${letter}`, `\0${words[++at]!}`);
    break;
  }
  return at;
}

function longOption(words: readonly string[], at: number, { long }: Wanted, { options, problems }: Parsed): number {
  const [whole, given = '', , value] = /^--?([^=]*)(=([^]*))?$/.exec(words[at]!)!;
  const candidates = long.has(given) ? [given] : [...long.keys()].filter((name) => name.startsWith(given));
  const [name] = candidates;
  if (name === undefined || candidates.length > 1) {
    problems.push(name === undefined ? `unrecognized option '${whole}'` : `option '${whole}' is ambiguous; possibilities: ${candidates.map((one) => `'--${one}'`).join(' ')}`);
    return at;
  }
  const colons = long.get(name)!;
  if (colons === '' && value !== undefined) problems.push(`option '--${name}' doesn't allow an argument`);
  else if (colons === '') options.push(`--${name}`);
  else if (value !== undefined || colons === '::') options.push(`--${name}`, `\0${value ?? ''}`);
  else if (words[at + 1] === undefined) problems.push(`option '--${name}' requires an argument`);
  else {
    options.push(`--${name}`, `\0${words[at + 1]!}`);
    return at + 1;
  }
  return at;
}
