/** Services (pkg/registry/core/service, pkg/api/service): what they are given is in service-allocation.ts. */
import type { Service } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import { equal } from '../../lib/json.ts';
import { quote } from '../../lib/go-format.ts';
import type { FieldError } from '../field-error.ts';
import type { Strategy } from '../strategy.ts';
import { warningsForCIDR } from '../validation/cidrs.ts';
import { warningsForIP } from '../validation/ip-addresses.ts';
import { nameIsDNSLabel, nameIsDNSLabelPrefix } from '../validation/names.ts';
import { validateObjectMetaUpdate } from '../validation/object-meta.ts';
import { isExternal, needsHealthCheck, validateService, validateServiceStatus, validateServiceUpdate } from '../validation/service.ts';
import { genericStrategy } from './generic-strategy.ts';
import { allocateForService } from './service-allocation.ts';

type Spec = Service['spec'];
const asService = (object: KubeObject): Service => object as unknown as Service;

export const serviceStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  name: nameIsDNSLabel, generateName: nameIsDNSLabelPrefix,
  object: (object, errors) => validateService(asService(object), undefined, errors),
  status: (next, old, errors) => validateServiceStatus(asService(next), asService(old), errors),
}, {
  begin: (next, old, context) => allocateForService(asService(next).spec, old && asService(old).spec, context),
  prepareForCreate: (object) => {
    asService(object).status = { loadBalancer: {} };
  },
  prepareForUpdate: (object, oldObject) => {
    const [next, old] = [asService(object), asService(oldObject)];
    next.status = next.spec.type === 'LoadBalancer' ? old.status : { ...old.status, loadBalancer: {} };
    dropForeign(next.spec, old.spec);
  },
  validateUpdate: (next, old) => {
    const errors: FieldError[] = [];
    validateObjectMetaUpdate(next.metadata, old.metadata, errors);
    validateServiceUpdate(asService(next), asService(old), errors);
    validateService(asService(next), asService(old), errors);
    return errors;
  },
  warningsOnCreate: (object) => warningsForService(asService(object)),
  warningsOnUpdate: (next) => warningsForService(asService(next)),
  selectableFields: (object) => {
    const { clusterIP = '', type = '' } = asService(object).spec;
    return { 'spec.clusterIP': clusterIP, 'spec.type': type };
  },
});

/** A change of type drops what the new type has not, unless it was changed as well: then validation refuses it. */
function dropForeign(spec: Spec, old: Spec): void {
  const dropSame = (...members: (keyof Spec)[]) => {
    if (members.every((member) => equal(spec[member], old[member]))) for (const member of members) delete spec[member];
  };
  if (old.type !== 'ExternalName' && spec.type === 'ExternalName') {
    dropSame('clusterIP', 'clusterIPs');
    dropSame('ipFamilies');
    dropSame('ipFamilyPolicy');
    delete spec.internalTrafficPolicy;
  }
  if (hasNodePorts(old) && !hasNodePorts(spec)) {
    const known = new Set(old.ports?.map(({ nodePort }) => nodePort));
    if (spec.ports?.every(({ nodePort }) => !nodePort || known.has(nodePort))) for (const port of spec.ports) delete port.nodePort;
  }
  if (needsHealthCheck(old) && !needsHealthCheck(spec)) dropSame('healthCheckNodePort');
  if (old.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    dropSame('allocateLoadBalancerNodePorts');
    dropSame('loadBalancerClass');
  }
  if (isExternal(old) && !isExternal(spec)) dropSame('externalTrafficPolicy');
}

const hasNodePorts = ({ type }: Spec): boolean => type === 'NodePort' || type === 'LoadBalancer';

const deprecatedHints = 'service.kubernetes.io/topology-aware-hints';

function warningsForService({ metadata, spec }: Service): string[] {
  const { clusterIP, clusterIPs = [], externalIPs = [], loadBalancerIP, loadBalancerSourceRanges = [], type } = spec;
  const isHeadless = type === 'ClusterIP' && clusterIP === 'None';
  const isName = type === 'ExternalName';
  const texts: readonly (string | false)[] = [
    Object.hasOwn(metadata?.annotations ?? {}, deprecatedHints)
      && `annotation ${deprecatedHints} is deprecated, please use service.kubernetes.io/topology-mode instead`,
    ...(clusterIP && clusterIP !== 'None' ? clusterIPs.flatMap((ip, i) => warningsForIP(ip, `spec.clusterIPs[${i}]`)) : []),
    isHeadless && !!loadBalancerIP && 'spec.loadBalancerIP is ignored for headless services',
    isHeadless && externalIPs.length > 0 && 'spec.externalIPs is ignored for headless services',
    isHeadless && spec.sessionAffinity !== 'None' && 'spec.SessionAffinity is ignored for headless services',
    ...externalIPs.flatMap((ip, i) => warningsForIP(ip, `spec.externalIPs[${i}]`)),
    externalIPs.length > 0 && !isHeadless && !isName && 'spec.externalIPs is deprecated and may no longer be implemented in some clusters',
    ...(loadBalancerIP ? warningsForIP(loadBalancerIP, 'spec.loadBalancerIP') : []),
    ...loadBalancerSourceRanges.flatMap((range, i) => warningsForCIDR(range, `spec.loadBalancerSourceRanges[${i}]`)),
    isName && externalIPs.length > 0 && `spec.externalIPs is ignored when spec.type is ${quote('ExternalName')}`,
    !isName && !!spec.externalName && `spec.externalName is ignored when spec.type is not ${quote('ExternalName')}`,
    spec.trafficDistribution === 'PreferClose'
      && `spec.trafficDistribution: ${quote('PreferClose')} is deprecated; use ${quote('PreferSameZone')}`,
  ];
  return texts.filter((text) => text !== false);
}
