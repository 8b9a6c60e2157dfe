/** What the functions of CEL, of its extensions and of Kubernetes' libraries give back. Arguments are not looked at. */
import { bool, bytes, double, duration, dyn, int, isList, listOf, string, timestamp, uint, type CelType } from './types.ts';

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
  [dyn, `type dyn value orValue or unwrap unwrapOpt of none ofNonZeroValue getQuery optMap optFlatMap named validate add sub first last
    dns1123Label dns1123Subdomain dns1035Label qualifiedName dns1123LabelPrefix dns1123SubdomainPrefix dns1035LabelPrefix labelValue uri uuid byte
    date datetime flatten`],
  [named('kubernetes.URL'), 'url'], [named('kubernetes.Quantity'), 'quantity'], [named('net.IP'), 'ip'], [named('net.CIDR'), 'cidr masked'],
  [named('kubernetes.Semver'), 'semver'],
  [named('kubernetes.authorization.PathCheck'), 'path'],
  [named('kubernetes.authorization.GroupCheck'), 'group'],
  [named('kubernetes.authorization.Decision'), 'check'],
  [named('kubernetes.authorization.Authorizer'), 'serviceAccount'],
  [named('kubernetes.authorization.ResourceCheck'), 'resource subresource namespace name fieldSelector labelSelector'],
];
const results = new Map(byResult.flatMap(([type, names]) => words(names).map((name) => [name, type])));
/** These give back what they are called on. */
const same = new Set(words('slice sort distinct reverse'));
/** These give back one of their items. */
const item = new Set(words('sum min max'));

/** Names that only stand before the dot of a function. */
export const libraries = new Set(words('sets strings lists optional format ip jsonpatch'));

/** Undefined for a function that nobody has. */
export function resultOf(name: string, target: CelType | undefined): CelType | undefined {
  const last = name.split('.').at(-1)!;
  if (same.has(last)) return target && isList(target) ? target : target?.name === 'string' ? string : dyn;
  if (item.has(last)) return target?.items ?? dyn;
  return results.get(last);
}
