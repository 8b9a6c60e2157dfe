/** Durations in custom resources may be longer words than Go's: `3 days` (kube-openapi/pkg/validation/strfmt/duration.go). */
import { DurationError, parseDuration } from '../../schema/values/duration.ts';
import { fail } from './arguments.ts';

const units: readonly (readonly [nanos: bigint, names: RegExp])[] = [
  [1n, /^(ns|nano.*)$/], [1000n, /^(us|µs|micro.*)$/], [1_000_000n, /^(ms|milli.*)$/], [1_000_000_000n, /^(s|sec.*)$/], [60_000_000_000n, /^(m|min.*)$/],
  [3_600_000_000_000n, /^(h|hr|hour.*)$/], [86_400_000_000_000n, /^(d|day.*)$/], [604_800_000_000_000n, /^(w|wk|week.*)$/],
];

/** Nanoseconds. Throws EvaluationError. */
export function schemaDuration(text: string): bigint {
  try {
    return parseDuration(text);
  } catch (error) {
    if (!(error instanceof DurationError)) throw error;
  }
  const parts = [...text.matchAll(/(\d+)\s*([A-Za-zµ]+)/g)].flatMap(([, count, unit]) =>
    units.filter(([, names]) => names.test(unit!.toLowerCase())).map(([nanos]) => BigInt(count!) * nanos));
  return parts.length > 0 ? parts.reduce((total, part) => total + part, 0n) : fail(`Invalid duration ${text}: unable to parse ${text} as duration`);
}
