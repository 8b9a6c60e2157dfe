/** Defaults of Services, endpoints and network policies. */
import { Endpoints, Service } from '../../schema/core/v1.ts';
import { EndpointPort } from '../../schema/discovery/v1.ts';
import { IngressClass, NetworkPolicy, NetworkPolicyPort } from '../../schema/networking/v1.ts';
import { rule, type Rule } from './rule.ts';

const defaultAffinitySeconds = 10_800;

export const serviceDefaults: readonly Rule[] = [
  rule(Service, ({ spec, status }) => {
    defaultAffinity(spec);
    spec.type ??= 'ClusterIP';
    for (const port of spec.ports ?? []) {
      port.protocol ??= 'TCP';
      if (port.targetPort === 0 || port.targetPort === '') port.targetPort = port.port;
    }
    const external = spec.type === 'LoadBalancer' || spec.type === 'NodePort'
      || (spec.type === 'ClusterIP' && (spec.externalIPs ?? []).length > 0);
    if (external) spec.externalTrafficPolicy ??= 'Cluster';
    if (spec.type !== 'ExternalName') spec.internalTrafficPolicy ??= 'Cluster';
    if (spec.type !== 'LoadBalancer') return;
    spec.allocateLoadBalancerNodePorts ??= true;
    for (const ingress of status.loadBalancer.ingress ?? []) if (ingress.ip) ingress.ipMode ??= 'VIP';
  }),
  rule(Endpoints, ({ subsets = [] }) => {
    for (const port of subsets.flatMap((subset) => subset.ports ?? [])) port.protocol ??= 'TCP';
  }),
  rule(EndpointPort, (port) => {
    port.name ??= '';
    port.protocol ??= 'TCP';
  }),
  rule(NetworkPolicy, ({ spec }) => {
    if ((spec.policyTypes ?? []).length > 0) return;
    spec.policyTypes = (spec.egress ?? []).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  }),
  rule(NetworkPolicyPort, (port) => {
    port.protocol ??= 'TCP';
  }),
  rule(IngressClass, ({ spec }) => {
    if (spec.parameters) spec.parameters.scope ??= 'Cluster';
  }),
];

function defaultAffinity(spec: Service['spec']): void {
  spec.sessionAffinity ??= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined) {
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: defaultAffinitySeconds } };
  }
}
