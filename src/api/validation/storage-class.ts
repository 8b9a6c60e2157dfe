/** StorageClasses and VolumeAttributesClasses (pkg/apis/storage/validation). */
import type { TopologySelectorTerm } from '../../schema/core/v1.ts';
import type { StorageClass, VolumeAttributesClass } from '../../schema/storage/v1.ts';
import { equal } from '../../lib/json.ts';
import { asSent } from '../codec/emptied.ts';
import { duplicate, forbidden, invalid, notSupported, required, tooLong, type FieldError } from '../field-error.ts';
import { validateLabelName } from './labels.ts';
import { bytesOf, keysOf, validateImmutable } from './rules.ts';

const reclaimPolicies = ['Delete', 'Retain'];
const bindingModes = ['Immediate', 'WaitForFirstConsumer'];
const parametersMax = 512;
const parameterBytesMax = 256 * 1024;

export function validateStorageClass(storageClass: StorageClass, errors: FieldError[]): void {
  const { provisioner, parameters, reclaimPolicy, volumeBindingMode, allowedTopologies } = storageClass;
  validateProvisioner(provisioner, 'provisioner', errors);
  validateParameters(parameters, errors);
  if (reclaimPolicy && !reclaimPolicies.includes(reclaimPolicy)) errors.push(notSupported('reclaimPolicy', reclaimPolicy, reclaimPolicies));
  if (volumeBindingMode === undefined) errors.push(required('volumeBindingMode'));
  else if (!bindingModes.includes(volumeBindingMode)) errors.push(notSupported('volumeBindingMode', volumeBindingMode, bindingModes));
  validateTopologies(allowedTopologies ?? [], errors);
}

/** What a class says of itself never changes. */
export function validateStorageClassUpdate(next: StorageClass, old: StorageClass, errors: FieldError[]): void {
  for (const member of ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'] as const) {
    validateImmutable(next[member], old[member], member, errors, asSent(next, member));
  }
}

export function validateVolumeAttributesClass({ driverName, parameters }: VolumeAttributesClass, errors: FieldError[]): void {
  validateProvisioner(driverName, 'driverName', errors);
  validateParameters(parameters, errors);
  if (keysOf(parameters).length === 0) errors.push(required('parameters', 'must contain at least one key/value pair'));
}

export function validateVolumeAttributesClassUpdate(next: VolumeAttributesClass, old: VolumeAttributesClass, errors: FieldError[]): void {
  for (const member of ['driverName', 'parameters'] as const) {
    if (!equal(next[member], old[member])) errors.push(forbidden(member, `updates to ${member} are forbidden.`));
  }
}

function validateProvisioner(name: string | undefined, path: string, errors: FieldError[]): void {
  if (!name) errors.push(required(path));
  else validateLabelName(name.toLowerCase(), path, errors);
}

function validateParameters(parameters: Readonly<Record<string, string>> | undefined, errors: FieldError[]): void {
  const names = keysOf(parameters);
  if (names.length > parametersMax) {
    errors.push(tooLong('parameters', parametersMax));
    return;
  }
  if (names.includes('')) errors.push(invalid('parameters', '', 'field can not be empty.'));
  if (bytesOf(parameters) > parameterBytesMax) errors.push(tooLong('parameters', parameterBytesMax));
}

function validateTopologies(terms: readonly TopologySelectorTerm[], errors: FieldError[]): void {
  // Upstream begins with an empty entry for each term, so that a term without expressions repeats them all.
  const seen: unknown[] = terms.map(() => ({}));
  terms.forEach((term, i) => {
    const path = `allowedTopologies[${i}].matchLabelExpressions`;
    validateTopologyTerm(term, path, errors);
    const values = valuesByKey(term);
    for (const other of seen) if (equal(values, other)) errors.push(duplicate(path, ''));
    seen.push(values);
  });
}

const valuesByKey = ({ matchLabelExpressions }: TopologySelectorTerm): Record<string, string[]> =>
  Object.fromEntries((matchLabelExpressions ?? []).map(({ key, values }) => [key, [...new Set(values)].sort()]));

function validateTopologyTerm({ matchLabelExpressions }: TopologySelectorTerm, path: string, errors: FieldError[]): void {
  const keys = new Set<string>();
  matchLabelExpressions?.forEach(({ key, values }, i) => {
    const at = `${path}[${i}]`;
    if (!values?.length) errors.push(required(`${at}.values`));
    values?.forEach((value, j) => {
      if (values.indexOf(value) < j) errors.push(duplicate(`${at}.values[${j}]`, value));
    });
    validateLabelName(key, `${at}.key`, errors);
    if (keys.has(key)) errors.push(duplicate(`${at}.key`, key));
    keys.add(key);
  });
}
