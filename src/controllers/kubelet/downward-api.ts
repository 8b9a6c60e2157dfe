/** What a Pod can learn of itself by `fieldRef` and `resourceFieldRef` (pkg/fieldpath, api/v1/resource). */
import type { Container, Pod, ResourceFieldSelector } from '../../schema/core/v1.ts';
import { quote } from '../../lib/go-format.ts';
import type { Millis } from '../../clock/clock.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import { findContainer } from './pod-containers.ts';

/** What is true of the whole node. */
export interface NodeFacts {
  readonly hostIPs: readonly string[];
  readonly allocatable: Readonly<Record<string, string>>;
}

export function fieldValue(pod: Pod, path: string, podIPs: readonly string[], node: NodeFacts): string {
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (keyed) {
    const map = pod.metadata[keyed[1] as 'labels' | 'annotations'] ?? {};
    return Object.hasOwn(map, keyed[2]!) ? map[keyed[2]!]! : '';
  }
  switch (path) {
    case 'metadata.name': return pod.metadata.name ?? '';
    case 'metadata.namespace': return pod.metadata.namespace ?? '';
    case 'metadata.uid': return pod.metadata.uid ?? '';
    case 'metadata.labels': return printMap(pod.metadata.labels);
    case 'metadata.annotations': return printMap(pod.metadata.annotations);
    case 'spec.nodeName': return pod.spec.nodeName ?? '';
    case 'spec.serviceAccountName': return pod.spec.serviceAccountName ?? '';
    case 'status.hostIP': return node.hostIPs[0] ?? '';
    case 'status.hostIPs': return node.hostIPs.join(',');
    case 'status.podIP': return podIPs[0] ?? '';
    case 'status.podIPs': return podIPs.join(',');
    default: return '';
  }
}

/** The Pod with the annotations that a kubelet adds to its own copy of one from the API (config.go, types.ConfigSourceAnnotationKey). */
export function asSeen(pod: Pod, seenAt: Millis): Pod {
  // A real kubelet's clock has nanoseconds, which RFC 3339 would leave out if they were zero.
  const seen = new Date(seenAt).toISOString().replace('Z', '000001Z');
  const annotations = { 'kubernetes.io/config.seen': seen, 'kubernetes.io/config.source': 'api', ...pod.metadata.annotations };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}

/** `key="value"` lines, sorted (fieldpath.FormatMap). */
function printMap(map: Readonly<Record<string, string>> | undefined): string {
  return Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${key}=${quote(value)}`).join('\n');
}

/** A limit or request in units of the divisor, rounded up; a missing limit is what the node has. */
export function resourceValue(pod: Pod, container: Container, { containerName, resource, divisor }: ResourceFieldSelector, node: NodeFacts): string {
  const target = containerName ? findContainer(pod, containerName)?.container ?? container : container;
  const [kind, name] = splitResource(resource);
  const amounts = target.resources?.[kind];
  const fallback = kind === 'limits' ? node.allocatable[name] : undefined;
  const amount = parseQuantity(amounts?.[name] ?? fallback ?? '0');
  const unit = parseQuantity(divisor === undefined || divisor === '0' ? '1' : divisor);
  if (name === 'cpu') return String(ceilDiv(amount.milliValue(), unit.milliValue()));
  return String(ceilDiv(amount.value(), unit.value()));
}

function splitResource(resource: string): ['limits' | 'requests', string] {
  const dot = resource.indexOf('.');
  return [resource.slice(0, dot) as 'limits' | 'requests', resource.slice(dot + 1)];
}

const ceilDiv = (amount: bigint, unit: bigint): bigint => (amount + unit - 1n) / unit;
