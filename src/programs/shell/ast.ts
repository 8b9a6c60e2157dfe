/** The syntax tree of a shell program. */

export interface Word {
  readonly parts: readonly Part[];
}

export type Part =
  | { readonly type: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly type: 'parameter'; readonly name: string; readonly operator: string; readonly operand: Word | undefined; readonly quoted: boolean }
  | { readonly type: 'slice'; readonly name: string; readonly offset: Word; readonly length: Word | undefined; readonly quoted: boolean }
  | { readonly type: 'replace'; readonly name: string; readonly all: boolean; readonly pattern: Word; readonly by: Word; readonly quoted: boolean }
  | { readonly type: 'command'; readonly body: Node | undefined; readonly quoted: boolean }
  | { readonly type: 'arithmetic'; readonly expression: Word; readonly quoted: boolean }
  | { readonly type: 'bad' };

export interface Assignment {
  readonly name: string;
  readonly append: boolean;
  readonly value: Word;
}

export interface Redirect {
  /** `&>` is both stdout and stderr. */
  readonly operator: '<' | '>' | '>>' | '>|' | '<>' | '<&' | '>&' | '&>' | '&>>' | '<<';
  readonly fd: number;
  /** The file, descriptor, or for `<<` the text. */
  target: Word;
}

export interface Command {
  readonly type: 'command';
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
  readonly redirects: readonly Redirect[];
  readonly line: number;
}

export interface CaseItem {
  readonly patterns: readonly Word[];
  readonly body: Node | undefined;
}

export type Node =
  | Command
  | { readonly type: 'pipeline'; readonly commands: readonly Node[] }
  | { readonly type: 'not'; readonly body: Node }
  | { readonly type: 'and' | 'or'; readonly left: Node; readonly right: Node }
  | { readonly type: 'list'; readonly items: readonly Node[] }
  | { readonly type: 'background'; readonly body: Node }
  | { readonly type: 'subshell'; readonly body: Node; readonly redirects: readonly Redirect[] }
  | { readonly type: 'redirected'; readonly body: Node; readonly redirects: readonly Redirect[] }
  | { readonly type: 'if'; readonly test: Node; readonly then: Node; readonly otherwise: Node | undefined }
  | { readonly type: 'while'; readonly until: boolean; readonly test: Node; readonly body: Node }
  | { readonly type: 'for'; readonly name: string; readonly words: readonly Word[] | undefined; readonly body: Node }
  | { readonly type: 'case'; readonly word: Word; readonly items: readonly CaseItem[] }
  | { readonly type: 'function'; readonly name: string; readonly body: Node };

/** Wrong syntax; the message is ash's, without the shell's name in front. */
export class SyntaxFault extends Error {
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/** The text of a word without quotes, when it has no expansions; else undefined. */
export function literal(word: Word): string | undefined {
  let text = '';
  for (const part of word.parts) {
    if (part.type !== 'text') return undefined;
    text += part.text;
  }
  return text;
}

/** As `literal`, but undefined also when a part was quoted: keywords and aliases must not be. */
export function unquoted(word: Word): string | undefined {
  return word.parts.every((part) => part.type === 'text' && !part.quoted) ? literal(word) : undefined;
}
