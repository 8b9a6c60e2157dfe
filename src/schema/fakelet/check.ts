/** Checks values against our own schemas; what is wrong is told with its path, so that a user finds it in a long rule. */
import type { TSchema } from '@sinclair/typebox';
import { TypeCompiler, type TypeCheck } from '@sinclair/typebox/compiler';
import type { ValueError } from '@sinclair/typebox/errors';

/** What is wrong with a value, as `exits.0.after: Expected …`, or undefined. */
export type Check = (value: unknown) => string | undefined;

/** Compiles the schema when the first value comes: a start should not pay for what nobody uses. */
export function checkerOf(schema: TSchema): Check {
  let check: TypeCheck<TSchema> | undefined;
  return (value) => {
    check ??= TypeCompiler.Compile(schema);
    return check.Check(value) ? undefined : describe(deepest(check.Errors(value).First()!));
  };
}

/** Where a value may have several forms, the form that went furthest tells most. */
function deepest(error: ValueError): ValueError {
  const nested = error.errors.flatMap((branch) => {
    const first = branch.First();
    return first && first.path.length > error.path.length ? [deepest(first)] : [];
  });
  return nested.toSorted((a, b) => b.path.length - a.path.length)[0] ?? error;
}

function describe({ path, message, schema }: ValueError): string {
  const where = path === '' ? 'the body' : path.slice(1).replaceAll('/', '.');
  const expected = typeof schema.description === 'string' && !/^Expected (?:required|object|array)|^Unexpected/.test(message) ? ` (${schema.description})` : '';
  return `${where}: ${message}${expected}`;
}
