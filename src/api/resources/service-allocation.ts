/**
 * What the API server allocates for a Service before it looks at anything else: cluster IPs, IP families and node ports
 * (pkg/registry/core/service/storage alloc.go, storage.go). What is taken is read from the Services themselves and
 * from IPAddresses that others made, so nothing can get out of step. The cluster knows IPv4 only.
 */
import type { Service } from '../../schema/core/v1.ts';
import { equal } from '../../lib/json.ts';
import { parseIPAddress } from '../../lib/ip-address.ts';
import { invalid, type FieldError } from '../field-error.ts';
import type { StrategyContext } from '../strategy.ts';
import { needsHealthCheck } from '../validation/service.ts';
import { familyOf, validateServiceAddresses } from '../validation/service-addresses.ts';

type Spec = Service['spec'];

/** 10.96.0.0/16: the first address belongs to `kubernetes`, the next few to cluster DNS and its like. */
const addressRange = '10.96.0.0/16';
const dynamicAddressesFrom = 256;
const addresses = 2 ** 16;
const nodePortLeast = 30_000;
const nodePorts = 2768;

/** Allocates in place. `old` is the stored spec, frozen, undefined on create. Its causes stand alone. */
export function allocateForService(spec: Spec, old: Spec | undefined, context: StrategyContext): FieldError[] {
  if (old) keepAllocated(spec, old);
  alignAddresses(spec, old);
  const others = services(context).filter((other) => other !== old);
  const steps = [
    () => allocateFamilies(spec, old),
    () => allocateAddresses(spec, old, others, context),
    () => allocateNodePorts(spec, old, others, context),
  ];
  for (const step of steps) {
    const errors = step();
    if (errors.length > 0) return errors;
  }
  return [];
}

const services = (context: StrategyContext): Spec[] => context.list('', 'services', '').map((object) => (object as unknown as Service).spec);

const needsNodePorts = ({ type, allocateLoadBalancerNodePorts }: Spec): boolean =>
  type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);

/** A body that leaves out what was allocated keeps it. */
function keepAllocated(spec: Spec, old: Spec): void {
  if (spec.type !== 'ExternalName' && old.type !== 'ExternalName') {
    if (!spec.clusterIP && old.clusterIP) spec.clusterIP = old.clusterIP;
    if (!spec.clusterIPs?.length && old.clusterIPs) spec.clusterIPs = [...old.clusterIPs];
  }
  if (needsNodePorts(spec) && needsNodePorts(old)) {
    const used = new Set(old.ports?.map(({ nodePort }) => nodePort).filter((port) => spec.ports?.some(({ nodePort }) => nodePort === port)));
    const byName = new Map(old.ports?.map(({ name = '', nodePort }) => [name, nodePort]));
    for (const port of spec.ports ?? []) {
      const known = byName.get(port.name ?? '');
      if (!port.nodePort && known && !used.has(known)) port.nodePort = known;
    }
  }
  if (needsHealthCheck(spec) && needsHealthCheck(old) && old.healthCheckNodePort) spec.healthCheckNodePort ??= old.healthCheckNodePort;
}

/** Clients know `clusterIP` alone or both it and `clusterIPs`. */
function alignAddresses(spec: Spec, old: Spec | undefined): void {
  const { clusterIP, clusterIPs } = spec;
  if (!old) {
    if (clusterIP && !clusterIPs?.length) spec.clusterIPs = [clusterIP];
    return;
  }
  if (clusterIP === old.clusterIP) {
    if (old.clusterIPs?.length && !clusterIPs?.length) spec.clusterIPs = [...old.clusterIPs];
  } else if (equal(clusterIPs ?? [], old.clusterIPs ?? [])) {
    if (clusterIP) spec.clusterIPs = [clusterIP];
    else delete spec.clusterIPs;
  }
}

function allocateFamilies(spec: Spec, old: Spec | undefined): FieldError[] {
  if (spec.type === 'ExternalName' || (old && keepsBothFamilies(spec, old))) return [];
  const isFree = spec.clusterIP === 'None' && Object.keys(spec.selector ?? {}).length === 0;
  spec.ipFamilyPolicy ??= old?.ipFamilyPolicy ?? (isFree ? 'RequireDualStack' : 'SingleStack');
  const errors: FieldError[] = [];
  validateServiceAddresses(spec, old, errors);
  if (errors.length > 0) return errors;
  if (old) changeStack(spec, old, errors);
  checkSingleStack(spec, errors);
  inferFamilies(spec, errors);
  if (errors.length > 0) return errors;
  const families = spec.ipFamilies!;
  if (isFree) {
    if (families.length === 0) families.push('IPv4');
    if (families.length < 2 && spec.ipFamilyPolicy !== 'SingleStack') families.push(families[0] === 'IPv4' ? 'IPv6' : 'IPv4');
    return [];
  }
  if (spec.ipFamilyPolicy === 'RequireDualStack') {
    errors.push(invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services'));
  }
  families.forEach((family, i) => {
    if (family !== 'IPv4') errors.push(invalid(`spec.ipFamilies[${i}]`, family, 'not configured on this cluster'));
  });
  if (families.length === 0) families.push('IPv4');
  return errors;
}

/** A Service that prefers two families is left as it is while nothing of them changes. */
function keepsBothFamilies(spec: Spec, old: Spec): boolean {
  return [spec, old].every(({ type, ipFamilyPolicy }) => type !== 'ExternalName' && ipFamilyPolicy === 'PreferDualStack')
    && equal(spec.clusterIPs ?? [], old.clusterIPs ?? []) && equal(spec.ipFamilies ?? [], old.ipFamilies ?? []);
}

function changeStack(spec: Spec, old: Spec, errors: FieldError[]): void {
  for (const [member, what] of [['clusterIPs', 'cluster IP'], ['ipFamilies', 'IP family']] as const) {
    const [next, was] = [spec[member] ?? [], old[member] ?? []];
    if (spec.ipFamilyPolicy === 'SingleStack') {
      if (next.length > 1 && equal(next, was)) spec[member] = next.slice(0, 1);
    } else if (next.length > 0 && next.length < was.length && equal(next, was.slice(0, next.length))) {
      errors.push(invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy, `must be 'SingleStack' to release the secondary ${what}`));
    }
  }
}

