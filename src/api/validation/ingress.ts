/** Ingresses (pkg/apis/networking/validation). */
import type { HTTPIngressPath, Ingress, IngressBackend, IngressRule, IngressTLS } from '../../schema/networking/v1.ts';
import { parseIPAddress } from '../../lib/ip-address.ts';
import { asSent } from '../codec/emptied.ts';
import { invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { validateIP } from './ip-addresses.ts';
import { dns1123Label, dns1123Subdomain, pathSegmentName, portName, portNum, wildcardDNS1123Subdomain } from './names.ts';
import { invalidForEach } from './rules.ts';

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];
const forbiddenInPath = ['//', '/./', '/../', '%2f', '%2F'];
const forbiddenAtEnd = ['/..', '/.'];
const classAnnotation = 'kubernetes.io/ingress.class';
const notAnAddress = 'must be a DNS name, not an IP address';

export function validateIngress({ spec }: Ingress, errors: FieldError[]): void {
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec ?? {};
  if (rules.length === 0 && !defaultBackend) {
    errors.push(invalid('spec', asSent(spec, 'rules'), 'either `defaultBackend` or `rules` must be specified'));
  }
  if (defaultBackend) validateBackend(defaultBackend, 'spec.defaultBackend', errors);
  rules.forEach((rule, i) => validateRule(rule, `spec.rules[${i}]`, errors));
  tls.forEach((item, i) => validateTLS(item, `spec.tls[${i}]`, errors));
  if (ingressClassName !== undefined) invalidForEach(dns1123Subdomain(ingressClassName), ingressClassName, 'spec.ingressClassName', errors);
}

/** The class said in both ways must be one; checked of new Ingresses only. */
export function validateClassAnnotation({ metadata, spec }: Ingress, errors: FieldError[]): void {
  const annotations = metadata?.annotations ?? {};
  const named = Object.hasOwn(annotations, classAnnotation) ? annotations[classAnnotation] : undefined;
  if (named !== undefined && spec?.ingressClassName !== undefined && named !== spec.ingressClassName) {
    errors.push(invalid(`annotations.${classAnnotation}`, named, 'must match `ingressClassName` when both are specified'));
  }
}

const hostComplaints = (host: string): string[] => (host.includes('*') ? wildcardDNS1123Subdomain(host) : dns1123Subdomain(host));

function validateRule({ host, http }: IngressRule, path: string, errors: FieldError[]): void {
  if (host) {
    if (parseIPAddress(host)) errors.push(invalid(`${path}.host`, host, notAnAddress));
    invalidForEach(hostComplaints(host), host, `${path}.host`, errors);
  }
  if (!http) return;
  const paths = http.paths ?? [];
  if (paths.length === 0) errors.push(required(`${path}.http.paths`));
  paths.forEach((item, i) => validatePath(item, `${path}.http.paths[${i}]`, errors));
}

function validatePath({ path = '', pathType, backend }: HTTPIngressPath, at: string, errors: FieldError[]): void {
  if (pathType === undefined || pathType === null) {
    errors.push(required(`${at}.pathType`, 'pathType must be specified'));
    return;
  }
  if (!pathTypes.includes(pathType)) errors.push(notSupported(`${at}.pathType`, pathType, pathTypes));
  else validatePathText(path, pathType === 'ImplementationSpecific', `${at}.path`, errors);
  validateBackend(backend, `${at}.backend`, errors);
}

function validatePathText(path: string, isFree: boolean, at: string, errors: FieldError[]): void {
  if (!path.startsWith('/') && !(isFree && path === '')) errors.push(invalid(at, path, 'must be an absolute path'));
  if (isFree) return;
  for (const part of forbiddenInPath) if (path.includes(part)) errors.push(invalid(at, path, `must not contain '${part}'`));
  for (const end of forbiddenAtEnd) if (path.endsWith(end)) errors.push(invalid(at, path, `cannot end with '${end}'`));
}

function validateBackend({ resource, service }: IngressBackend, path: string, errors: FieldError[]): void {
  if (resource && service) errors.push(invalid(path, '', 'cannot set both resource and service backends'));
  else if (resource) validateReference(resource, `${path}.resource`, errors);
  else if (service) validateServiceBackend(service, path, errors);
  else errors.push(invalid(path, '', 'resource or service backend is required'));
}

function validateServiceBackend({ name, port }: NonNullable<IngressBackend['service']>, path: string, errors: FieldError[]): void {
  if (!name) errors.push(required(`${path}.service.name`));
  else invalidForEach(dns1123Label(name), name, `${path}.service.name`, errors);
  if (port?.name && port.number) errors.push(invalid(path, '', 'cannot set both port name & port number'));
  else if (port?.name) invalidForEach(portName(port.name), port.name, `${path}.service.port.name`, errors);
  else if (port?.number) invalidForEach(portNum(port.number), port.number, `${path}.service.port.number`, errors);
  else errors.push(required(path, 'port name or number is required'));
}

/** A reference to an object of any kind in the same place. */
export function validateReference(
  { apiGroup, kind, name }: { readonly apiGroup?: string | null; readonly kind: string; readonly name: string }, path: string, errors: FieldError[],
): void {
  if (apiGroup !== undefined && apiGroup !== null) invalidForEach(dns1123Subdomain(apiGroup), apiGroup, `${path}.apiGroup`, errors);
  for (const [member, value] of [['kind', kind], ['name', name]] as const) {
    if (!value) errors.push(required(`${path}.${member}`));
    else invalidForEach(pathSegmentName(value), value, `${path}.${member}`, errors);
  }
}

function validateTLS({ hosts = [], secretName }: IngressTLS, path: string, errors: FieldError[]): void {
  hosts.forEach((host, i) => invalidForEach(hostComplaints(host), host, `${path}.hosts[${i}]`, errors));
  if (secretName) invalidForEach(dns1123Subdomain(secretName), secretName, `${path}.secretName`, errors);
}

export function validateIngressStatus({ status }: Ingress, old: Ingress, errors: FieldError[]): void {
  const known = (old.status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : []));
  (status?.loadBalancer?.ingress ?? []).forEach(({ ip, hostname }, i) => {
    const path = `status.loadBalancer.ingress[${i}]`;
    if (ip) validateIP(ip, `${path}.ip`, errors, known);
    if (!hostname) return;
    invalidForEach(dns1123Subdomain(hostname), hostname, `${path}.hostname`, errors);
    if (parseIPAddress(hostname)) errors.push(invalid(`${path}.hostname`, hostname, notAnAddress));
  });
}
