/** The places of a shell program where text stands: plain, in quotes, in braces, in here-documents. */

/** Where a text stands decides what ends it and what a backslash means in it. */
export interface Context {
  readonly quoted: boolean;
  ends(char: string): boolean;
  /** In a here-document double quotes are plain characters. */
  readonly hereDoc?: boolean;
  /** The pattern of `${x/pattern/…}`: ash ends it at the first slash without a backslash, also inside of quotes. */
  readonly pattern?: boolean;
}

export const plain: Context = { quoted: false, ends: (char) => ' \t\n&|;()<>'.includes(char) };
export const doubleQuoted: Context = { quoted: true, ends: (char) => char === '"' };
export const quotedPattern: Context = { quoted: true, pattern: true, ends: (char) => char === '"' || char === '/' };
export const braced: Context = { quoted: false, ends: (char) => char === '}' };
export const bracedQuoted: Context = { quoted: true, ends: (char) => char === '}' };
export const hereDocument: Context = { quoted: true, ends: () => false, hereDoc: true };
