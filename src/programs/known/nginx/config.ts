/** nginx's configuration files: directives, blocks, includes. */
import { attempt, Errno } from '../../errno.ts';
import { matches } from '../../pattern.ts';
import type { Process } from '../../process.ts';
import { names, readFile } from '../../syscalls.ts';

export const nginxVersion = '1.27.5';

export interface Directive {
  readonly name: string;
  readonly args: readonly string[];
  readonly file: string;
  readonly line: number;
  readonly block?: readonly Directive[];
}

/** What is wrong with a configuration, as nginx says it after `[emerg]`. */
export class ConfigFault {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}

const includeDepthMax = 10;

/** Reads a file and all that it includes. Throws ConfigFault. */
export function readConfig(process: Process, file: string, depth = 0): Directive[] {
  const text = attempt(() => readFile(process, file));
  if (text instanceof Errno || depth > includeDepthMax) {
    const error = text instanceof Errno ? text : new Errno('ELOOP');
    throw new ConfigFault(`open() "${file}" failed (${error.code === 'EACCES' ? '13' : '2'}: ${error.message})`);
  }
  const tokens = tokensOf(text, file);
  const at = { index: 0 };
  const directives = readBlock(process, tokens, at, file, depth);
  const extra = tokens[at.index];
  if (extra) throw new ConfigFault(`unexpected "}" in ${file}:${extra.line}`);
  return directives;
}

const escapes: Readonly<Record<string, string>> = { t: '\t', r: '\r', n: '\n' };

interface Token {
  readonly text: string;
  readonly quoted: boolean;
  readonly line: number;
}

function tokenize(text: string, file: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  for (const match of text.matchAll(/\s+|#[^\n]*|"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([{};])|((?:[^\s{};"'\\]|\\.|\$\{\w+\})(?:[^\s{};\\]|\\.|\$\{\w+\})*)|(.)/gs)) {
    const [whole, double, single, mark, word, stray] = match;
    if (stray !== undefined) throw new ConfigFault(`unexpected end of file, expecting ";" or "}" in ${file}:${line}`);
    const plain = double ?? single;
    if (plain !== undefined) tokens.push({ text: plain.replace(/\\(["'\\trn])/g, (_, char: string) => escapes[char] ?? char), quoted: true, line });
    else if (mark ?? word) tokens.push({ text: (mark ?? word)!, quoted: false, line });
    line += whole.split('\n').length - 1;
  }
  return tokens;
}

function readBlock(process: Process, tokens: readonly Token[], at: { index: number }, file: string, depth: number): Directive[] {
  const directives: Directive[] = [];
  let words: Token[] = [];
  const first = (): { name: string; args: string[]; file: string; line: number } =>
    ({ name: words[0]!.text, args: words.slice(1).map(({ text }) => text), file, line: words[0]!.line });
  for (; at.index < tokens.length; at.index++) {
    const token = tokens[at.index]!;
    if (token.quoted || !/^[{};]$/.test(token.text)) words.push(token);
    else if (token.text === '}') {
      if (words.length > 0) throw new ConfigFault(`unexpected "}" in ${file}:${token.line}`);
      return directives;
    } else if (words.length === 0) throw new ConfigFault(`unexpected "${token.text}" in ${file}:${token.line}`);
    else {
      const head = first();
      words = [];
      if (token.text === ';') {
        if (head.name === 'include') directives.push(...included(process, head.args[0] ?? '', depth));
        else directives.push(head);
        continue;
      }
      at.index++;
      directives.push({ ...head, block: readBlock(process, tokens, at, file, depth) });
      if (tokens[at.index] === undefined) throw new ConfigFault(`unexpected end of file, expecting "}" in ${file}:${tokens.at(-1)!.line}`);
    }
  }
  if (words.length > 0) throw new ConfigFault(`unexpected end of file, expecting ";" or "}" in ${file}:${words.at(-1)!.line}`);
  return directives;
}

const cache = new Map<string, Token[]>();
const cacheMax = 100;

/** Most containers of an image have the same configuration. */
function tokensOf(text: string, file: string): Token[] {
  const known = cache.get(text);
  if (known) return known;
  if (cache.size >= cacheMax) cache.clear();
  const tokens = tokenize(text, file);
  cache.set(text, tokens);
  return tokens;
}

/** The directives of the files that a pattern means; without wildcards the file must be there. */
function included(process: Process, pattern: string, depth: number): Directive[] {
  const path = pattern.startsWith('/') ? pattern : `/etc/nginx/${pattern}`;
  if (!/[*?[]/.test(path)) return path.endsWith('/mime.types') ? [] : readConfig(process, path, depth + 1);
  const folder = path.slice(0, path.lastIndexOf('/'));
  const found = attempt(() => names(process, folder));
  const files = found instanceof Errno ? [] : found.filter((name) => !name.startsWith('.') && matches(path.slice(folder.length + 1), name));
  return files.flatMap((name) => readConfig(process, `${folder}/${name}`, depth + 1));
}
