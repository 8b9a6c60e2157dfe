/** Dates as touch and date read and write them. Containers live in UTC unless TZ says otherwise. */
import { attempt, Errno } from '../errno.ts';
import type { Process } from '../process.ts';
import { stat } from '../syscalls.ts';
import type { Run } from '../wait.ts';
import { parseOptions } from './options.ts';

const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

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

interface Zone {
  readonly name: string;
  /** Minutes east of UTC. */
  readonly minutes: number;
}

const utc: Zone = { name: 'UTC', minutes: 0 };

/** POSIX zones: `EST5`, `CET-1`. */
function zoneOf(text: string | undefined): Zone {
  const match = /^([A-Za-z]{3,})([-+]?)(\d{1,2})(?::(\d\d))?/.exec(text ?? '');
  if (!match) return utc;
  const minutes = Number(match[3]) * 60 + Number(match[4] ?? '0');
  return { name: match[1]!, minutes: match[2] === '-' ? minutes : -minutes };
}

export function* date(process: Process): Run<number> {
  const options = parseOptions(process.args.slice(1), 'Rs:ud:r:D:I::', { utc: 'u', date: 'd' });
  const now = process.machine.clock.now();
  const wanted = options.value('d');
  const reference = options.value('r');
  const file = reference === undefined ? undefined : attempt(() => stat(process, reference));
  if (file instanceof Errno) {
    process.complain(`date: can't stat '${reference}': ${file.message}\n`);
    return 1;
  }
  const time = file ? file.modifiedAt : wanted === undefined ? now : parseDate(wanted, now);
  if (time === undefined) {
    process.complain(`date: invalid date '${wanted}'\n`);
    return 1;
  }
  if (options.has('s')) {
    process.complain('date: can\'t set date: Operation not permitted\n');
    return 1;
  }
  const zone = options.has('u') ? utc : zoneOf(process.env.get('TZ'));
  process.print(`${formatDate(time, formatOf(options.rest[0], options.has('R'), options.value('I')), zone)}\n`);
  return 0;
}

function formatOf(operand: string | undefined, rfc: boolean, iso: string | undefined): string {
  if (operand?.startsWith('+') === true) return operand.slice(1);
  if (rfc) return '%a, %d %b %Y %H:%M:%S %z';
  if (iso === undefined) return '%a %b %e %H:%M:%S %Z %Y';
  const parts: Readonly<Record<string, string>> = { h: '%Y-%m-%dT%H%:z', m: '%Y-%m-%dT%H:%M%:z', s: '%Y-%m-%dT%H:%M:%S%:z' };
  return parts[iso[0] ?? 'd'] ?? '%Y-%m-%d';
}

/** The last date that was asked for: containers that run in step ask for the same one. */
let last = { ms: NaN, format: '', zone: utc, text: '' };

/** strftime for times in milliseconds. */
export function formatDate(ms: number, format: string, zone: Zone = utc): string {
  if (last.ms !== ms || last.format !== format || last.zone !== zone) last = { ms, format, zone, text: expandFormat(ms, format, zone) };
  return last.text;
}

