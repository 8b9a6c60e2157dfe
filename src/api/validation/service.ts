/** Services (pkg/apis/core/validation ValidateService, ValidateServiceUpdate). */
import { ServicePort as ServicePortType, type Service, type ServicePort } from '../../schema/core/v1.ts';
import { RawValue, goJson } from '../../lib/go-format.ts';
import { duplicate, forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { validateLabels } from './labels.ts';
import { dns1123Label, dns1123Subdomain, portName, portNum, qualifiedName } from './names.ts';
import { fieldIsImmutable, invalidForEach } from './rules.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const protocols = ['SCTP', 'TCP', 'UDP'];
const affinities = ['ClientIP', 'None'];
const policies = ['Cluster', 'Local'];
const affinitySecondsMax = 86_400;

export function validateService({ spec }: Service, errors: FieldError[]): void {
  const isHeadless = spec.clusterIP === 'None';
  if (!spec.ports?.length && !isHeadless && spec.type !== 'ExternalName') errors.push(required('spec.ports'));
  validateByType(spec, errors);
  validatePorts(spec, errors);
  validateLabels(spec.selector, 'spec.selector', errors);
  if (!spec.sessionAffinity) errors.push(required('spec.sessionAffinity'));
  else if (!affinities.includes(spec.sessionAffinity)) errors.push(notSupported('spec.sessionAffinity', spec.sessionAffinity, affinities));
  const seconds = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (seconds !== undefined && (seconds <= 0 || seconds > affinitySecondsMax)) {
    errors.push(invalid('spec.sessionAffinityConfig.clientIP.timeoutSeconds', seconds, `must be greater than 0 and less than ${affinitySecondsMax}`));
  }
  if (!spec.type) errors.push(required('spec.type'));
  else if (!types.includes(spec.type)) errors.push(notSupported('spec.type', spec.type, types));
  validatePolicies(spec, errors);
}

function validateByType(spec: Service['spec'], errors: FieldError[]): void {
  if ((spec.type === 'LoadBalancer' || spec.type === 'NodePort') && spec.clusterIP === 'None') {
    errors.push(invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`));
  }
  if (spec.type !== 'ExternalName') return;
  if (spec.clusterIPs?.length) errors.push(forbidden('spec.clusterIPs', 'may not be set for ExternalName services'));
  if (spec.ipFamilies?.length) errors.push(forbidden('spec.ipFamilies', 'may not be set for ExternalName services'));
  if (spec.ipFamilyPolicy) errors.push(forbidden('spec.ipFamilyPolicy', 'may not be set for ExternalName services'));
  if (!spec.externalName) errors.push(required('spec.externalName'));
  else invalidForEach(dns1123Subdomain(spec.externalName.replace(/\.$/, '')), spec.externalName, 'spec.externalName', errors);
}

function validatePorts({ ports = [], type }: Service['spec'], errors: FieldError[]): void {
  const names = new Set<string>();
  const numbers = new Set<string>();
  const nodePorts = new Set<string>();
  ports.forEach((port, i) => {
    const path = `spec.ports[${i}]`;
    validatePort(port, { path, needsName: ports.length > 1, names }, errors);
    if (port.nodePort && type === 'ClusterIP') errors.push(forbidden(`${path}.nodePort`, "may not be used when `type` is 'ClusterIP'"));
    const nodePort = `${port.nodePort}/${port.protocol}`;
    if (port.nodePort && nodePorts.has(nodePort)) errors.push(duplicate(`${path}.nodePort`, port.nodePort));
    nodePorts.add(nodePort);
    const number = `${port.port}/${port.protocol}`;
    if (numbers.has(number)) {
      const bare = internalForm(ServicePortType, { protocol: port.protocol!, port: port.port, targetPort: 0 } as ServicePort);
      errors.push(duplicate(path, new RawValue(goJson(bare))));
    }
    numbers.add(number);
  });
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
  if (port.appProtocol) invalidForEach(qualifiedName(port.appProtocol), port.appProtocol, `${path}.appProtocol`, errors);
}

function validatePolicies(spec: Service['spec'], errors: FieldError[]): void {
  const isExternal = spec.type === 'LoadBalancer' || spec.type === 'NodePort' || (spec.type === 'ClusterIP' && !!spec.externalIPs?.length);
  if (spec.externalTrafficPolicy && !isExternal) {
    errors.push(invalid('spec.externalTrafficPolicy', spec.externalTrafficPolicy, 'may only be set for externally-accessible services'));
  } else if (spec.externalTrafficPolicy && !policies.includes(spec.externalTrafficPolicy)) {
    errors.push(notSupported('spec.externalTrafficPolicy', spec.externalTrafficPolicy, policies));
  }
  if (spec.internalTrafficPolicy && !policies.includes(spec.internalTrafficPolicy)) {
    errors.push(notSupported('spec.internalTrafficPolicy', spec.internalTrafficPolicy, policies));
  }
}

export function validateServiceUpdate({ spec }: Service, { spec: old }: Service, errors: FieldError[]): void {
  const stays = spec.type !== 'ExternalName' && old.type !== 'ExternalName';
  if (stays && old.clusterIPs?.[0] && spec.clusterIPs?.[0] !== old.clusterIPs[0]) {
    errors.push(invalid('spec.clusterIPs[0]', spec.clusterIPs ?? null, 'may not change once set'));
  }
  if (stays && old.ipFamilies?.[0] && spec.ipFamilies?.[0] !== old.ipFamilies[0]) {
    errors.push(invalid('spec.ipFamilies[0]', spec.ipFamilies ?? null, 'may not change once set'));
  }
  if (old.healthCheckNodePort && spec.healthCheckNodePort !== old.healthCheckNodePort && spec.externalTrafficPolicy === 'Local') {
    errors.push(forbidden('spec.healthCheckNodePort', fieldIsImmutable));
  }
}
