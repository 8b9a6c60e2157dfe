/** String formats that a schema may ask for (kube-openapi/pkg/validation/strfmt). Unknown formats allow anything. */
import { parseTime, TimeError } from '../../schema/values/time.ts';
import { parseIPAddress } from '../../lib/ip-address.ts';

const dayTime = /^(\d\d):(\d\d):(\d\d)(.\d+)?(z|[+-]\d\d:\d\d)$/;
const uuid = (version: string, variant = '[0-9a-f]'): RegExp =>
  new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}[0-9a-f]{3}-?${variant}[0-9a-f]{3}-?[0-9a-f]{12}$`, 'i');
const isIPv4 = (text: string): boolean => ipFamily(text) === 4;
const isIPv6 = (text: string): boolean => ipFamily(text) === 6;
const matches = (pattern: RegExp) => (text: string): boolean => pattern.test(text);

const formats: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': isDateTime,
  datetime: isDateTime,
  date: isDate,
  duration: matches(/^([+-]?\d+(\.\d+)?\s*(ns|us|µs|ms|s|m|h|d|w|nanos?|micros?|millis?|secs?|mins?|hours?|hrs?|days?|weeks?)\s*)+$|^0$/i),
  ipv4: isIPv4,
  ipv6: isIPv6,
  cidr: isCidr,
  mac: matches(/^([0-9a-f]{2}[:-]){5}[0-9a-f]{2}$/i),
  uri: matches(/^(\/|[a-z][a-z0-9+.-]*:)\S*$/i),
  email: matches(/^[^\s@<>,;]+@[^\s@<>,;]+$/),
  hostname: matches(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\.?$/i),
  uuid: matches(uuid('[0-9a-f]')),
  uuid3: matches(uuid('3')),
  uuid4: matches(uuid('4', '[89ab]')),
  uuid5: matches(uuid('5', '[89ab]')),
  hexcolor: matches(/^#?([0-9a-f]{3}|[0-9a-f]{6})$/i),
  rgbcolor: matches(/^rgb\(\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])\s*(,\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])\s*){2}\)$/),
  byte: matches(/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$/),
  bsonobjectid: matches(/^[0-9a-f]{24}$/i),
  ssn: matches(/^\d{3}[- ]?\d{2}[- ]?\d{4}$/),
};

export function fitsFormat(format: string, text: string): boolean {
  return !Object.hasOwn(formats, format) || formats[format]!(text);
}

function isDate(text: string): boolean {
  try {
    return parseTime(`${text}T00:00:00Z`) !== undefined;
  } catch (error) {
    if (error instanceof TimeError) return false;
    throw error;
  }
}

/** Upstream looks at what stands between the first two Ts, and lets offsets be anything. */
function isDateTime(text: string): boolean {
  const [date = '', time = ''] = text.toLowerCase().split('t');
  const [, hours = '', minutes = '', seconds = ''] = dayTime.exec(time) ?? [];
  return isDate(date) && hours !== '' && hours <= '23' && minutes <= '59' && seconds <= '59';
}

/** By how it is written: `::ffff:10.0.0.1` is IPv6 here. */
function ipFamily(text: string): 4 | 6 | undefined {
  const address = parseIPAddress(text);
  return address?.leadingZeros ? undefined : address?.mapped ? 6 : address?.family;
}

function isCidr(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  const most = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  return more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most;
}

const numberFormats: ReadonlySet<string> = new Set(['int32', 'int64', 'float', 'double']);
/** Known, but checked by nothing here. */
const uncheckedFormats: ReadonlySet<string> = new Set(['password', 'isbn', 'isbn10', 'isbn13', 'creditcard', 'k8s-short-name', 'k8s-long-name']);

export const isKnownFormat = (format: string): boolean =>
  Object.hasOwn(formats, format) || numberFormats.has(format) || uncheckedFormats.has(format);
