/** ResourceSlices: the devices of a driver (pkg/apis/resource/validation). */
import { NodeSelectorTerm } from '../../schema/core/v1.ts';
import {
  DeviceAttribute, type CounterSet, type Device, type DeviceTaint, type ResourcePool, type ResourceSlice, type ResourceSliceSpec,
} from '../../schema/resource/v1.ts';
import { asSent } from '../codec/emptied.ts';
import { duplicate, forbidden, invalid, notSupported, required, tooLong, type FieldError } from '../field-error.ts';
import { validateEntries, validateItems, validateUniqueItems } from './bounded-lists.ts';
import { validateRequestPolicy } from './device-capacity.ts';
import { taintEffects } from './device-claim.ts';
import { qualifiedNameBytesMax, validateDeviceQualifiedName, validateDriverName, validateLabelLike, validatePoolName } from './device-names.ts';
import { internalForm } from './internal-form.ts';
import { validateLabelName } from './labels.ts';
import { dns1123Subdomain, labelValue } from './names.ts';
import { validateNodeSelector } from './pod/affinity.ts';
import { invalidForEach, mustBePositive, validateImmutable } from './rules.ts';

const devicesMax = 128;
/** When there are taints or counters. */
const advancedDevicesMax = 64;
const counterSetsMax = 8;
const countersMax = 32;
const consumptionsMax = 2;
const attributesMax = 32;
const attributeValuesMax = 48;
const valueBytesMax = 64;
const taintsMax = 16;
const bindingConditionsMax = 4;
const labelBytesMax = 63;
const identifier = '(0|[1-9]\\d*|\\d*[a-zA-Z-][0-9a-zA-Z-]*)';
const semanticVersion = new RegExp(
  `^(0|[1-9]\\d*)\\.(0|[1-9]\\d*)\\.(0|[1-9]\\d*)(-${identifier}(\\.${identifier})*)?(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?$`);

export function validateResourceSlice({ spec }: ResourceSlice, old: ResourceSlice | undefined, errors: FieldError[]): void {
  validateDriverName(spec.driver, 'spec.driver', errors);
  validatePool(spec.pool, errors);
  if (old) {
    validateImmutable(spec.pool.name, old.spec.pool.name, 'spec.pool.name', errors);
    validateImmutable(spec.driver, old.spec.driver, 'spec.driver', errors);
    validateImmutable(spec.nodeName, old.spec.nodeName, 'spec.nodeName', errors);
  }
  validateNodes(spec, errors);
  if (asSent(spec, 'sharedCounters') !== null && asSent(spec, 'devices') !== null) {
    errors.push(invalid('spec', '', 'only one of `sharedCounters` or `devices` is allowed'));
  }
  const isAdvanced = spec.devices?.some(({ taints, consumesCounters }) => taints?.length || consumesCounters?.length);
  validateUniqueItems(spec.devices, isAdvanced ? advancedDevicesMax : devicesMax, ({ name }) => name, (device, at) => {
    validateDevice(device, old?.spec.devices?.find(({ name }) => name === device.name), spec.perDeviceNodeSelection === true, at, errors);
  }, 'spec.devices', errors);
  validateUniqueItems(spec.sharedCounters, counterSetsMax, ({ name }) => name, validateCounterSet, 'spec.sharedCounters', errors);
}

function validatePool({ name, resourceSliceCount: count, generation }: ResourcePool, errors: FieldError[]): void {
  validatePoolName(name, 'spec.pool.name', errors);
  if (count <= 0) errors.push(invalid('spec.pool.resourceSliceCount', count, mustBePositive));
  if (generation < 0) errors.push(invalid('spec.pool.generation', generation, 'must be greater than or equal to zero'));
}

