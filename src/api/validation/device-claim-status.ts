/** What was allocated for a claim, and what drivers say of it (pkg/apis/resource/validation). */
import {
  AllocationResult, type AllocatedDeviceStatus, type DeviceAllocationConfiguration, type DeviceRequestAllocationResult, type NetworkDeviceData,
  type ResourceClaim, type ResourceClaimConsumerReference,
} from '../../schema/resource/v1.ts';
import { forbidden, invalid, notSupported, required, tooLong, tooMany, type FieldError } from '../field-error.ts';
import { validateItems, validateUniqueItems } from './bounded-lists.ts';
import { validateInterfaceAddress } from './cidrs.ts';
import { validateConditions } from './conditions.ts';
import {
  configurationsMax, requestNames, requestsMax, validateOpaque, validateRawObject, validateReference, validateReferences, type RequestNames,
} from './device-claim.ts';
import { validateDriverName, validateLabelLike, validatePoolName, validateShareID } from './device-names.ts';
import { validateBindingConditions } from './device-slice.ts';
import { internalForm } from './internal-form.ts';
import { validateNodeSelector } from './pod/affinity.ts';
import { fieldIsImmutable } from './rules.ts';
import { semanticEqual } from './semantic-equal.ts';

const reservationsMax = 256;
const conditionsMax = 8;
const addressesMax = 16;
const interfaceBytesMax = 256;
const hardwareBytesMax = 128;
const sources = ['FromClaim', 'FromClass'];

interface DeviceKey {
  readonly driver: string;
  readonly pool: string;
  readonly device: string;
  readonly shareID?: string;
}

/** Devices are told apart by these four; as printed. */
export const deviceKey = ({ driver, pool, device, shareID = '' }: DeviceKey): string => JSON.stringify({ Driver: driver, Pool: pool, Device: device, ShareID: shareID });

export function validateClaimStatus(next: ResourceClaim, old: ResourceClaim, errors: FieldError[]): void {
  const { status, metadata } = next;
  const { allocation, reservedFor = [] } = status;
  validateUniqueItems(reservedFor, reservationsMax, ({ uid }) => uid, validateConsumer, 'status.reservedFor', errors);
  const allocated = new Set(allocation?.devices.results?.map(deviceKey));
  validateUniqueDevices(status.devices ?? [], allocated, errors);
  if (reservedFor.length > 0) {
    if (!allocation) errors.push(forbidden('status.reservedFor', 'may not be specified when `allocated` is not set'));
    else if (metadata.deletionTimestamp !== undefined && reservedFor.some((consumer) => !isAmong(consumer, old.status.reservedFor))) {
      errors.push(forbidden('status.reservedFor', 'new entries may not be added while `deallocationRequested` or `deletionTimestamp` are set'));
    }
  }
  const before = old.status.allocation;
  if (!allocation) return;
  if (!before) validateAllocation(allocation, requestNames(next.spec.devices), errors);
  else if (!semanticEqual(AllocationResult, allocation, before)) {
    errors.push(invalid('status.allocation', internalForm(AllocationResult, allocation), fieldIsImmutable));
  }
}

const isAmong = (consumer: ResourceClaimConsumerReference, list: readonly ResourceClaimConsumerReference[] = []): boolean =>
  list.some(({ apiGroup, resource, name, uid }) =>
    apiGroup === consumer.apiGroup && resource === consumer.resource && name === consumer.name && uid === consumer.uid);

function validateConsumer(consumer: ResourceClaimConsumerReference, path: string, errors: FieldError[]): void {
  for (const member of ['resource', 'name', 'uid'] as const) if (!consumer[member]) errors.push(required(`${path}.${member}`));
}

function validateUniqueDevices(devices: readonly AllocatedDeviceStatus[], allocated: ReadonlySet<string>, errors: FieldError[]): void {
  validateItems(devices, -1, (device, path) => validateDeviceStatus(device, allocated, path, errors), 'status.devices', errors);
  const seen = new Set<string>();
  devices.map(deviceKey).forEach((key, i) => {
    if (seen.has(key)) errors.push({ type: 'FieldValueDuplicate', field: `status.devices[${i}]`, body: `Duplicate value: ${key}` });
    seen.add(key);
  });
}

function validateDeviceStatus(device: AllocatedDeviceStatus, allocated: ReadonlySet<string>, path: string, errors: FieldError[]): void {
  validateDriverName(device.driver, `${path}.driver`, errors);
  validatePoolName(device.pool, `${path}.pool`, errors);
  validateLabelLike(device.device, `${path}.device`, errors);
  validateShareID(device.shareID, `${path}.shareID`, errors);
  if (!allocated.has(deviceKey(device))) errors.push(invalid(path, JSON.parse(deviceKey(device)), 'must be an allocated device in the claim'));
  const conditions = device.conditions ?? [];
  if (conditions.length > conditionsMax) errors.push(tooMany(`${path}.conditions`, conditions.length, conditionsMax));
  validateConditions(conditions, `${path}.conditions`, errors);
  if (device.data !== undefined && device.data !== null) validateRawObject(device.data, `${path}.data`, errors);
  if (device.networkData) validateNetworkData(device.networkData, `${path}.networkData`, errors);
}

function validateNetworkData({ interfaceName = '', hardwareAddress = '', ips }: NetworkDeviceData, path: string, errors: FieldError[]): void {
  if (Buffer.byteLength(interfaceName) > interfaceBytesMax) errors.push(tooLong(`${path}.interfaceName`, interfaceBytesMax));
  if (Buffer.byteLength(hardwareAddress) > hardwareBytesMax) errors.push(tooLong(`${path}.hardwareAddress`, hardwareBytesMax));
  validateUniqueItems(ips, addressesMax, (address) => address, validateInterfaceAddress, `${path}.ips`, errors);
}

function validateAllocation({ devices, nodeSelector }: AllocationResult, known: RequestNames, errors: FieldError[]): void {
  const path = 'status.allocation';
  validateItems(devices.results, requestsMax, (result, at) => validateResult(result, known, at, errors), `${path}.devices.results`, errors);
  validateItems(devices.config, 2 * configurationsMax, (config, at) => validateConfiguration(config, known, at, errors), `${path}.devices.config`, errors);
  if (nodeSelector) validateNodeSelector(nodeSelector, `${path}.nodeSelector`, errors);
}

function validateResult(result: DeviceRequestAllocationResult, known: RequestNames, path: string, errors: FieldError[]): void {
  validateReference(result.request, known, `${path}.request`, errors);
  validateDriverName(result.driver, `${path}.driver`, errors);
  validatePoolName(result.pool, `${path}.pool`, errors);
  validateLabelLike(result.device, `${path}.device`, errors);
  validateBindingConditions(result, path, errors);
  validateShareID(result.shareID, `${path}.shareID`, errors);
}

function validateConfiguration({ source, requests, opaque }: DeviceAllocationConfiguration, known: RequestNames, path: string, errors: FieldError[]): void {
  if (!source) errors.push(required(`${path}.source`));
  else if (!sources.includes(source)) errors.push(notSupported(`${path}.source`, source, sources));
  validateReferences(requests, known, `${path}.requests`, errors);
  validateOpaque(opaque, path, errors);
}
