/** NetworkPolicies (pkg/apis/networking/validation). */
import type { NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort } from '../../schema/networking/v1.ts';
import { forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { isStrictSubset, validateCIDR } from './cidrs.ts';
import { validateLabelSelector } from './labels.ts';
import { portName, portNum } from './names.ts';
import { invalidForEach } from './rules.ts';

const protocols = ['TCP', 'UDP', 'SCTP'];
const policyTypes = ['Ingress', 'Egress'];

/** `old` is the stored policy, of which CIDRs pass as they are. */
export function validateNetworkPolicy(policy: NetworkPolicy, old: NetworkPolicy | undefined, errors: FieldError[]): void {
  const { spec } = policy;
  const known = old ? [...peersOf(old)].flatMap(([{ ipBlock }]) => (ipBlock ? [ipBlock.cidr, ...ipBlock.except ?? []] : [])) : [];
  validateLabelSelector(spec?.podSelector, 'spec.podSelector', errors);
  for (const [rule, path, peers] of rulesOf(policy)) {
    rule.ports?.forEach((port, i) => validatePort(port, `${path}.ports[${i}]`, errors));
    for (const [peer, at] of peers) validatePeer(peer, known, at, errors);
  }
  const types = spec?.policyTypes ?? [];
  if (types.length > policyTypes.length) {
    errors.push(invalid('spec.policyTypes', types, 'may not specify more than two policyTypes'));
    return;
  }
  types.forEach((type, i) => {
    if (!policyTypes.includes(type)) errors.push(notSupported(`spec.policyTypes[${i}]`, type, policyTypes));
  });
}

type Peers = [peer: NetworkPolicyPeer, path: string][];

/** Every rule with its path and peers. */
function* rulesOf({ spec }: NetworkPolicy): Generator<[rule: { ports?: NetworkPolicyPort[] }, path: string, peers: Peers]> {
  for (const [i, rule] of (spec?.ingress ?? []).entries()) {
    const path = `spec.ingress[${i}]`;
    yield [rule, path, (rule.from ?? []).map((peer, j) => [peer, `${path}.from[${j}]`])];
  }
  for (const [i, rule] of (spec?.egress ?? []).entries()) {
    const path = `spec.egress[${i}]`;
    yield [rule, path, (rule.to ?? []).map((peer, j) => [peer, `${path}.to[${j}]`])];
  }
}

/** Every peer with its path. */
export function* peersOf(policy: NetworkPolicy): Generator<[peer: NetworkPolicyPeer, path: string]> {
  for (const [, , peers] of rulesOf(policy)) yield* peers;
}

function validatePort({ protocol, port, endPort }: NetworkPolicyPort, path: string, errors: FieldError[]): void {
  if (protocol !== undefined && !protocols.includes(protocol)) errors.push(notSupported(`${path}.protocol`, protocol, protocols));
  if (port === undefined) {
    if (endPort !== undefined) errors.push(invalid(`${path}.endPort`, endPort, 'may not be specified when `port` is not specified'));
  } else if (typeof port === 'number') {
    invalidForEach(portNum(port), port, `${path}.port`, errors);
    if (endPort === undefined) return;
    if (endPort < port) errors.push(invalid(`${path}.endPort`, port, 'must be greater than or equal to `port`'));
    invalidForEach(portNum(endPort), endPort, `${path}.endPort`, errors);
  } else {
    if (endPort !== undefined) errors.push(invalid(`${path}.endPort`, endPort, 'may not be specified when `port` is non-numeric'));
    invalidForEach(portName(port), port, `${path}.port`, errors);
  }
}

function validatePeer({ podSelector, namespaceSelector, ipBlock }: NetworkPolicyPeer, known: readonly string[], path: string, errors: FieldError[]): void {
  validateLabelSelector(podSelector, `${path}.podSelector`, errors);
  validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`, errors);
  if (ipBlock) validateIPBlock(ipBlock, known, `${path}.ipBlock`, errors);
  if (!podSelector && !namespaceSelector && !ipBlock) errors.push(required(path, 'must specify a peer'));
  else if (ipBlock && (podSelector || namespaceSelector)) errors.push(forbidden(path, 'may not specify both ipBlock and another peer'));
}

function validateIPBlock(
  { cidr, except = [] }: NonNullable<NetworkPolicyPeer['ipBlock']>, known: readonly string[], path: string, errors: FieldError[],
): void {
  if (!cidr) {
    errors.push(required(`${path}.cidr`));
    return;
  }
  const before = errors.length;
  validateCIDR(cidr, `${path}.cidr`, errors, known);
  if (errors.length > before && isStrictSubset(cidr, cidr) === undefined) return;
  except.forEach((value, i) => {
    validateCIDR(value, `${path}.except[${i}]`, errors, known);
    if (isStrictSubset(value, cidr) === false) errors.push(invalid(`${path}.except[${i}]`, value, 'must be a strict subset of `cidr`'));
  });
}