function checkSingleStack({ ipFamilyPolicy, clusterIPs = [], ipFamilies = [] }: Spec, errors: FieldError[]): void {
  if (ipFamilyPolicy !== 'SingleStack') return;
  const must = "must be 'RequireDualStack' or 'PreferDualStack' when multiple";
  if (clusterIPs.length === 2) errors.push(invalid('spec.ipFamilyPolicy', ipFamilyPolicy, `${must} cluster IPs are specified`));
  if (ipFamilies.length === 2) errors.push(invalid('spec.ipFamilyPolicy', ipFamilyPolicy, `${must} IP families are specified`));
}

/** Addresses tell their families. */
function inferFamilies(spec: Spec, errors: FieldError[]): void {
  const families = [...spec.ipFamilies ?? []];
  spec.ipFamilies = families;
  const given = spec.clusterIPs ?? [];
  if (given[0] === 'None') return;
  given.slice(families.length).forEach((address) => {
    const family = familyOf(address);
    if (family === 'IPv4') families.push(family);
    else errors.push(invalid(`spec.clusterIPs[${given.indexOf(address)}]`, given, `${family} is not configured on this cluster`));
  });
}

function allocateAddresses(spec: Spec, old: Spec | undefined, others: readonly Spec[], context: StrategyContext): FieldError[] {
  if (spec.type === 'ExternalName' || spec.clusterIPs?.[0] === 'None' || (old && old.type !== 'ExternalName')) return [];
  const taken = new Set([...others.flatMap(({ clusterIPs = [] }) => clusterIPs), ...reservedAddresses(context)]);
  const wanted = spec.clusterIPs?.[0];
  if (!wanted) {
    spec.clusterIP = freeAddress(taken, context);
    spec.clusterIPs = [spec.clusterIP];
    return [];
  }
  const [a, b] = parseIPAddress(wanted)!.bytes;
  const why = a === 10 && b === 96 ? taken.has(wanted) && 'provided IP is already allocated'
    : `the provided IP (${wanted}) is not in the valid range. The range of valid IPs is ${addressRange}`;
  return why ? [invalid('spec.clusterIPs', spec.clusterIPs, `failed to allocate IP ${wanted}: ${why}`)] : [];
}

/** IPAddresses that somebody made, and not the cluster for a Service. */
const reservedAddresses = (context: StrategyContext): string[] => context.list('networking.k8s.io', 'ipaddresses', '').flatMap(({ metadata }) =>
  (metadata.labels?.['ipaddress.kubernetes.io/managed-by'] === 'ipallocator.k8s.io' ? [] : [metadata.name ?? '']));

function freeAddress(taken: ReadonlySet<string>, context: StrategyContext): string {
  for (;;) {
    const n = dynamicAddressesFrom + context.random.below(addresses - dynamicAddressesFrom - 1);
    const address = `10.96.${n >> 8}.${n & 255}`;
    if (!taken.has(address)) return address;
  }
}

function allocateNodePorts(spec: Spec, old: Spec | undefined, others: readonly Spec[], context: StrategyContext): FieldError[] {
  if (spec.type !== 'NodePort' && spec.type !== 'LoadBalancer') return [];
  const taken = new Set(others.flatMap(({ ports = [], healthCheckNodePort = 0 }) => [healthCheckNodePort, ...ports.map(({ nodePort = 0 }) => nodePort)]));
  const own = new Set(old?.ports?.map(({ nodePort }) => nodePort));
  const errors: FieldError[] = [];
  spec.ports?.forEach(({ nodePort }, i) => {
    if (!nodePort || own.has(nodePort)) return;
    own.add(nodePort);
    const why = nodePort < nodePortLeast || nodePort >= nodePortLeast + nodePorts
      ? `provided port is not in the valid range. The range of valid ports is ${nodePortLeast}-${nodePortLeast + nodePorts - 1}`
      : taken.has(nodePort) && 'provided port is already allocated';
    if (why) errors.push(invalid(`spec.ports[${i}].nodePort`, nodePort, why));
  });
  if (errors.length > 0) return errors.slice(0, 1);
  for (const port of own) if (port) taken.add(port);
  const byNumber = new Map(spec.ports?.flatMap(({ port, nodePort }) => (nodePort ? [[port, nodePort]] : [])));
  for (const port of spec.ports ?? []) {
    if (port.nodePort || !needsNodePorts(spec)) continue;
    port.nodePort = (old ? undefined : byNumber.get(port.port)) ?? freeNodePort(taken, context);
    byNumber.set(port.port, port.nodePort);
  }
  if (needsHealthCheck(spec)) spec.healthCheckNodePort ||= freeNodePort(taken, context);
  return [];
}

function freeNodePort(taken: Set<number>, context: StrategyContext): number {
  for (;;) {
    const port = nodePortLeast + context.random.below(nodePorts);
    if (taken.has(port)) continue;
    taken.add(port);
    return port;
  }
}
