/** Names of fields in expressions: what CEL would not read as a name stands between underscores (apiserver/pkg/cel/escaping.go). */

const reserved = new Set(['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop',
  'package', 'namespace', 'return', 'var', 'void', 'while']);
const written: Readonly<Record<string, string>> = { __: 'underscores', '.': 'dot', '-': 'dash', '/': 'slash' };
const meant = new Map(Object.entries(written).map(([text, name]) => [name, text]));

/** Undefined for a name that no expression can have. */
export function escapedName(name: string): string | undefined {
  if (reserved.has(name)) return `__${name}__`;
  return /^[A-Za-z_./-][\w./-]*$/.test(name) ? name.replace(/__|[-./]/g, (text) => `__${written[text]!}__`) : undefined;
}

/** The name that an expression means; undefined when it means none. */
export function unescapedName(name: string): string | undefined {
  let isValid = true;
  const result = name.replace(/__([^_]+)__/g, (whole, inside: string) => {
    if (meant.has(inside)) return meant.get(inside)!;
    isValid &&= reserved.has(inside) && whole === name;
    return inside;
  });
  return isValid ? result : undefined;
}
