/** Nodes (pkg/apis/core/validation: ValidateNode, ValidateNodeUpdate). */
import { NodeAddress, Taint as TaintType, type Node, type NodeStatus, type Taint } from '../../schema/core/v1.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import { equal } from '../../lib/json.ts';
import { RawValue, goJson, quote } from '../../lib/go-format.ts';
import { duplicate, forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { validateCIDR, validateDualStackCIDRs } from './cidrs.ts';
import { internalForm } from './internal-form.ts';
import { labelValue, qualifiedName } from './names.ts';
import { validateResourceQuantity } from './resource-names.ts';
import { invalidForEach, keysOf, validatePositive } from './rules.ts';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
/** A feature of the node, and parts of it after slashes. */
const declaredFeature = /^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/;
const declaredFeatureBytesMax = 253;
const onlyFromEmpty = (member: string) => `node updates may not change ${member} except from "" to valid`;

export function validateNode({ spec, status }: Node, errors: FieldError[]): void {
  validateTaints(spec?.taints ?? [], errors);
  validateStatus(status, errors);
  const cidrs = spec?.podCIDRs ?? [];
  cidrs.forEach((value, i) => validateCIDR(value, `spec.podCIDRs[${i}]`, errors));
  validateDualStackCIDRs(cidrs, 'spec.podCIDRs', errors);
}

/** What is checked of a new node's status. Upstream reports the swap under metadata. */
function validateStatus(status: NodeStatus | undefined, errors: FieldError[]): void {
  validateResources(status, errors);
  const swap = status?.nodeInfo?.swap?.capacity;
  if (swap !== undefined) validatePositive(swap, 'metadata.nodeSwapStatus.capacity', errors);
  validateDeclaredFeatures(status?.declaredFeatures ?? [], errors);
}

function validateResources(status: NodeStatus | undefined, errors: FieldError[]): void {
  for (const member of ['capacity', 'allocatable'] as const) {
    for (const name of keysOf(status?.[member])) {
      validateResourceQuantity(name, parseQuantity(status![member]![name]!), `status.${member}.${name}`, errors);
    }
  }
}

function validateDeclaredFeatures(features: readonly string[], errors: FieldError[]): void {
  const path = (i: number) => `status.declaredFeatures[${i}]`;
  features.forEach((feature, i) => {
    const why = declaredFeatureError(feature);
    if (why) errors.push(invalid(path(i), feature, `invalid feature name ${quote(feature)}: ${why}`));
    const following = features[i + 1];
    if (following === feature) errors.push(duplicate(path(i + 1), following));
    else if (following !== undefined && feature > following) {
      errors.push(invalid(path(i + 1), following, 'list must be sorted alphabetically'));
    }
  });
}

function declaredFeatureError(feature: string): string | undefined {
  if (Buffer.byteLength(feature) > declaredFeatureBytesMax) return `must be no more than ${declaredFeatureBytesMax} characters`;
  return declaredFeature.test(feature) ? undefined : 'must start with an UpperCamelCase segment, with subsequent segments separated '
    + "by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes";
}

/** Upstream reports taints under metadata. */
function validateTaints(taints: readonly Taint[], errors: FieldError[]): void {
  const seen = new Set<string>();
  taints.forEach((taint, i) => {
    const path = `metadata.taints[${i}]`;
    invalidForEach(qualifiedName(taint.key), taint.key, `${path}.key`, errors);
    const value = labelValue(taint.value ?? '');
    if (value.length > 0) errors.push(invalid(`${path}.value`, taint.value, value.join(';')));
    if (!taint.effect) errors.push(required(`${path}.effect`));
    else if (!effects.includes(taint.effect)) errors.push(notSupported(`${path}.effect`, taint.effect, effects));
    const identity = `${taint.key}:${taint.effect}`;
    if (seen.has(identity)) {
      const printed = duplicate(path, new RawValue(goJson(internalForm(TaintType, taint))));
      errors.push({ ...printed, body: `${printed.body}: taints must be unique by key and effect pair` });
    }
    seen.add(identity);
  });
}

export function validateNodeUpdate(next: Node, old: Node, errors: FieldError[]): void {
  validateResources(next.status, errors);
  validateDeclaredFeatures(next.status?.declaredFeatures ?? [], errors);
  const addresses = next.status?.addresses ?? [];
  addresses.forEach((address, i) => {
    if (addresses.findIndex((other) => equal(other, address)) < i) {
      errors.push(duplicate(`status.addresses[${i}]`, new RawValue(goJson(internalForm(NodeAddress, address)))));
    }
  });
  validatePodCIDRsUpdate(next.spec?.podCIDRs ?? [], old.spec?.podCIDRs ?? [], errors);
  if (old.spec?.providerID && next.spec?.providerID !== old.spec.providerID) {
    errors.push(forbidden('spec.providerID', onlyFromEmpty('providerID')));
  }
  validateTaints(next.spec?.taints ?? [], errors);
  if ((next.spec?.externalID ?? '') !== (old.spec?.externalID ?? '')) errors.push(forbidden('spec.externalID', 'may not be updated'));
}

/** One cause for each that differs; one in all when their number does. */
function validatePodCIDRsUpdate(next: readonly string[], old: readonly string[], errors: FieldError[]): void {
  if (old.length === 0) return;
  const differing = next.length === old.length ? old.filter((value, i) => value !== next[i]).length : 1;
  for (let i = 0; i < differing; i++) errors.push(forbidden('spec.podCIDRs', onlyFromEmpty('podCIDR')));
}
