/** FlowSchemas and PriorityLevelConfigurations (pkg/registry/flowcontrol). */
import type { FlowSchema, PriorityLevelConfiguration } from '../../schema/flowcontrol/v1.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import { validateFlowSchema } from '../validation/flow-schema.ts';
import { validateFlowControlConditions, validatePriorityLevel } from '../validation/priority-level.ts';
import { genericStrategy, type Validation } from './generic-strategy.ts';

/** An update is judged like a new object. */
const rules: Validation = {
  updateSteps: ['metadata', 'object'],
  status: (next, _old, errors) => validateFlowControlConditions((next as unknown as FlowSchema).status?.conditions, errors),
};

export const flowSchemaStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  ...rules, object: (object, errors) => validateFlowSchema(object as unknown as FlowSchema, errors),
});

export const priorityLevelStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  ...rules, object: (object, errors) => validatePriorityLevel(object as unknown as PriorityLevelConfiguration, errors),
});
