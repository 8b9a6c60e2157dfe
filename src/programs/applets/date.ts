/** Dates as touch and date read them. Containers live in UTC. */

/** Milliseconds of `@12`, `2020-01-01`, `2020-01-01 12:00:05`, `202001011200.05`; undefined when it is no date. */
export function parseDate(text: string, now: number): number | undefined {
  if (/^@-?\d+(\.\d+)?$/.test(text)) return Number(text.slice(1)) * 1000;
  const iso = /^(\d{4})-(\d\d?)-(\d\d?)(?:[ T](\d\d?)(?::(\d\d))?(?::(\d\d))?)?(?:Z| UTC)?$/.exec(text);
  if (iso) {
    const [year, month, day, hour, minute, second] = iso.slice(1).map((part) => Number(part ?? '0'));
    return Date.UTC(year!, month! - 1, day, hour, minute, second);
  }
  const clock = /^(\d\d?):(\d\d)(?::(\d\d))?$/.exec(text);
  if (clock) return Math.floor(now / 86_400_000) * 86_400_000 + (Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? '0')) * 1000;
  const packed = /^(\d{4})?(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/.exec(text);
  if (!packed) return undefined;
  const year = packed[1] === undefined ? new Date(now).getUTCFullYear() : Number(packed[1]);
  return Date.UTC(year, Number(packed[2]) - 1, Number(packed[3]), Number(packed[4]), Number(packed[5]), Number(packed[6] ?? '0'));
}
