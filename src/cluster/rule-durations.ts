/** Durations of rules in milliseconds; ranges are drawn from the seed. */
import type { Prng } from '../lib/prng.ts';
import type { DurationOrNever } from '../schema/fakelet/rule.ts';
import { DurationError, parseDuration } from '../schema/values/duration.ts';
import { RuleError } from './rule-error.ts';

/** Milliseconds; Infinity for 'never'. Throws RuleError. */
export function drawMs(duration: DurationOrNever, path: string, random: Prng): number {
  if (duration === 'never') return Infinity;
  if (typeof duration === 'string') return readMs(duration, path);
  const min = readMs(duration.min, `${path}.min`);
  const max = readMs(duration.max, `${path}.max`);
  if (max < min) throw new RuleError(path, `max (${duration.max}) is less than min (${duration.min})`);
  return Math.round(random.between(min, max));
}

function readMs(text: string, path: string): number {
  try {
    const ms = Number(parseDuration(text)) / 1e6;
    if (ms < 0) throw new RuleError(path, `${text} is negative`);
    return ms;
  } catch (error) {
    if (error instanceof DurationError) throw new RuleError(path, error.message);
    throw error;
  }
}
