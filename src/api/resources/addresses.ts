/** IPAddresses and ServiceCIDRs (pkg/registry/networking). */
import type { IPAddress, ServiceCIDR } from '../../schema/networking/v1.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import { canonicalIPAddress } from '../validation/ip-addresses.ts';
import {
  validateIPAddress, validateIPAddressUpdate, validateServiceCIDR, validateServiceCIDRUpdate,
} from '../validation/service-range.ts';
import { genericStrategy } from './generic-strategy.ts';

/** An address cannot be made up: a prefix is the name itself, and judged as such. */
export const addressStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  name: canonicalIPAddress,
  generateName: canonicalIPAddress,
  object: (object, errors) => validateIPAddress(object as unknown as IPAddress, errors),
  update: (next, old, errors) => validateIPAddressUpdate(next as unknown as IPAddress, old as unknown as IPAddress, errors),
  updateSteps: ['metadata', 'object', 'change', 'update'],
}, { generateName: (prefix) => prefix });

export const serviceRangeStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  object: (object, errors) => validateServiceCIDR(object as unknown as ServiceCIDR, errors),
  update: (next, old, errors) => validateServiceCIDRUpdate(next as unknown as ServiceCIDR, old as unknown as ServiceCIDR, errors),
  updateSteps: ['change', 'update'],
});