/** One way to say where the devices are. */
function validateNodes({ nodeName, nodeSelector, allNodes, perDeviceNodeSelection }: ResourceSliceSpec, errors: FieldError[]): void {
  const set: string[] = [];
  if (nodeName === '') errors.push(invalid('spec.nodeName', nodeName, 'must be either unset or set to a non-empty string'));
  else if (nodeName !== undefined) {
    set.push('`nodeName`');
    invalidForEach(dns1123Subdomain(nodeName), nodeName, 'spec.nodeName', errors);
  }
  if (nodeSelector) {
    set.push('`nodeSelector`');
    validateNodeSelector(nodeSelector, 'spec.nodeSelector', errors);
    const terms = nodeSelector.nodeSelectorTerms ?? [];
    if (terms.length !== 1) {
      const printed = asSent(nodeSelector, 'nodeSelectorTerms') && terms.map((term) => internalForm(NodeSelectorTerm, term));
      errors.push(invalid('spec.nodeSelector.nodeSelectorTerms', printed, 'must have exactly one node selector term'));
    }
  }
  for (const [name, value] of [['allNodes', allNodes], ['perDeviceNodeSelection', perDeviceNodeSelection]] as const) {
    if (value) set.push(`\`${name}\``);
    else if (value === false) errors.push(invalid(`spec.${name}`, value, 'must be either unset or set to true'));
  }
  const must = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required';
  if (set.length === 0) errors.push(required('spec', must));
  else if (set.length > 1) errors.push(invalid('spec', `{${set.join(', ')}}`, `${must}, but multiple fields are set`));
}

function validateCounterSet({ name, counters }: CounterSet, path: string, errors: FieldError[]): void {
  validateCounters(name, counters, `${path}.name`, path, errors);
}

function validateCounters(name: string, counters: CounterSet['counters'], namePath: string, path: string, errors: FieldError[]): void {
  if (name) validateLabelLike(name, namePath, errors);
  else errors.push(required(namePath));
  if (Object.keys(counters ?? {}).length === 0) errors.push(required(`${path}.counters`));
  else validateEntries(counters, countersMax, labelBytesMax, validateLabelLike, () => {}, `${path}.counters`, errors);
}

function validateDevice(device: Device, old: Device | undefined, perDevice: boolean, path: string, errors: FieldError[]): void {
  const { attributes = {}, capacity = {}, taints } = device;
  validateLabelLike(device.name, `${path}.name`, errors);
  const size = Object.keys(attributes).length + Object.keys(capacity).length;
  if (size > attributesMax) errors.push(invalid(path, size, `the total number of attributes and capacities must not exceed ${attributesMax}`));
  const values = Object.keys(attributes).length;
  if (values > attributeValuesMax) errors.push(invalid(path, values, `the total number of attribute values must not exceed ${attributeValuesMax}`));
  validateEntries(attributes, -1, qualifiedNameBytesMax, validateDeviceQualifiedName, validateAttribute, `${path}.attributes`, errors);
  validateEntries(capacity, -1, qualifiedNameBytesMax, validateDeviceQualifiedName, ({ value, requestPolicy: policy }, at) => {
    if (policy && device.allowMultipleAllocations) validateRequestPolicy(value, policy, `${at}.requestPolicy`, errors);
    else if (policy) errors.push(forbidden(`${at}.requestPolicy`, 'allowMultipleAllocations must be true'));
  }, `${path}.capacity`, errors);
  if (!old || !sameTaints(old.taints, taints)) validateItems(taints, taintsMax, validateTaint, `${path}.taints`, errors);
  validateUniqueItems(device.consumesCounters, consumptionsMax, ({ counterSet }) => counterSet, ({ counterSet, counters }, at) =>
    validateCounters(counterSet, counters, `${at}.counterSet`, at, errors), `${path}.consumesCounters`, errors);
  validateDeviceNodes(device, perDevice, path, errors);
  validateBindingConditions(device, path, errors);
}

const sameTaints = (a: Device['taints'], b: Device['taints']): boolean => JSON.stringify(a ?? []) === JSON.stringify(b ?? []);

