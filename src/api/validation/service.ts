/** Services (pkg/apis/core/validation ValidateService, ValidateServiceUpdate); addresses are in service-addresses.ts. */
import { ServicePort as ServicePortType, type Service, type ServicePort } from '../../schema/core/v1.ts';
import { parseIPAddress } from '../../lib/ip-address.ts';
import { RawValue, goJson } from '../../lib/go-format.ts';
import { duplicate, forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { validateLabels } from './labels.ts';
import { validateCIDR } from './cidrs.ts';
import { validateIP, validateNonSpecialIP } from './ip-addresses.ts';
import { isHeadless, validateAddressesUpdate, validateServiceAddresses } from './service-addresses.ts';
import { dns1123Label, dns1123Subdomain, portName, portNum, qualifiedName } from './names.ts';
import { fieldIsImmutable, invalidForEach } from './rules.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const protocols = ['SCTP', 'TCP', 'UDP'];
const affinities = ['ClientIP', 'None'];
const policies = ['Cluster', 'Local'];
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];
const deprecatedHints = 'service.kubernetes.io/topology-aware-hints';
const topologyMode = 'service.kubernetes.io/topology-mode';
const sourceRanges = 'service.beta.kubernetes.io/load-balancer-source-ranges';
const affinitySecondsMax = 86_400;

/** `old` is the stored Service, of which addresses pass as they are. */
export function validateService({ metadata, spec }: Service, old: Service | undefined, errors: FieldError[]): void {
  const annotations = metadata?.annotations ?? {};
  const [hints, mode] = [annotations[deprecatedHints], annotations[topologyMode]];
  if (hints !== undefined && mode !== undefined && hints !== mode) {
    errors.push(invalid(`metadata.annotations[${topologyMode}]`, mode, `must match annotations[${deprecatedHints}] when both are specified`));
  }
  if (!spec.ports?.length && !isHeadless(spec) && spec.type !== 'ExternalName') errors.push(required('spec.ports'));
  validateByType(spec, errors);
  const names = new Set<string>();
  spec.ports?.forEach((port, i, ports) => validatePort(port, { path: `spec.ports[${i}]`, needsName: ports.length > 1, names }, errors));
  validateLabels(spec.selector, 'spec.selector', errors);
  validateAffinity(spec, errors);
  validateServiceAddresses(spec, old?.spec, errors);
  spec.externalIPs?.forEach((address, i) => {
    const before = errors.length;
    validateIP(address, `spec.externalIPs[${i}]`, errors, old?.spec.externalIPs);
    if (errors.length === before) validateNonSpecialIP(address, `spec.externalIPs[${i}]`, errors);
  });
  if (!spec.type) errors.push(required('spec.type'));
  else if (!types.includes(spec.type)) errors.push(notSupported('spec.type', spec.type, types));
  validateDuplicatePorts(spec, errors);
  validateSourceRanges(spec, annotations[sourceRanges], old, errors);
  validateLoadBalancer(spec, errors);
  validatePolicies(spec, errors);
}

function validateAffinity({ sessionAffinity, sessionAffinityConfig }: Service['spec'], errors: FieldError[]): void {
  if (!sessionAffinity) errors.push(required('spec.sessionAffinity'));
  else if (!affinities.includes(sessionAffinity)) errors.push(notSupported('spec.sessionAffinity', sessionAffinity, affinities));
  const seconds = sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (sessionAffinity === 'ClientIP' && seconds !== undefined && (seconds <= 0 || seconds > affinitySecondsMax)) {
    errors.push(invalid('spec.sessionAffinityConfig.clientIP.timeoutSeconds', seconds, `must be greater than 0 and less than ${affinitySecondsMax}`));
  }
}

