/**
 * Services (pkg/registry/core/service): the API server gives them cluster IPs and node ports. What is taken is read from
 * the Services themselves, so nothing can get out of step.
 */
import type { Service } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import { invalid, type FieldError } from '../field-error.ts';
import type { Strategy, StrategyContext } from '../strategy.ts';
import { nameIsDNSLabel, nameIsDNSLabelPrefix } from '../validation/names.ts';
import { validateService, validateServiceUpdate } from '../validation/service.ts';
import { genericStrategy } from './generic-strategy.ts';

type Spec = Service['spec'];
const asService = (object: KubeObject): Service => object as unknown as Service;

/** 10.96.0.0/16: the first address belongs to `kubernetes`, the next few to cluster DNS and its like. */
const dynamicAddressesFrom = 256;
const addresses = 2 ** 16;
const nodePortLeast = 30_000;
const nodePorts = 2768;

export function serviceStrategy(facts: ResourceFacts): Strategy {
  const generic = genericStrategy(facts, {
    name: nameIsDNSLabel, generateName: nameIsDNSLabelPrefix,
    object: (object, errors) => validateService(asService(object), errors),
    update: (next, old, errors) => validateServiceUpdate(asService(next), asService(old), errors),
  });
  return {
    ...generic,
    prepareForCreate: (object, context) => {
      const service = asService(object);
      service.status = { loadBalancer: {} };
      allocate(service.spec, context);
    },
    prepareForUpdate: (object, oldObject, context) => {
      const [next, old] = [asService(object), asService(oldObject)];
      next.status = old.status;
      keepAllocated(next.spec, old.spec);
      allocate(next.spec, context);
    },
    validateCreate: (object, context) => [...generic.validateCreate!(object, context), ...takenAddress(asService(object), context)],
    selectableFields: (object) => {
      const { clusterIP = '', type = '' } = asService(object).spec;
      return { 'spec.clusterIP': clusterIP, 'spec.type': type };
    },
  };
}

/** A body that leaves out what was allocated keeps it; a change of type drops what the new type has not. */
function keepAllocated(spec: Spec, old: Spec): void {
  if (spec.type === 'ExternalName') {
    for (const member of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy', 'externalTrafficPolicy'] as const) {
      if (spec[member] === undefined || JSON.stringify(spec[member]) === JSON.stringify(old[member])) delete spec[member];
    }
    return;
  }
  if (spec.clusterIP === undefined && spec.clusterIPs === undefined && old.type !== 'ExternalName') {
    if (old.clusterIP) spec.clusterIP = old.clusterIP;
    if (old.clusterIPs) spec.clusterIPs = old.clusterIPs;
  }
  if (spec.ipFamilies === undefined && old.ipFamilies) spec.ipFamilies = old.ipFamilies;
  if (spec.ipFamilyPolicy === undefined && old.ipFamilyPolicy) spec.ipFamilyPolicy = old.ipFamilyPolicy;
  if (needsNodePorts(spec)) {
    for (const port of spec.ports ?? []) {
      const same = old.ports?.find((other) => other.port === port.port && other.protocol === port.protocol);
      if (!port.nodePort && same?.nodePort) port.nodePort = same.nodePort;
    }
  } else for (const port of spec.ports ?? []) if (old.ports?.some(({ nodePort }) => nodePort === port.nodePort)) delete port.nodePort;
}

const needsNodePorts = ({ type, allocateLoadBalancerNodePorts }: Spec): boolean =>
  type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false);

function allocate(spec: Spec, context: StrategyContext): void {
  if (spec.type === 'ExternalName' || !['ClusterIP', 'NodePort', 'LoadBalancer'].includes(spec.type ?? '')) return;
  spec.clusterIP ||= spec.clusterIPs?.[0] ?? freeAddress(context);
  spec.clusterIPs ??= [spec.clusterIP];
  const isHeadlessWithoutSelector = spec.clusterIP === 'None' && !spec.selector;
  spec.ipFamilies ??= spec.clusterIP.includes(':') ? ['IPv6'] : ['IPv4'];
  spec.ipFamilyPolicy ??= isHeadlessWithoutSelector ? 'RequireDualStack' : 'SingleStack';
  if (isHeadlessWithoutSelector && spec.ipFamilies.length === 1) spec.ipFamilies = ['IPv4', 'IPv6'];
  if (!needsNodePorts(spec)) return;
  const taken = new Set<number>();
  for (const port of spec.ports ?? []) if (port.nodePort) taken.add(port.nodePort);
  for (const port of spec.ports ?? []) port.nodePort ||= freeNodePort(context, taken);
}

function services(context: StrategyContext): Spec[] {
  return context.list('', 'services', '').map((object) => asService(object).spec);
}

function freeAddress(context: StrategyContext): string {
  const taken = new Set(services(context).flatMap(({ clusterIPs = [] }) => clusterIPs));
  for (;;) {
    const n = dynamicAddressesFrom + context.random.below(addresses - dynamicAddressesFrom - 1);
    const address = `10.96.${n >> 8}.${n & 255}`;
    if (!taken.has(address)) return address;
  }
}

function freeNodePort(context: StrategyContext, taken: Set<number>): number {
  for (const { ports = [] } of services(context)) for (const { nodePort } of ports) if (nodePort) taken.add(nodePort);
  for (;;) {
    const port = nodePortLeast + context.random.below(nodePorts);
    if (taken.has(port)) continue;
    taken.add(port);
    return port;
  }
}

/** An address that was asked for must be free. */
function takenAddress({ metadata, spec }: Service, context: StrategyContext): FieldError[] {
  const address = spec.clusterIP;
  if (!address || address === 'None') return [];
  const isTaken = context.list('', 'services', '').some((other) =>
    asService(other).spec.clusterIP === address && other.metadata.uid !== metadata?.uid);
  return isTaken ? [invalid('spec.clusterIPs', spec.clusterIPs, `failed to allocate IP ${address}: provided IP is already allocated`)] : [];
}
