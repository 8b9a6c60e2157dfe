/** `$(VAR)` in commands, arguments, environment values and sub-paths (third_party/forked/golang/expansion). */
import { ConfigError } from './config-error.ts';

/** Replaces references to known variables; unknown ones stay as they are, and `$$` is a plain `$`. */
export function expand(text: string, lookup: (name: string) => string | undefined): string {
  return text.replace(/\$(\$|\(([^)]*)\)|\(|)/g, (whole: string, what: string, name: string | undefined) => {
    if (what === '$') return '$';
    if (name === undefined) return whole;
    return lookup(name) ?? whole;
  });
}

/** A volume mount's `subPathExpr`. Throws `ConfigError` for variables without a value and for paths that leave the volume. */
export function expandSubPath(text: string, env: ReadonlyMap<string, string>): string {
  const missing = new Set<string>();
  const path = expand(text, (name) => {
    const value = env.get(name);
    if (!value) missing.add(name);
    return value;
  });
  if (missing.size > 0) throw new ConfigError(`missing value for ${[...missing].toSorted().join(', ')}`);
  if (path.startsWith('/')) throw new ConfigError(`error SubPath \`${path}\` must not be an absolute path`);
  if (path.split('/').includes('..')) throw new ConfigError(`unable to provision SubPath \`${path}\`: must not contain '..'`);
  return path;
}
