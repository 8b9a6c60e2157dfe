/** What CSI drivers say of themselves: CSIDrivers, CSINodes and CSIStorageCapacities (pkg/apis/storage/validation). */
import {
  CSINodeDriver as NodeDriverType, type CSIDriver, type CSIDriverSpec, type CSINode, type CSINodeDriver, type CSIStorageCapacity,
  type TokenRequest,
} from '../../schema/storage/v1.ts';
import { LabelSelector } from '../../schema/meta/v1.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import { duplicate, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { validateLabelName, validateLabelSelector } from './labels.ts';
import { dns1123Subdomain } from './names.ts';
import { validateCSIDriverName } from './pod/volumes.ts';
import { fieldIsImmutable, invalidForEach, mustBeNonNegative, validateImmutable, validateNonNegative } from './rules.ts';
import { semanticEqual } from './semantic-equal.ts';

const groupPolicies = ['File', 'None', 'ReadWriteOnceWithFSType'];
const lifecycleModes = ['Persistent', 'Ephemeral'];
const updatePeriodSecondsMin = 10;
const tokenSecondsMin = 600;
const tokenSecondsMax = 2 ** 32;

export function validateCSIDriver({ spec }: CSIDriver, errors: FieldError[]): void {
  const { attachRequired, podInfoOnMount, storageCapacity, fsGroupPolicy, nodeAllocatableUpdatePeriodSeconds: period } = spec;
  if (attachRequired === undefined) errors.push(required('spec.attachedRequired'));
  if (podInfoOnMount === undefined) errors.push(required('spec.podInfoOnMount'));
  if (storageCapacity === undefined) errors.push(required('spec.storageCapacity'));
  if (fsGroupPolicy !== undefined && !groupPolicies.includes(fsGroupPolicy)) {
    errors.push(notSupported('spec.fsGroupPolicy', fsGroupPolicy, groupPolicies));
  }
  validateTokenRequests(spec.tokenRequests ?? [], 'spec.tokenRequests', errors);
  for (const mode of spec.volumeLifecycleModes ?? []) {
    if (!lifecycleModes.includes(mode)) errors.push(notSupported('spec.volumeLifecycleModes', mode, lifecycleModes));
  }
  if (spec.seLinuxMount === undefined) errors.push(required('spec.seLinuxMount'));
  if (period !== undefined && period < updatePeriodSecondsMin) {
    errors.push(invalid('spec.nodeAllocatableUpdatePeriodSeconds', period, 'must be greater than or equal to 10 seconds'));
  }
  validateTokenInSecrets(spec, errors);
}

function validateTokenInSecrets({ serviceAccountTokenInSecrets, tokenRequests }: CSIDriverSpec, errors: FieldError[]): void {
  if (serviceAccountTokenInSecrets === undefined || tokenRequests?.length) return;
  errors.push(invalid('spec.serviceAccountTokenInSecrets', serviceAccountTokenInSecrets,
    'serviceAccountTokenInSecrets is set but no tokenRequests are specified'));
}

function validateTokenRequests(requests: readonly TokenRequest[], path: string, errors: FieldError[]): void {
  const audiences = new Set<string>();
  requests.forEach(({ audience, expirationSeconds }, i) => {
    const at = `${path}[${i}]`;
    if (audiences.has(audience)) {
      errors.push(duplicate(`${at}.audience`, audience));
      return;
    }
    audiences.add(audience);
    if (expirationSeconds === undefined) return;
    const refuse = (why: string) => errors.push(invalid(`${at}.expirationSeconds`, expirationSeconds, why));
    if (expirationSeconds < tokenSecondsMin) refuse('may not specify a duration less than 10 minutes');
    if (expirationSeconds > tokenSecondsMax) refuse('may not specify a duration larger than 2^32 seconds');
  });
}

export function validateCSIDriverUpdate(next: CSIDriver, old: CSIDriver, errors: FieldError[]): void {
  validateImmutable(next.spec.attachRequired, old.spec.attachRequired, 'spec.attachedRequired', errors);
  validateImmutable(next.spec.volumeLifecycleModes, old.spec.volumeLifecycleModes, 'spec.volumeLifecycleModes', errors);
}

const nodeIDBytesMax = 256;

export function validateCSINode({ spec }: CSINode, errors: FieldError[]): void {
  const names = new Set<string>();
  spec.drivers?.forEach((driver, i) => {
    const path = `spec.drivers[${i}]`;
    const { name, nodeID, allocatable, topologyKeys } = driver;
    validateCSIDriverName(name, `${path}.name`, errors);
    if (!nodeID) errors.push(required(`${path}.nodeID`));
    if (Buffer.byteLength(nodeID) > nodeIDBytesMax) errors.push(invalid(`${path}.nodeID`, nodeID, `must be ${nodeIDBytesMax} characters or less`));
    validateNonNegative(allocatable?.count, `${path}.allocatable.count`, errors);
    if (names.has(name)) errors.push(duplicate(`${path}.name`, name));
    names.add(name);
    validateTopologyKeys(topologyKeys ?? [], path, errors);
  });
}

/** Upstream does not say which of the keys is meant. */
function validateTopologyKeys(keys: readonly string[], path: string, errors: FieldError[]): void {
  keys.forEach((key, i) => {
    if (!key) errors.push(required(path));
    if (keys.indexOf(key) < i) errors.push(duplicate(path, key));
    validateLabelName(key, path, errors);
  });
}

/** A driver may only change how many volumes it can attach. */
export function validateCSINodeUpdate(next: CSINode, old: CSINode, errors: FieldError[]): void {
  const fixed = ({ allocatable: _, ...driver }: CSINodeDriver): object => driver;
  for (const before of old.spec.drivers ?? []) {
    for (const driver of next.spec.drivers ?? []) {
      if (driver.name !== before.name || semanticEqual(NodeDriverType, fixed(driver), fixed(before))) continue;
      errors.push(invalid('spec.drivers', internalForm(NodeDriverType, fixed(driver)), fieldIsImmutable));
    }
  }
}

export function validateCSIStorageCapacity({ nodeTopology, storageClassName, capacity }: CSIStorageCapacity, errors: FieldError[]): void {
  validateLabelSelector(nodeTopology, 'nodeTopology', errors);
  invalidForEach(dns1123Subdomain(storageClassName), storageClassName, 'storageClassName', errors);
  if (capacity !== undefined && parseQuantity(capacity).sign() < 0) errors.push(invalid('capacity', capacity, mustBeNonNegative));
}

export function validateCSIStorageCapacityUpdate(next: CSIStorageCapacity, old: CSIStorageCapacity, errors: FieldError[]): void {
  if (!semanticEqual(LabelSelector, next.nodeTopology, old.nodeTopology)) {
    errors.push(invalid('nodeTopology', next.nodeTopology, fieldIsImmutable));
  }
  validateImmutable(next.storageClassName, old.storageClassName, 'storageClassName', errors);
}
