/** Quoting for output that a shell can read again (`set`, `export -p`, `trap`, `set -x`). */

/** In single quotes; a single quote inside stands in double quotes, as ash prints it. */
export function singleQuote(text: string): string {
  return text.split(/('+)/).map((part) => (part.startsWith("'") ? `"${part}"` : part === '' ? '' : `'${part}'`)).join('') || "''";
}

/** In quotes only when it has characters that need them in ash's eyes; nothing needs none. */
export function quote(text: string): string {
  return /[\0-*;-?[\\`{-\xff]/.test(text) ? singleQuote(text) : text;
}
