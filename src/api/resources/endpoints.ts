/** Endpoints (pkg/registry/core/endpoint). */
import type { Endpoints } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import { validateEndpoints } from '../validation/endpoints.ts';
import { warningsForIP } from '../validation/ip-addresses.ts';
import { genericStrategy } from './generic-strategy.ts';

const asEndpoints = (object: KubeObject): Endpoints => object as unknown as Endpoints;

export const endpointsStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  object: (object, errors) => validateEndpoints(asEndpoints(object), undefined, errors),
  update: (next, old, errors) => validateEndpoints(asEndpoints(next), asEndpoints(old), errors),
  updateSteps: ['change', 'metadata', 'update'],
}, { warningsOnCreate: warnings, warningsOnUpdate: warnings });

/** Addresses that the Endpoints controller did not write. */
function warnings(object: KubeObject): string[] {
  if (object.metadata.labels?.['endpoints.kubernetes.io/managed-by'] === 'endpoint-controller') return [];
  return (asEndpoints(object).subsets ?? []).flatMap((subset, i) => (['addresses', 'notReadyAddresses'] as const).flatMap(
    (member) => (subset[member] ?? []).flatMap(({ ip }, j) => warningsForIP(ip, `subsets[${i}].${member}[${j}].ip`)),
  ));
}
