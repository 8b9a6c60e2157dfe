/** Changes of PersistentVolumeClaims and of their status (pkg/apis/core/validation). */
import { PersistentVolumeClaimSpec as SpecType, type PersistentVolumeClaim } from '../../schema/core/v1.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import { copyAsSent } from '../codec/emptied.ts';
import { forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { qualifiedName } from './names.ts';
import { isNativeResource } from './resource-names.ts';
import { invalidForEach, keysOf, validateImmutable } from './rules.ts';
import { semanticEqual } from './semantic-equal.ts';
import { diffOfJson } from './unified-diff.ts';

const classAnnotation = 'volume.beta.kubernetes.io/storage-class';
const immutable = 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims';

/** The rules of a change, beyond those of the new claim. */
export function validateClaimUpdate(next: PersistentVolumeClaim, old: PersistentVolumeClaim, errors: FieldError[]): void {
  const [spec, oldSpec] = [copyAsSent(next.spec!), { ...old.spec! }];
  if (!oldSpec.volumeName && spec.volumeName) oldSpec.volumeName = spec.volumeName;
  const [classNow, classBefore] = [next, old].map(({ metadata }) => metadata?.annotations?.[classAnnotation] ?? '');
  validateImmutable(classNow, classBefore, `metadata.annotations.${classAnnotation}`, errors);
  // A claim without a class may get one.
  if (oldSpec.storageClassName === undefined && !classBefore) delete spec.storageClassName;
  const oldSize = parseQuantity(oldSpec.resources?.requests?.['storage'] ?? '0');
  const size = parseQuantity(spec.resources?.requests?.['storage'] ?? '0');
  if (next.status?.phase === 'Bound') {
    const stored = oldSpec.resources?.requests?.['storage'];
    if (spec.resources?.requests && stored !== undefined) {
      spec.resources = Object.assign(copyAsSent(spec.resources), { requests: { ...spec.resources.requests, storage: stored } });
    }
    if (oldSpec.volumeAttributesClassName === undefined) delete spec.volumeAttributesClassName;
    else spec.volumeAttributesClassName = oldSpec.volumeAttributesClassName;
  }
  if (!semanticEqual(SpecType, spec, oldSpec)) {
    const form = (value: object) => internalForm(SpecType, value);
    errors.push(forbidden('spec', `${immutable}\n${diffOfJson(form(oldSpec), form(spec))}`));
  }
  if (size.cmp(oldSize) < 0 && size.cmp(parseQuantity(old.status?.capacity?.['storage'] ?? '0')) <= 0) {
    errors.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'));
  }
  validateImmutable(next.spec!.volumeMode, old.spec!.volumeMode, 'volumeMode', errors);
  validateAttributesClass(next, old, errors);
}

/** A class that was applied stays until another replaces it. */
function validateAttributesClass(next: PersistentVolumeClaim, old: PersistentVolumeClaim, errors: FieldError[]): void {
  const name = next.spec!.volumeAttributesClassName;
  if (name === old.spec!.volumeAttributesClassName || old.status?.currentVolumeAttributesClassName === undefined || name) return;
  errors.push(forbidden('spec.volumeAttributesClassName',
    `update to ${name === undefined ? 'nil' : 'empty string'} is forbidden when status.currentVolumeAttributesClassName is not nil`));
}

export function validateClaimStatus({ metadata, spec, status }: PersistentVolumeClaim, errors: FieldError[]): void {
  if (!metadata?.resourceVersion) errors.push(required('resourceVersion'));
  if (!spec?.accessModes?.length) errors.push(required('Spec.accessModes'));
  for (const name of keysOf(status?.capacity)) validateAmount(status!.capacity![name]!, `status.capacity[${name}]`, errors);
  const { allocatedResourceStatuses: states, allocatedResources: allocated } = status ?? {};
  for (const name of keysOf(states)) {
    validateResourceKey(name, 'status.allocatedResourceStatuses', errors);
    // Upstream prints the name where it means the state.
    if (!resizeStates.includes(states![name]!)) errors.push(notSupported('status.allocatedResourceStatuses', name, resizeStates));
  }
  for (const name of keysOf(allocated)) {
    if (validateResourceKey(name, 'status.allocatedResources', errors)) validateAmount(allocated![name]!, `status.allocatedResources[${name}]`, errors);
  }
}

const resizeStates = ['ControllerResizeInProgress', 'ControllerResizeInfeasible', 'NodeResizeInProgress', 'NodeResizeInfeasible', 'NodeResizePending'];

function validateAmount(text: string, path: string, errors: FieldError[]): void {
  const whole = parseQuantity(text).value();
  if (whole < 0n) errors.push(invalid(path, Number(whole), 'must be a valid resource quantity'));
}

/** Of Kubernetes' own resources a claim has storage alone. Answers whether the name is fine. */
function validateResourceKey(name: string, path: string, errors: FieldError[]): boolean {
  const before = errors.length;
  invalidForEach(qualifiedName(name), name, path, errors);
  if (errors.length === before && isNativeResource(name) && name !== 'storage') errors.push(notSupported(path, name, ['storage']));
  return errors.length === before;
}
