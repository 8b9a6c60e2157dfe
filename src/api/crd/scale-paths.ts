/** Where a custom resource keeps what its scale shows. */
import { isObject, setMember } from '../../lib/json.ts';

/** Simple JSON paths: `.spec.replicas`. */
export interface ScalePaths {
  readonly specReplicasPath: string;
  readonly statusReplicasPath: string;
  readonly labelSelectorPath?: string;
}

export const stepsOf = (path: string): string[] => path.replace(/^\./, '').split('.');

export function memberAt(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce((of: unknown, step) => (isObject(of) && Object.hasOwn(of, step) ? of[step] : undefined), value);
}

/** Sets a member, making the objects on the way. */
export function setMemberAt(object: Record<string, unknown>, [step, ...rest]: readonly string[], value: unknown): void {
  if (step === undefined) return;
  if (rest.length === 0) return setMember(object, step, value);
  if (!isObject(object[step])) setMember(object, step, {});
  setMemberAt(object[step] as Record<string, unknown>, rest, value);
}
