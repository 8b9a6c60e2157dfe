/** IngressClasses (pkg/apis/networking/validation). */
import type { IngressClass } from '../../schema/networking/v1.ts';
import { forbidden, invalid, notSupported, required, tooLong, type FieldError } from '../field-error.ts';
import { validateReference } from './ingress.ts';
import { dns1123Label, dns1123Subdomain, patternError } from './names.ts';
import { invalidForEach } from './rules.ts';

const controllerBytesMax = 250;
const scopes = ['Cluster', 'Namespace'];
const pathFormat = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";
const pathPattern = new RegExp(`^${pathFormat}$`);

export function validateIngressClass({ spec }: IngressClass, errors: FieldError[]): void {
  const { controller = '', parameters } = spec ?? {};
  if (Buffer.byteLength(controller) > controllerBytesMax) errors.push(tooLong('spec.controller', controllerBytesMax));
  validateDomainPrefixedPath(controller, 'spec.controller', errors);
  if (!parameters) return;
  const path = 'spec.parameters';
  validateReference(parameters, path, errors);
  const { scope, namespace } = parameters;
  if (scope === undefined) errors.push(required(`${path}.scope`));
  else if (!scopes.includes(scope)) errors.push(notSupported(`${path}.scope`, scope, scopes));
  else if (scope === 'Cluster') {
    if (namespace !== undefined) errors.push(forbidden(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'"));
  } else if (namespace === undefined) errors.push(required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'"));
  else invalidForEach(dns1123Label(namespace), namespace, `${path}.namespace`, errors);
}

/** `acme.io/foo` */
function validateDomainPrefixedPath(value: string, path: string, errors: FieldError[]): void {
  const slash = value.indexOf('/');
  const [host, rest] = [value.slice(0, Math.max(slash, 0)), value.slice(slash + 1)];
  if (!value) errors.push(required(path));
  else if (!host || !rest) errors.push(invalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  else {
    invalidForEach(dns1123Subdomain(host), host, path, errors);
    if (!pathPattern.test(rest)) errors.push(invalid(path, rest, patternError('Invalid path', pathFormat)));
  }
}
