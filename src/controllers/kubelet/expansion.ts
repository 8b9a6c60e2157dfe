/** `$(VAR)` in commands, arguments and environment values (third_party/forked/golang/expansion). */

/** Replaces references to known variables; unknown ones stay as they are, and `$$` is a plain `$`. */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  return text.replace(/\$(\$|\(([^)]*)\)|\(|)/g, (whole: string, what: string, name: string | undefined) => {
    if (what === '$') return '$';
    if (name === undefined) return whole;
    return lookup(name) ?? whole;
  });
}
