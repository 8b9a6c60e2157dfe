/** The CEL rules of a definition: do they compile, and are they cheap enough (apiextensions' validation/validation.go, cel_validation.go)? */
import { forbidden, internalError, invalid, type FieldError } from '../field-error.ts';
import { compileRule } from '../cel/rule-programs.ts';
import { capped } from '../cel/cost.ts';
import { declaredType, resourceType, timesInRequest } from '../cel/schema-types.ts';
import { itemSchema, type Schema, type ValidationRule } from './schema.ts';
import { forEachInner } from './schema-walk.ts';

const ruleCostMax = 10_000_000n;
const definitionCostMax = 100_000_000n;
const shownMax = 4;

export function validateRules(schema: Schema, path: string, errors: FieldError[]): void {
  const check = new RuleCheck(errors);
  check.node(schema, path, { isRoot: true, times: 1n });
  check.total(path);
}

interface Place {
  readonly isRoot?: boolean;
  /** How many values of the schema there may be in an object; undefined when nothing bounds them. */
  readonly times: bigint | undefined;
  /** The schema around this one whose old values cannot be told apart. */
  readonly uncorrelatable?: string | undefined;
}

class RuleCheck {
  readonly #errors: FieldError[];
  #total = 0n;
  #expensive: { readonly path: string; readonly cost: bigint }[] = [];

  constructor(errors: FieldError[]) {
    this.#errors = errors;
  }

  node(schema: Schema, path: string, place: Place): void {
    const isList = schema['x-kubernetes-list-type'] !== 'map';
    const most = elementsMax(schema);
    forEachInner(schema, path, (one, at) => {
      const loses = isList && one === itemSchema(schema);
      this.node(one, at, {
        times: place.times === undefined || most === undefined ? undefined : capped(place.times * most),
        uncorrelatable: place.uncorrelatable ?? (loses ? path : undefined),
      });
    });
    this.#rules(schema, path, place);
  }

  #rules(schema: Schema, path: string, place: Place): void {
    const rules = schema['x-kubernetes-validations'] ?? [];
    if (rules.length === 0) return;
    const isResource = place.isRoot || schema['x-kubernetes-embedded-resource'];
    const self = declaredType(isResource ? resourceType(schema) : schema);
    if (!self) {
      this.#errors.push(internalError(`${path}.x-kubernetes-validations`,
        'internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations'));
      return;
    }
    const count = place.times ?? BigInt(timesInRequest(self));
    rules.forEach((rule, i) => this.#rule(rule, compileRule(rule, self), `${path}.x-kubernetes-validations[${i}]`, count, place.uncorrelatable));
  }

  #rule(rule: ValidationRule, compiled: ReturnType<typeof compileRule>, path: string, count: bigint, uncorrelatable: string | undefined): void {
    const programs = typeof compiled === 'object' ? compiled : undefined;
    this.#cost(`${path}.rule`, 'estimated rule cost', capped((programs?.cost ?? 0n) * count));
    if (typeof compiled === 'string') this.#errors.push(invalid(`${path}.rule`, printed(rule), compiled));
    if (programs?.messageFault !== undefined) this.#errors.push(invalid(`${path}.messageExpression`, printed(rule), programs.messageFault));
    else if (programs?.message) this.#cost(`${path}.messageExpression`, 'estimated messageExpression cost', programs.messageCost);
    if (programs?.usesOldSelf) {
      if (uncorrelatable === undefined) return;
      this.#errors.push(invalid(`${path}.rule`, rule.rule, `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`));
    } else if (rule.optionalOldSelf !== undefined) {
      this.#errors.push(invalid(`${path}.optionalOldSelf`, rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule'));
    }
  }

  #cost(path: string, what: string, cost: bigint): void {
    if (cost > ruleCostMax) this.#errors.push(forbidden(path, tooExpensive(what, cost, ruleCostMax)));
    this.#total = capped(this.#total + cost);
    if (cost < definitionCostMax / 100n) return;
    this.#expensive = [...this.#expensive, { path, cost }].sort((a, b) => (a.cost < b.cost ? 1 : a.cost > b.cost ? -1 : 0)).slice(0, shownMax);
  }

  /** What all rules together may cost. */
  total(path: string): void {
    if (this.#total <= definitionCostMax) return;
    for (const rule of this.#expensive) {
      this.#errors.push(forbidden(rule.path, 'contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema'));
    }
    this.#errors.push(forbidden(path, tooExpensive('x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema', this.#total, definitionCostMax)));
  }
}

/** By how much a schema multiplies what is inside of it; undefined when nothing bounds it. */
function elementsMax({ type, maxItems, maxProperties, additionalProperties }: Schema): bigint | undefined {
  const most = type === 'array' ? maxItems : type === 'object' && additionalProperties !== undefined ? maxProperties : 1;
  return most === undefined ? undefined : BigInt(Math.max(most, 0));
}

function tooExpensive(what: string, cost: bigint, limit: bigint): string {
  const factor = Number(cost) / Number(limit);
  const shown = factor > 100 ? 'more than 100' : factor.toFixed(factor < 1.5 ? 6 : 1);
  return `${what} exceeds budget by factor of ${shown}x (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)`;
}

/** A rule as upstream's internal type prints. */
const printed = ({ rule, message = '', messageExpression = '', reason, fieldPath = '', optionalOldSelf }: ValidationRule) => ({
  Rule: rule, Message: message, MessageExpression: messageExpression, Reason: reason ?? null, FieldPath: fieldPath,
  OptionalOldSelf: optionalOldSelf ?? null,
});
