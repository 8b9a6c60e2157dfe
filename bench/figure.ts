/** One line of the benchmark's report. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  /** What it is held to, as text; empty when it is only told. */
  readonly target: string;
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Host milliseconds that `work` takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
