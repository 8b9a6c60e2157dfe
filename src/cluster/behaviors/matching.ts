/** Which behaviour rule decides about a container: the newest whose selector matches. */
import type { ScriptTarget } from '../../runtime/script.ts';
import type { Behavior, BehaviorSelector } from '../../schema/fakelet/behavior.ts';
import { fits } from '../rule-pattern.ts';

export function ruleFor<T extends { readonly rule: Behavior }>(newestFirst: readonly T[], target: ScriptTarget): T | undefined {
  return newestFirst.find(({ rule }) => selects(rule.selector ?? {}, target));
}

function selects({ namespace, pod, labels, image, container }: BehaviorSelector, target: ScriptTarget): boolean {
  return fits(namespace, target.namespace) && fits(pod, target.pod) && fits(container, target.container) && fits(image, target.image)
    && Object.entries(labels ?? {}).every(([key, value]) => Object.hasOwn(target.labels, key) && target.labels[key] === value);
}