function expandFormat(ms: number, format: string, zone: Zone): string {
  const at = new Date(ms + zone.minutes * 60_000);
  return format.replace(/%(?:([-_0^#]*)(\d*)([a-zA-Z%])|(:z))/g, (whole, flags: string = '', width = '', code: string, colonZone?: string) => {
    const text = one(at, ms, colonZone ?? code, zone);
    return text === undefined ? whole : withFlags(text, flags, Number(width));
  });
}

/** glibc's flags: `-` pads nothing, `_` with blanks, `0` with zeros; `^` is for capitals. */
function withFlags(text: string, flags: string, width: number): string {
  const bare = text.replace(/^[0 ]+(?=\d)/, '');
  const fill = flags.includes('_') || (!flags.includes('0') && !/^[ \d]/.test(text)) ? ' ' : '0';
  const length = Math.max(width, flags.includes('_') || flags.includes('0') ? text.length : 0);
  const padded = flags.includes('-') ? bare : length > 0 ? bare.padStart(length, fill) : text;
  return flags.includes('^') ? padded.toUpperCase() : padded;
}

const two = (value: number): string => String(value).padStart(2, '0');

const dayMs = 86_400_000;
const dayOfYear = (at: Date): number => Math.floor((at.getTime() - Date.UTC(at.getUTCFullYear(), 0, 1)) / dayMs) + 1;
/** The week of ISO 8601 that a day is in belongs to the year of its Thursday. */
const thursdayOf = (at: Date): Date => new Date(at.getTime() + (3 - ((at.getUTCDay() + 6) % 7)) * dayMs);

function one(at: Date, ms: number, code: string, zone: Zone): string | undefined {
  const offset = `${zone.minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(zone.minutes) / 60))}`;
  const hour = at.getUTCHours();
  switch (code) {
    case '%': return '%';
    case 'n': return '\n';
    case 't': return '\t';
    case 'Y': return String(at.getUTCFullYear());
    case 'C': return two(Math.floor(at.getUTCFullYear() / 100));
    case 'y': return two(at.getUTCFullYear() % 100);
    case 'm': return two(at.getUTCMonth() + 1);
    case 'd': return two(at.getUTCDate());
    case 'e': return String(at.getUTCDate()).padStart(2);
    case 'H': return two(hour);
    case 'k': return String(hour).padStart(2);
    case 'I': return two(hour % 12 === 0 ? 12 : hour % 12);
    case 'l': return String(hour % 12 === 0 ? 12 : hour % 12).padStart(2);
    case 'M': return two(at.getUTCMinutes());
    case 'S': return two(at.getUTCSeconds());
    // The recorded build knows no nanoseconds.
    case 'N': return '%N';
    case 's': return String(Math.floor(ms / 1000));
    case 'p': return hour < 12 ? 'AM' : 'PM';
    case 'P': return hour < 12 ? 'am' : 'pm';
    case 'r': return expandFormat(ms, '%I:%M:%S %p', zone);
    case 'j': return String(dayOfYear(at)).padStart(3, '0');
    case 'U': return two(Math.floor((dayOfYear(at) + 6 - at.getUTCDay()) / 7));
    case 'W': return two(Math.floor((dayOfYear(at) + 6 - ((at.getUTCDay() + 6) % 7)) / 7));
    case 'V': return two(Math.ceil(dayOfYear(thursdayOf(at)) / 7));
    case 'G': return String(thursdayOf(at).getUTCFullYear());
    case 'g': return two(thursdayOf(at).getUTCFullYear() % 100);
    case 'u': return String(at.getUTCDay() === 0 ? 7 : at.getUTCDay());
    case 'w': return String(at.getUTCDay());
    case 'a': return days[at.getUTCDay()]!.slice(0, 3);
    case 'A': return days[at.getUTCDay()];
    case 'b':
    case 'h': return months[at.getUTCMonth()]!.slice(0, 3);
    case 'B': return months[at.getUTCMonth()];
    case 'Z': return zone.name;
    case 'z': return `${offset}${two(Math.abs(zone.minutes) % 60)}`;
    case ':z': return `${offset}:${two(Math.abs(zone.minutes) % 60)}`;
    case 'F': return at.toISOString().slice(0, 10);
    case 'X':
    case 'T': return at.toISOString().slice(11, 19);
    case 'R': return at.toISOString().slice(11, 16);
    case 'x':
    case 'D': return `${two(at.getUTCMonth() + 1)}/${two(at.getUTCDate())}/${two(at.getUTCFullYear() % 100)}`;
    case 'c': return `${days[at.getUTCDay()]!.slice(0, 3)} ${months[at.getUTCMonth()]!.slice(0, 3)} ${String(at.getUTCDate()).padStart(2)} ${at.toISOString().slice(11, 19)} ${at.getUTCFullYear()}`;
    default: return undefined;
  }
}
