/** What all adapters share: the shape of a case, and of the comparison that it asks for. */

export interface Vector {
  readonly id: string;
  readonly title?: unknown;
  readonly [member: string]: unknown;
}

export interface Comparison {
  readonly expected: unknown;
  readonly got: unknown;
}

/** Runs one case. `source` is its JSON text. */
export type Adapter = (vector: Vector, source: string) => Comparison;

/** The members of a case that say what should come out, apart from those that say what goes in. */
export function expectedOf(vector: Vector, inputs: readonly string[]): Record<string, unknown> {
  const skipped = new Set(['id', 'title', 'note', ...inputs]);
  return Object.fromEntries(Object.entries(vector).filter(([member]) => !skipped.has(member)));
}

/** A copy without some members. */
export function without<T extends object>(object: T, members: readonly (keyof T)[]): T {
  return Object.fromEntries(Object.entries(object).filter(([member]) => !members.includes(member as keyof T))) as T;
}

/** What `run` gives, or the text of the error that it throws as `{error}`. Only errors of `kind` count. */
export function outcome(run: () => unknown, ...kinds: readonly (new (...args: never[]) => Error)[]): unknown {
  try {
    return run();
  } catch (error) {
    if (kinds.some((kind) => error instanceof kind)) return { error: (error as Error).message };
    throw error;
  }
}

export function unknownOperation(vector: Vector): never {
  throw new Error(`unknown operation ${JSON.stringify(vector['op'])}`);
}
