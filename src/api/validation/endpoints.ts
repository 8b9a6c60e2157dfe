/** Endpoints (pkg/apis/core/validation ValidateEndpoints). */
import type { EndpointAddress, EndpointPort, Endpoints } from '../../schema/core/v1.ts';
import { equal } from '../../lib/json.ts';
import { notSupported, required, type FieldError } from '../field-error.ts';
import { validateIP, validateNonSpecialIP } from './ip-addresses.ts';
import { validateLabelName } from './labels.ts';
import { dns1123Label, dns1123Subdomain, portNum } from './names.ts';
import { protocols } from './pod/ports.ts';
import { invalidForEach } from './rules.ts';

/** Subsets that stay as they are stored (`old`) are not looked at again. */
export function validateEndpoints({ subsets = [] }: Endpoints, old: Endpoints | undefined, errors: FieldError[]): void {
  if (old && equal(subsets, old.subsets ?? [])) return;
  subsets.forEach(({ addresses = [], notReadyAddresses = [], ports = [] }, i) => {
    const path = `subsets[${i}]`;
    if (addresses.length + notReadyAddresses.length === 0) errors.push(required(path, 'must specify `addresses` or `notReadyAddresses`'));
    addresses.forEach((address, j) => validateAddress(address, `${path}.addresses[${j}]`, errors));
    notReadyAddresses.forEach((address, j) => validateAddress(address, `${path}.notReadyAddresses[${j}]`, errors));
    ports.forEach((port, j) => validatePort(port, ports.length > 1, `${path}.ports[${j}]`, errors));
  });
}

function validateAddress({ ip, hostname, nodeName }: EndpointAddress, path: string, errors: FieldError[]): void {
  validateIP(ip, `${path}.ip`, errors);
  if (hostname) invalidForEach(dns1123Label(hostname), hostname, `${path}.hostname`, errors);
  if (nodeName !== undefined) invalidForEach(dns1123Subdomain(nodeName), nodeName, `${path}.nodeName`, errors);
  validateNonSpecialIP(ip, `${path}.ip`, errors);
}

function validatePort({ name, port, protocol, appProtocol }: EndpointPort, needsName: boolean, path: string, errors: FieldError[]): void {
  if (name) invalidForEach(dns1123Label(name), name, `${path}.name`, errors);
  else if (needsName) errors.push(required(`${path}.name`));
  invalidForEach(portNum(port), port, `${path}.port`, errors);
  if (!protocol) errors.push(required(`${path}.protocol`));
  else if (!protocols.includes(protocol)) errors.push(notSupported(`${path}.protocol`, protocol, protocols));
  if (appProtocol !== undefined) validateLabelName(appProtocol, `${path}.appProtocol`, errors);
}
