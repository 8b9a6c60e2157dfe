/** LimitRanges and ResourceQuotas (pkg/registry/core/limitrange, pkg/registry/core/resourcequota). */
import type { LimitRange, ResourceQuota } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import { validateLimitRange } from '../validation/limit-range.ts';
import { validateQuota, validateQuotaStatus, validateQuotaUpdate } from '../validation/resource-quota.ts';
import { genericStrategy } from './generic-strategy.ts';

export const limitRangeStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  object: (object, errors) => validateLimitRange(object as unknown as LimitRange, errors),
  updateSteps: ['metadata', 'object'],
});

const asQuota = (object: KubeObject): ResourceQuota => object as unknown as ResourceQuota;

export const quotaStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  object: (object, errors) => validateQuota(asQuota(object), errors),
  update: (next, old, errors) => validateQuotaUpdate(asQuota(next), asQuota(old), errors),
  updateSteps: ['change', 'object', 'update'],
  status: (next, _old, errors) => validateQuotaStatus(asQuota(next), errors),
});
