/** ControllerRevisions (pkg/apis/apps/validation): data that never changes. */
import type { ControllerRevision } from '../../schema/apps/v1.ts';
import { isObject } from '../../lib/json.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import { required, type FieldError } from '../field-error.ts';
import type { Strategy } from '../strategy.ts';
import { validateImmutable, validateNonNegative } from '../validation/rules.ts';
import { genericStrategy } from './generic-strategy.ts';

export function controllerRevisionStrategy(facts: ResourceFacts): Strategy {
  const generic = genericStrategy(facts, {
    object: (object, errors) => validateNonNegative((object as unknown as ControllerRevision).revision, 'revision', errors),
    update: (next, old, errors) => validateImmutable(next['data'], old['data'], 'data', errors),
    updateSteps: ['change', 'metadata', 'object', 'update'],
  });
  return {
    ...generic,
    validateCreate: (object, context) => {
      const errors: FieldError[] = generic.validateCreate?.(object, context) ?? [];
      const data = object['data'];
      if (data === undefined || data === null) errors.push(required('data', 'data is mandatory'));
      else if (!isObject(data)) errors.push(required('data', 'data must be a valid JSON object'));
      return errors;
    },
  };
}
