/** Nodes (pkg/apis/core/validation: ValidateNode, ValidateNodeUpdate). */
import { NodeAddress, Taint as TaintType, type Node, type Taint } from '../../schema/core/v1.ts';
import { equal } from '../../lib/json.ts';
import { RawValue, goJson } from '../../lib/go-format.ts';
import { duplicate, forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { labelValue, qualifiedName } from './names.ts';
import { invalidForEach } from './rules.ts';

const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];
const cidr = /^(\d{1,3}(\.\d{1,3}){3}\/\d{1,2}|[0-9a-fA-F:]+\/\d{1,3})$/;
const onlyFromEmpty = (member: string) => `node updates may not change ${member} except from "" to valid`;

export function validateNode({ spec }: Node, errors: FieldError[]): void {
  if (!spec) return;
  validateTaints(spec.taints ?? [], errors);
  const cidrs = spec.podCIDRs ?? [];
  cidrs.forEach((value, i) => {
    if (!cidr.test(value)) errors.push(invalid(`spec.podCIDRs[${i}]`, value, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'));
  });
  const families = cidrs.map((value) => value.includes(':'));
  if (cidrs.length > 1 && (cidrs.length > 2 || families[0] === families[1])) {
    errors.push(invalid('spec.podCIDRs', cidrs, 'may specify no more than one CIDR for each IP family'));
  }
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
  const addresses = next.status?.addresses ?? [];
  addresses.forEach((address, i) => {
    if (addresses.findIndex((other) => equal(other, address)) < i) {
      errors.push(duplicate(`status.addresses[${i}]`, new RawValue(goJson(internalForm(NodeAddress, address)))));
    }
  });
  if (old.spec?.podCIDRs?.length && !equal(next.spec?.podCIDRs ?? [], old.spec.podCIDRs)) {
    errors.push(forbidden('spec.podCIDRs', onlyFromEmpty('podCIDR')));
  }
  if (old.spec?.providerID && next.spec?.providerID !== old.spec.providerID) {
    errors.push(forbidden('spec.providerID', onlyFromEmpty('providerID')));
  }
  validateTaints(next.spec?.taints ?? [], errors);
}
