/**
 * What the functions of CEL, of its extensions and of Kubernetes' libraries take and give back. Where nothing is said of what a
 * function takes, that is not looked at.
 */
import {
  bool, bytes, double, duration, dyn, int, isDyn, isList, listOf, optionalOf, printed, string, timestamp, typeOfType, uint, type CelType,
} from './types.ts';

const words = (text: string): string[] => text.trim().split(/\s+/);
const named = (name: string): CelType => ({ name });

const byResult: readonly (readonly [CelType, string])[] = [
  [bool, `contains endsWith startsWith matches bool isSorted isURL isQuantity isInteger isGreaterThan isLessThan isIP isCanonical isUnspecified
    isLoopback isLinkLocalMulticast isLinkLocalUnicast isGlobalUnicast isCIDR containsIP containsCIDR isSemver hasValue equivalent intersects
    allowed errored`],
  [int, `size int getFullYear getMonth getDayOfYear getDayOfMonth getDate getDayOfWeek getHours getMinutes getSeconds getMilliseconds indexOf
    lastIndexOf asInteger sign compareTo family prefixLength major minor patch`],
  [string, `string charAt format join lowerAscii upperAscii quote replace substring trim find getScheme getHost getHostname getPort
    getEscapedPath reason error escapeKey`],
  [uint, 'uint'], [double, 'double asApproximateFloat'], [bytes, 'bytes'], [duration, 'duration'], [timestamp, 'timestamp'],
  [listOf(string), 'split findAll'], [listOf(int), 'range'],
  [dyn, `dyn getQuery named validate flatten dns1123Label dns1123Subdomain dns1035Label qualifiedName dns1123LabelPrefix
    dns1123SubdomainPrefix dns1035LabelPrefix labelValue uri uuid byte date datetime`],
  [named('kubernetes.URL'), 'url'], [named('kubernetes.Quantity'), 'quantity add sub'], [named('net.IP'), 'ip'], [named('net.CIDR'), 'cidr masked'],
  [named('kubernetes.Semver'), 'semver'],
  [named('kubernetes.authorization.PathCheck'), 'path'],
  [named('kubernetes.authorization.GroupCheck'), 'group'],
  [named('kubernetes.authorization.Decision'), 'check'],
  [named('kubernetes.authorization.Authorizer'), 'serviceAccount'],
  [named('kubernetes.authorization.ResourceCheck'), 'resource subresource namespace name fieldSelector labelSelector'],
];
const results = new Map(byResult.flatMap(([type, names]) => words(names).map((name) => [name, type])));

/** What depends on the type of the target, or of the first argument. */
const derived: Readonly<Record<string, (target: CelType, argument: CelType) => CelType>> = {
  type: (_, argument) => typeOfType(argument),
  value: ({ held = dyn }) => held,
  of: (_, argument) => optionalOf(argument), ofNonZeroValue: (_, argument) => optionalOf(argument), none: () => optionalOf(dyn),
  unwrap: (_, argument) => listOf(argument.items?.held ?? dyn), unwrapOpt: ({ items }) => listOf(items?.held ?? dyn),
  ...Object.fromEntries(words('sum min max').map((name) => [name, ({ items = dyn }: CelType) => items])),
  ...Object.fromEntries(words('first last').map((name) => [name, ({ items = dyn }: CelType) => optionalOf(items)])),
  ...Object.fromEntries(words('slice sort distinct reverse').map((name) => [name, (target: CelType) => (isList(target) || target.name === 'string' ? target : dyn)])),
};

/** What comes before the dot, and the arguments; `list` and `map` are those of anything. */
const signatures: Readonly<Record<string, readonly string[]>> = {
  size: ['(string)', '(bytes)', '(list)', '(map)', 'string.()', 'bytes.()', 'list.()', 'map.()'],
  ...Object.fromEntries(words('startsWith endsWith contains').map((name) => [name, ['string.(string)']])),
  ...Object.fromEntries(words('lowerAscii upperAscii trim').map((name) => [name, ['string.()']])),
  matches: ['string.(string)', '(string, string)'],
  split: ['string.(string)', 'string.(string, int)'],
  replace: ['string.(string, string)', 'string.(string, string, int)'],
  substring: ['string.(int)', 'string.(int, int)'],
  charAt: ['string.(int)'],
  quantity: ['(string)'], isQuantity: ['(string)'], url: ['(string)'], isURL: ['(string)'], cidr: ['(string)'], isCIDR: ['(string)'],
};

/** Names that only stand before the dot of a function. */
export const libraries = new Set(words('sets strings lists optional format ip jsonpatch'));

/** What a call gives, or what is wrong with it. */
export function resultOf(name: string, target: CelType | undefined, args: readonly CelType[]): CelType | string {
  const last = name.split('.').at(-1)!;
  const type = Object.hasOwn(derived, last) ? derived[last]!(target ?? dyn, args[0] ?? dyn) : results.get(last);
  if (!type) return `undeclared reference to '${name}' (in container '')`;
  if (!Object.hasOwn(signatures, name) || signatures[name]!.some((signature) => takes(signature, target, args))) return type;
  return `found no matching overload for '${name}' applied to '${target ? `${printed(target)}.` : ''}(${args.map(printed).join(', ')})'`;
}

function takes(signature: string, target: CelType | undefined, args: readonly CelType[]): boolean {
  const [, before = '', inside = ''] = /^(\w*)\.?\((.*)\)$/.exec(signature)!;
  const wanted = inside === '' ? [] : inside.split(', ');
  const matches = (type: CelType, kind: string): boolean => isDyn(type) || type.name === kind || (kind === 'list' ? isList(type) : kind === 'map' && type.keys !== undefined);
  if ((target === undefined) !== (before === '') || (target && !matches(target, before))) return false;
  return wanted.length === args.length && args.every((type, i) => matches(type, wanted[i]!));
}
