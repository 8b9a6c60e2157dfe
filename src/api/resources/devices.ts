/** Dynamic resource allocation: classes, claims, their templates, and slices (pkg/registry/resource). */
import {
  ResourceClaimSpec, ResourceClaimTemplateSpec, type DeviceClass, type DeviceRequestAllocationResult, type ResourceClaim,
  type ResourceClaimTemplate, type ResourceSlice,
} from '../../schema/resource/v1.ts';
import { formatTime } from '../../schema/values/time.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import { forbidden, invalid, type FieldError } from '../field-error.ts';
import type { Strategy, StrategyContext } from '../strategy.ts';
import { deviceKey, validateClaimStatus } from '../validation/device-claim-status.ts';
import { validateClaimTemplate, validateDeviceClaim, validateDeviceClass } from '../validation/device-claim.ts';
import { validateResourceSlice } from '../validation/device-slice.ts';
import { internalForm } from '../validation/internal-form.ts';
import { fieldIsImmutable } from '../validation/rules.ts';
import { semanticEqual } from '../validation/semantic-equal.ts';
import { genericStrategy } from './generic-strategy.ts';

const asClaim = (object: KubeObject): ResourceClaim => object as unknown as ResourceClaim;
const asTemplate = (object: KubeObject): ResourceClaimTemplate => object as unknown as ResourceClaimTemplate;
const asSlice = (object: KubeObject): ResourceSlice => object as unknown as ResourceSlice;

export const deviceClassStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  generateName: () => [],
  object: (object, errors) => validateDeviceClass(object as unknown as DeviceClass, errors),
  updateSteps: ['metadata', 'change', 'object'],
});

const adminLabel = 'resource.kubernetes.io/admin-access';

/** Devices that others use are for the administrators of marked namespaces. Nothing is wrong with `path` undefined. */
function adminErrors(path: string | undefined, context: StrategyContext): FieldError[] {
  const namespace = path === undefined ? undefined : context.get('', 'namespaces', '', context.namespace);
  if (path === undefined || namespace?.metadata.labels?.[adminLabel] === 'true') return [];
  return [forbidden(path, `admin access to devices requires the \`${adminLabel}: true\` label on the containing namespace`)];
}

function adminRequest({ devices }: ResourceClaimSpec): string | undefined {
  const at = devices.requests?.findIndex(({ exactly }) => exactly?.adminAccess) ?? -1;
  return at < 0 ? undefined : `spec.devices.requests[${at}].adminAccess`;
}

/** A create that asks for such devices is refused before its other rules. */
const withAdmin = (strategy: Strategy, specOf: (object: KubeObject) => ResourceClaimSpec): Strategy => ({
  ...strategy,
  validateCreate: (object, context) => [...adminErrors(adminRequest(specOf(object)), context), ...strategy.validateCreate!(object, context)],
});

export function resourceClaimStrategy(facts: ResourceFacts): Strategy {
  const generic = genericStrategy(facts, {
    object: (object, errors) => validateDeviceClaim(asClaim(object).spec.devices, 'spec.devices', errors),
    update: (next, old, errors) => {
      const { spec } = asClaim(next);
      if (!semanticEqual(ResourceClaimSpec, spec, asClaim(old).spec)) errors.push(invalid('spec', internalForm(ResourceClaimSpec, spec), fieldIsImmutable));
    },
    updateSteps: ['metadata', 'change', 'update'],
    status: (next, old, errors) => validateClaimStatus(asClaim(next), asClaim(old), errors),
  });
  const status = generic.subresources!['status']!;
  return withAdmin({
    ...generic,
    subresources: {
      ...generic.subresources,
      status: {
        prepareForUpdate: (next, old, context) => {
          status.prepareForUpdate!(next, old, context);
          dropDeallocated(asClaim(next), asClaim(old));
        },
        validateUpdate: (next, old, context) => {
          const asked = adminResult(asClaim(old)) >= 0 ? -1 : adminResult(asClaim(next));
          const path = asked < 0 ? undefined : `status.allocation.devices.results[${asked}].adminAccess`;
          return [...adminErrors(path, context), ...status.validateUpdate!(next, old, context)];
        },
      },
    },
  }, (object) => asClaim(object).spec);
}

const resultsOf = ({ status }: ResourceClaim): readonly DeviceRequestAllocationResult[] => status.allocation?.devices.results ?? [];
const adminResult = (claim: ResourceClaim): number => resultsOf(claim).findIndex(({ adminAccess }) => adminAccess);

/** What drivers said of devices that the claim no longer has goes with them. */
function dropDeallocated(next: ResourceClaim, old: ResourceClaim): void {
  const kept = new Set(resultsOf(next).map(deviceKey));
  const gone = new Set(resultsOf(old).map(deviceKey).filter((key) => !kept.has(key)));
  const devices = next.status.devices?.filter((device) => !gone.has(deviceKey(device)));
  if (devices?.length) next.status.devices = devices;
  else delete next.status.devices;
}

export const resourceClaimTemplateStrategy = (facts: ResourceFacts): Strategy => withAdmin(genericStrategy(facts, {
  object: (object, errors) => validateClaimTemplate(asTemplate(object), errors),
  update: (next, old, errors) => {
    const { spec } = asTemplate(next);
    if (!semanticEqual(ResourceClaimTemplateSpec, spec, asTemplate(old).spec)) {
      errors.push(invalid('spec', internalForm(ResourceClaimTemplateSpec, spec), fieldIsImmutable));
    }
  },
  updateSteps: ['metadata', 'object', 'change', 'update'],
}), (object) => asTemplate(object).spec.spec);

export function resourceSliceStrategy(facts: ResourceFacts): Strategy {
  const generic = genericStrategy(facts, {
    object: (object, errors) => validateResourceSlice(asSlice(object), undefined, errors),
    update: (next, old, errors) => validateResourceSlice(asSlice(next), asSlice(old), errors),
    updateSteps: ['change', 'update'],
  });
  return {
    ...generic,
    prepareForCreate: (object, context) => {
      generic.prepareForCreate!(object, context);
      setTaintTimes(asSlice(object), context);
      dropDisabled(asSlice(object));
    },
    prepareForUpdate: (next, old, context) => {
      setTaintTimes(asSlice(next), context);
      generic.prepareForUpdate!(next, old, context);
      dropDisabled(asSlice(next));
    },
    warningsOnCreate: driverWarnings,
    warningsOnUpdate: driverWarnings,
    selectableFields: (object) => ({ 'spec.nodeName': asSlice(object).spec.nodeName ?? '', 'spec.driver': asSlice(object).spec.driver }),
  };
}

/** The one default that needs the time; upstream's is set when the object is decoded. */
function setTaintTimes({ spec }: ResourceSlice, { now }: StrategyContext): void {
  for (const { taints = [] } of spec.devices ?? []) for (const taint of taints) taint.timeAdded ??= formatTime(now);
}

/** Members behind gates that are off (DRANodeAllocatableResources, DRAListTypeAttributes). */
function dropDisabled({ spec }: ResourceSlice): void {
  for (const device of spec.devices ?? []) {
    delete device.nodeAllocatableResourceMappings;
    for (const attribute of Object.values(device.attributes ?? {})) {
      for (const member of ['ints', 'bools', 'strings', 'versions'] as const) delete attribute[member];
    }
  }
}

function driverWarnings(object: KubeObject): string[] {
  const { driver } = asSlice(object).spec;
  return driver === driver.toLowerCase() ? [] : [`spec.driver: driver names should be lowercase; ${JSON.stringify(driver)} contains uppercase characters`];
}