function validateByType(spec: Service['spec'], errors: FieldError[]): void {
  if ((spec.type === 'LoadBalancer' || spec.type === 'NodePort') && isHeadless(spec)) {
    errors.push(invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`));
  }
  if (spec.type !== 'ExternalName') return;
  if (spec.clusterIPs?.length) errors.push(forbidden('spec.clusterIPs', 'may not be set for ExternalName services'));
  if (spec.ipFamilies?.length) errors.push(forbidden('spec.ipFamilies', 'may not be set for ExternalName services'));
  if (spec.ipFamilyPolicy) errors.push(forbidden('spec.ipFamilyPolicy', 'may not be set for ExternalName services'));
  if (!spec.externalName) errors.push(required('spec.externalName'));
  else invalidForEach(dns1123Subdomain(spec.externalName.replace(/\.$/, '')), spec.externalName, 'spec.externalName', errors);
}

/** Pairs of a number and a protocol must differ, of ports as of node ports. */
function validateDuplicatePorts({ ports = [], type }: Service['spec'], errors: FieldError[]): void {
  const nodePorts = new Set<string>();
  const numbers = new Set<string>();
  ports.forEach(({ nodePort }, i) => {
    if (nodePort && type === 'ClusterIP') errors.push(forbidden(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
  });
  ports.forEach(({ nodePort, protocol }, i) => {
    if (!nodePort) return;
    if (nodePorts.has(`${nodePort}/${protocol}`)) errors.push(duplicate(`spec.ports[${i}].nodePort`, nodePort));
    nodePorts.add(`${nodePort}/${protocol}`);
  });
  ports.forEach(({ port, protocol }, i) => {
    if (numbers.has(`${port}/${protocol}`)) {
      const bare = internalForm(ServicePortType, { protocol: protocol!, port, targetPort: 0 } as ServicePort);
      errors.push(duplicate(`spec.ports[${i}]`, new RawValue(goJson(bare))));
    }
    numbers.add(`${port}/${protocol}`);
  });
}

/** Spaces around a range are part of the API. */
function validateSourceRanges(spec: Service['spec'], annotated: string | undefined, old: Service | undefined, errors: FieldError[]): void {
  const notUsed = "may only be used when `type` is 'LoadBalancer'";
  const ranges = spec.loadBalancerSourceRanges ?? [];
  if (ranges.length > 0) {
    const path = 'spec.LoadBalancerSourceRanges';
    if (spec.type !== 'LoadBalancer') errors.push(forbidden(path, notUsed));
    const known = old?.spec.loadBalancerSourceRanges?.map((range) => range.trim());
    ranges.forEach((range, i) => validateCIDR(range.trim(), `${path}[${i}]`, errors, known));
  } else if (annotated !== undefined) {
    const path = `metadata.annotations[${sourceRanges}]`;
    if (spec.type !== 'LoadBalancer') errors.push(forbidden(path, notUsed));
    if (old?.metadata?.annotations?.[sourceRanges] === annotated || annotated.trim() === '') return;
    for (const range of annotated.trim().split(',')) validateCIDR(range.trim(), path, errors);
  }
}

function validateLoadBalancer({ type, allocateLoadBalancerNodePorts, loadBalancerClass }: Service['spec'], errors: FieldError[]): void {
  const notUsed = "may only be used when `type` is 'LoadBalancer'";
  const isLoadBalancer = type === 'LoadBalancer';
  if (allocateLoadBalancerNodePorts !== undefined && !isLoadBalancer) errors.push(forbidden('spec.allocateLoadBalancerNodePorts', notUsed));
  validateLoadBalancerClass(type, loadBalancerClass, errors);
}

function validateLoadBalancerClass(type: string | undefined, name: string | undefined, errors: FieldError[]): void {
  if (name === undefined) return;
  if (type === 'LoadBalancer') invalidForEach(qualifiedName(name), name, 'spec.loadBalancerClass', errors);
  else errors.push(forbidden('spec.loadBalancerClass', "may only be used when `type` is 'LoadBalancer'"));
}

function validatePort(port: ServicePort, { path, needsName, names }: { path: string; needsName: boolean; names: Set<string> }, errors: FieldError[]): void {
  const { name = '' } = port;
  if (needsName && name === '') errors.push(required(`${path}.name`));
  if (name !== '') {
    invalidForEach(dns1123Label(name), name, `${path}.name`, errors);
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
  }
  invalidForEach(portNum(port.port), port.port, `${path}.port`, errors);
  if (!port.protocol) errors.push(required(`${path}.protocol`));
  else if (!protocols.includes(port.protocol)) errors.push(notSupported(`${path}.protocol`, port.protocol, protocols));
  const { targetPort } = port;
  if (typeof targetPort === 'number') invalidForEach(portNum(targetPort), targetPort, `${path}.targetPort`, errors);
  if (typeof targetPort === 'string') invalidForEach(portName(targetPort), targetPort, `${path}.targetPort`, errors);
  if (port.appProtocol !== undefined) invalidForEach(qualifiedName(port.appProtocol), port.appProtocol, `${path}.appProtocol`, errors);
}

/** Whether clients outside of the cluster can reach the Service. */
export const isExternal = ({ type, externalIPs }: Service['spec']): boolean =>
  type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && !!externalIPs?.length);

/** Whether load balancers ask a port of the node for the Service's health. */
export const needsHealthCheck = ({ type, externalTrafficPolicy }: Service['spec']): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

function validatePolicies(spec: Service['spec'], errors: FieldError[]): void {
  const { externalTrafficPolicy, internalTrafficPolicy, healthCheckNodePort, trafficDistribution } = spec;
  if (externalTrafficPolicy && !isExternal(spec)) {
    errors.push(invalid('spec.externalTrafficPolicy', externalTrafficPolicy, 'may only be set for externally-accessible services'));
  } else if (externalTrafficPolicy && !policies.includes(externalTrafficPolicy)) {
    errors.push(notSupported('spec.externalTrafficPolicy', externalTrafficPolicy, policies));
  }
  if (healthCheckNodePort && !needsHealthCheck(spec)) {
    errors.push(invalid('spec.healthCheckNodePort', healthCheckNodePort,
      "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"));
  } else if (healthCheckNodePort) invalidForEach(portNum(healthCheckNodePort), healthCheckNodePort, 'spec.healthCheckNodePort', errors);
  if (internalTrafficPolicy !== undefined && !policies.includes(internalTrafficPolicy)) {
    errors.push(notSupported('spec.internalTrafficPolicy', internalTrafficPolicy, policies));
  }
  if (trafficDistribution !== undefined && !distributions.includes(trafficDistribution)) {
    errors.push(notSupported('spec.trafficDistribution', trafficDistribution, distributions));
  }
}

/** Rules of a change; those of the new Service come in addition. */
export function validateServiceUpdate({ spec }: Service, { spec: old }: Service, errors: FieldError[]): void {
  validateAddressesUpdate(spec, old, errors);
  if (old.type === 'LoadBalancer' && spec.type === 'LoadBalancer' && old.loadBalancerClass !== spec.loadBalancerClass) {
    errors.push(invalid('spec.loadBalancerClass', spec.loadBalancerClass ?? null, 'may not change once set'));
  }
  // Upstream checks the class here as well as within the whole.
  validateLoadBalancerClass(spec.type, spec.loadBalancerClass, errors);
  if (needsHealthCheck(old) && needsHealthCheck(spec) && spec.healthCheckNodePort !== old.healthCheckNodePort) {
    errors.push(forbidden('spec.healthCheckNodePort', fieldIsImmutable));
  }
}

const ingressModes = ['Proxy', 'VIP'];

export function validateServiceStatus({ spec, status }: Service, old: Service, errors: FieldError[]): void {
  const ingress = status?.loadBalancer?.ingress ?? [];
  const path = 'status.loadBalancer.ingress';
  if (spec.type !== 'LoadBalancer' && ingress.length > 0) {
    errors.push(forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'"));
    return;
  }
  const known = (old.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : []));
  ingress.forEach(({ ip, ipMode, hostname }, i) => {
    const at = `${path}[${i}]`;
    if (ip) validateIP(ip, `${at}.ip`, errors, known);
    if (ipMode === undefined) {
      if (ip) errors.push(required(`${at}.ipMode`, 'must be specified when `ip` is set'));
    } else if (!ip) errors.push(forbidden(`${at}.ipMode`, 'may not be specified when `ip` is not set'));
    else if (!ingressModes.includes(ipMode)) errors.push(notSupported(`${at}.ipMode`, ipMode, ingressModes));
    if (!hostname) return;
    invalidForEach(dns1123Subdomain(hostname), hostname, `${at}.hostname`, errors);
    if (parseIPAddress(hostname)) errors.push(invalid(`${at}.hostname`, hostname, 'must be a DNS name, not an IP address'));
  });
}