/** Where one device is, when the slice leaves that to its devices. */
function validateDeviceNodes({ nodeName, nodeSelector, allNodes }: Device, perDevice: boolean, path: string, errors: FieldError[]): void {
  const inSpec = '`perDeviceNodeSelection` is set to true in the ResourceSlice spec';
  if (!perDevice) {
    if (nodeName !== undefined || nodeSelector || allNodes !== undefined) {
      errors.push(invalid(path, null, `\`nodeName\`, \`nodeSelector\` and \`allNodes\` can only be set if ${inSpec}`));
    }
    return;
  }
  const set: string[] = [];
  if (nodeName === '') errors.push(invalid(`${path}.nodeName`, nodeName, 'must not be empty'));
  else if (nodeName !== undefined) {
    set.push('`nodeName`');
    invalidForEach(dns1123Subdomain(nodeName), nodeName, `${path}.nodeName`, errors);
  }
  if (nodeSelector) {
    set.push('`nodeSelector`');
    validateNodeSelector(nodeSelector, `${path}.nodeSelector`, errors);
  }
  if (allNodes) set.push('`allNodes`');
  else if (allNodes === false) errors.push(invalid(`${path}.allNodes`, allNodes, 'must be either unset or set to true'));
  const must = `exactly one of \`nodeName\`, \`nodeSelector\`, or \`allNodes\` is required when ${inSpec}`;
  if (set.length === 0) errors.push(required(path, must));
  else if (set.length > 1) errors.push(invalid(path, `{${set.join(', ')}}`, must));
}

function validateAttribute(attribute: DeviceAttribute, path: string, errors: FieldError[]): void {
  const { int, bool, string, version } = attribute;
  if (string !== undefined && Buffer.byteLength(string) > valueBytesMax) errors.push(tooLong(`${path}.string`, valueBytesMax));
  if (version !== undefined) {
    if (!semanticVersion.test(version)) errors.push(invalid(`${path}.version`, version, 'must be a string compatible with semver.org spec 2.0.0'));
    if (Buffer.byteLength(version) > valueBytesMax) errors.push(tooLong(`${path}.version`, valueBytesMax));
  }
  const count = [int, bool, string, version].filter((value) => value !== undefined).length;
  if (count === 0) errors.push(invalid(path, '', 'exactly one value must be specified'));
  else if (count > 1) errors.push(invalid(path, internalForm(DeviceAttribute, attribute), 'exactly one value must be specified'));
}

function validateTaint({ key, value, effect }: DeviceTaint, path: string, errors: FieldError[]): void {
  validateLabelName(key, `${path}.key`, errors);
  if (value) invalidForEach(labelValue(value), value, `${path}.value`, errors);
  if (!effect) errors.push(required(`${path}.effect`));
  else if (!taintEffects.includes(effect)) errors.push(notSupported(`${path}.effect`, effect, taintEffects));
}

type Conditions = Pick<Device, 'bindingConditions' | 'bindingFailureConditions'>;

/** What a device waits for before a Pod is bound, and what ends the wait. */
export function validateBindingConditions(of: Conditions, path: string, errors: FieldError[]): void {
  const { bindingConditions: wanted = [], bindingFailureConditions: failures = [] } = of;
  const [wantedPath, failurePath] = [`${path}.bindingConditions`, `${path}.bindingFailureConditions`];
  validateItems(wanted, bindingConditionsMax, validateLabelName, wantedPath, errors);
  validateItems(failures, bindingConditionsMax, validateLabelName, failurePath, errors);
  wanted.forEach((name, i) => {
    if (wanted.indexOf(name) < i) errors.push(duplicate(`${wantedPath}[${i}]`, name));
  });
  failures.forEach((name, i) => {
    if (failures.indexOf(name) < i) errors.push(duplicate(`${failurePath}[${i}]`, name));
    if (wanted.includes(name)) errors.push(invalid(`${failurePath}[${i}]`, name, 'bindingFailureConditions must not overlap with bindingConditions'));
  });
  if (wanted.length === 0 && failures.length > 0) {
    errors.push(invalid(wantedPath, asSent(of, 'bindingConditions'), 'bindingConditions are required to use bindingFailureConditions'));
  }
  if (failures.length === 0 && wanted.length > 0) {
    errors.push(invalid(failurePath, asSent(of, 'bindingFailureConditions'), 'bindingFailureConditions are required to use bindingConditions'));
  }
}
