/** Conditions of a CustomResourceDefinition (apiextensions' apihelpers). */
import type { Definition } from './custom-resource.ts';

export interface Condition {
  readonly type: 'NamesAccepted' | 'Established' | 'Terminating';
  readonly status: 'True' | 'False';
  readonly reason: string;
  readonly message: string;
}

/** Sets a condition; the time of transition moves with the status only. */
export function setCondition(definition: Definition, condition: Condition, now: string): void {
  const conditions = definition.status!.conditions ??= [];
  const old = conditions.find(({ type }) => type === condition.type);
  const { type, status: value, reason, message } = condition;
  if (!old) conditions.push({ type, status: value, lastTransitionTime: now, reason, message });
  else Object.assign(old, { ...(old.status === value ? {} : { lastTransitionTime: now }), status: value, reason, message });
}

export const isTrue = ({ status }: Definition, type: Condition['type']): boolean =>
  status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;
