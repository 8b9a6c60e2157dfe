/** Where a rule says that a mistake is: `.spec.names['first']` (ValidFieldPath of apiextensions' apiserver/schema/cel/validation.go). */
import { isObject } from '../../lib/json.ts';
import { property, type Schema } from './schema.ts';

/** As fields are printed, without a dot before it; empty for a path that leads nowhere. */
export function fieldPathOf(path: string, schema: Schema): string {
  const steps = stepsOf(path);
  let at: Schema = schema;
  let printed = '';
  for (const name of steps ?? []) {
    const isMember = at.properties !== undefined;
    const below = isMember ? property(at, name) : isObject(at.additionalProperties) ? at.additionalProperties as Schema : undefined;
    if (!below) return '';
    printed += isMember ? `${printed === '' ? '' : '.'}${name}` : `[${name}]`;
    at = below;
  }
  return printed;
}

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', "'": "'", '\\': '\\' };

/** Undefined for what is no path. */
function stepsOf(path: string): string[] | undefined {
  const steps: string[] = [];
  let rest = path;
  while (rest !== '') {
    const step = /^(?:\.([^.[\]']+)|\['((?:[^'\\]|\\.)*)'\])/.exec(rest);
    if (!step || /\\[^abfnrtv'\\]/.test(step[2] ?? '')) return undefined;
    steps.push(step[1] ?? step[2]!.replace(/\\(.)/g, (_, char: string) => escapes[char]!));
    rest = rest.slice(step[0].length);
  }
  return steps;
}
