/** EndpointSlices (pkg/registry/discovery/endpointslice). */
import type { EndpointSlice } from '../../schema/discovery/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import { equal } from '../../lib/json.ts';
import type { Strategy } from '../strategy.ts';
import { validateEndpointSlice } from '../validation/endpoint-slice.ts';
import { warningsForIP } from '../validation/ip-addresses.ts';
import { genericStrategy } from './generic-strategy.ts';

const asSlice = (object: KubeObject): EndpointSlice => object as unknown as EndpointSlice;

/** The controllers of these names write addresses well. */
const trusted: ReadonlySet<string | undefined> = new Set(['endpointslice-controller.k8s.io', 'endpointslicemirroring-controller.k8s.io']);

export function endpointSliceStrategy(facts: ResourceFacts): Strategy {
  const generic = genericStrategy(facts, {
    object: (object, errors) => validateEndpointSlice(asSlice(object), undefined, errors),
    update: (next, old, errors) => validateEndpointSlice(asSlice(next), asSlice(old), errors),
    updateSteps: ['metadata', 'update'],
  });
  return {
    ...generic,
    prepareForCreate: (object, context) => {
      generic.prepareForCreate?.(object, context);
      dropTopology(asSlice(object));
    },
    prepareForUpdate: (next, old, context) => {
      generic.prepareForUpdate?.(next, old, context);
      if (!equal(asSlice(next).endpoints, asSlice(old).endpoints)) dropTopology(asSlice(next));
    },
    warningsOnCreate: (object) => [
      ...(asSlice(object).addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : []),
      ...warningsForAddresses(asSlice(object)),
    ],
    warningsOnUpdate: (object) => warningsForAddresses(asSlice(object)),
  };
}

/** A field of v1beta1 that v1 keeps but does not take. */
function dropTopology({ endpoints }: EndpointSlice): void {
  for (const endpoint of endpoints ?? []) delete endpoint.deprecatedTopology;
}

function warningsForAddresses({ metadata, endpoints }: EndpointSlice): string[] {
  if (trusted.has(metadata?.labels?.['endpointslice.kubernetes.io/managed-by'])) return [];
  return (endpoints ?? []).flatMap(({ addresses }, i) =>
    (addresses ?? []).flatMap((address, j) => warningsForIP(address, `endpoints[${i}].addresses[${j}]`)));
}
