/** What the options say of a cluster's clock. */
import { SwitchableClock } from '../clock/switchable-clock.ts';
import type { Options } from '../options.ts';

const manualStart = Date.parse('2026-01-01T00:00:00Z');

/** The time at which a cluster starts: told, the host's, or for a clock that stands always the same. */
export function startOf({ startTime }: Options, stands: boolean): number {
  if (startTime === 'now' || (startTime === '' && !stands)) return SwitchableClock.hostNow();
  return startTime === '' ? manualStart : Date.parse(startTime);
}

/** Clock time per host time that the options ask for; undefined for a clock that stands. */
export const rateOf = ({ clock }: Options): number | undefined =>
  clock === 'real' ? 1 : clock.startsWith('scaled:') ? Number(clock.slice('scaled:'.length)) : undefined;
