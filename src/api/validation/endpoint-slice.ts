/** EndpointSlices (pkg/apis/discovery/validation). */
import type { Endpoint, EndpointHints, EndpointPort, EndpointSlice } from '../../schema/discovery/v1.ts';
import { equal } from '../../lib/json.ts';
import { quote } from '../../lib/go-format.ts';
import { formatIPAddress, parseIPAddress } from '../../lib/ip-address.ts';
import { duplicate, invalid, notSupported, required, tooMany, type FieldError } from '../field-error.ts';
import { validateIP, validateNonSpecialIP } from './ip-addresses.ts';
import { validateLabelName, validateLabels } from './labels.ts';
import { dns1123Label, dns1123Subdomain, labelValue } from './names.ts';
import { invalidForEach, validateImmutable } from './rules.ts';

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];
const protocols = ['SCTP', 'TCP', 'UDP'];
const portsMax = 20_000;
const endpointsMax = 1000;
const addressesMax = 100;
const topologyLabelsMax = 16;
const hintsMax = 8;

/** Endpoints that did not change pass, whatever they are. */
export function validateEndpointSlice(slice: EndpointSlice, old: EndpointSlice | undefined, errors: FieldError[]): void {
  const { addressType, ports = [], endpoints = [] } = slice;
  if (!addressType) errors.push(required('addressType'));
  else if (!addressTypes.includes(addressType)) errors.push(notSupported('addressType', addressType, addressTypes));
  validatePorts(ports ?? [], errors);
  if (!old || !equal(old.endpoints, slice.endpoints)) validateEndpoints(endpoints ?? [], addressType, errors);
  if (old) validateImmutable(addressType, old.addressType, 'addressType', errors);
}

function validatePorts(ports: readonly EndpointPort[], errors: FieldError[]): void {
  if (ports.length > portsMax) {
    errors.push(tooMany('ports', ports.length, portsMax));
    return;
  }
  const names = new Set<string>();
  ports.forEach(({ name = '', protocol, appProtocol }, i) => {
    const path = `ports[${i}]`;
    if (name !== '') invalidForEach(dns1123Label(name), name, `${path}.name`, errors);
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    if (protocol === undefined) errors.push(required(`${path}.protocol`));
    else if (!protocols.includes(protocol)) errors.push(notSupported(`${path}.protocol`, protocol, protocols));
    if (appProtocol !== undefined) validateLabelName(appProtocol, `${path}.appProtocol`, errors);
  });
}

function validateEndpoints(endpoints: readonly Endpoint[], addressType: string, errors: FieldError[]): void {
  if (endpoints.length > endpointsMax) {
    errors.push(tooMany('endpoints', endpoints.length, endpointsMax));
    return;
  }
  endpoints.forEach((endpoint, i) => validateEndpoint(endpoint, addressType, `endpoints[${i}]`, errors));
}

function validateEndpoint(endpoint: Endpoint, addressType: string, path: string, errors: FieldError[]): void {
  const addresses = endpoint.addresses ?? [];
  if (addresses.length === 0) errors.push(required(`${path}.addresses`, 'must contain at least 1 address'));
  else if (addresses.length > addressesMax) errors.push(tooMany(`${path}.addresses`, addresses.length, addressesMax));
  addresses.forEach((address, i) => validateAddress(address, addressType, `${path}.addresses`, i, errors));
  const { nodeName, deprecatedTopology, hostname, hints } = endpoint;
  if (nodeName !== undefined) invalidForEach(dns1123Subdomain(nodeName), nodeName, `${path}.nodeName`, errors);
  const labels = Object.keys(deprecatedTopology ?? {}).length;
  if (labels > topologyLabelsMax) errors.push(tooMany(`${path}.deprecatedTopology`, labels, topologyLabelsMax));
  validateLabels(deprecatedTopology, `${path}.deprecatedTopology`, errors);
  if (hostname !== undefined) invalidForEach(dns1123Label(hostname), hostname, `${path}.hostname`, errors);
  if (hints) validateHints(hints, `${path}.hints`, errors);
}

function validateAddress(address: string, type: string, path: string, i: number, errors: FieldError[]): void {
  const at = `${path}[${i}]`;
  if (type === 'FQDN') {
    validateDomainName(address, at, errors);
    return;
  }
  if (type !== 'IPv4' && type !== 'IPv6') return;
  const before = errors.length;
  validateIP(address, at, errors);
  if (errors.length > before) return;
  const canonical = formatIPAddress(parseIPAddress(address)!);
  if (type === 'IPv6' && canonical !== address) {
    errors.push(invalid(at, address, `must be in canonical form (${quote(canonical)})`));
    return;
  }
  if (`IPv${parseIPAddress(address)!.family}` !== type) errors.push(invalid(path, address, `must be an ${type} address`));
  validateNonSpecialIP(address, at, errors);
}

/** A name of two labels at least; one dot may end it (apimachinery/pkg/util/validation IsFullyQualifiedDomainName). */
function validateDomainName(name: string, path: string, errors: FieldError[]): void {
  if (name === '') {
    errors.push(required(path));
    return;
  }
  const bare = name.replace(/\.$/, '');
  const texts = dns1123Subdomain(bare);
  if (texts.length > 0) errors.push(invalid(path, bare, texts.join(',')));
  else if (!bare.includes('.')) errors.push(invalid(path, bare, 'should be a domain with at least two segments separated by dots'));
  else for (const label of bare.split('.')) invalidForEach(dns1123Label(label), label, path, errors);
}

function validateHints({ forZones = [], forNodes = [] }: EndpointHints, path: string, errors: FieldError[]): void {
  const lists = [['forZones', forZones], ['forNodes', forNodes]] as const;
  for (const [member, hints] of lists) {
    if (hints.length > hintsMax) {
      errors.push(tooMany(`${path}.${member}`, hints.length, hintsMax));
      return;
    }
    const rule = member === 'forZones' ? labelValue : dns1123Subdomain;
    const names = new Set<string>();
    hints.forEach(({ name }, i) => {
      if (names.has(name)) errors.push(duplicate(`${path}.${member}[${i}].name`, name));
      names.add(name);
      invalidForEach(rule(name), name, `${path}.${member}[${i}].name`, errors);
    });
  }
}
