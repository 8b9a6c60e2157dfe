/**
 * The strategy that most resources share, made from their facts: status is reset on create, the other part of the
 * object on update, and the generation rises with the spec. Files beside this one hold what facts cannot say.
 */
import { copy, equal, isObject } from '../../lib/json.ts';
import type { ObjectMeta } from '../../schema/meta/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import { asSent, holdsEmptied } from '../codec/emptied.ts';
import type { FieldError } from '../field-error.ts';
import type { Strategy, UpdateStrategy } from '../strategy.ts';
import {
  validateGenericObjectMeta, validateGenericObjectMetaUpdate, validateObjectMeta, validateObjectMetaUpdate, type NameRule,
} from '../validation/object-meta.ts';
import { nameIsDNSSubdomain, nameIsDNSSubdomainPrefix } from '../validation/names.ts';

/** A kind's own validation, without metadata. */
export interface Validation {
  /** DNS subdomain when absent. */
  readonly name?: NameRule;
  readonly generateName?: NameRule;
  /**
   * Whose rules of metadata the kind has beside those that hold for every write. Built-in kinds usually add one about finalizers;
   * `generic`: apimachinery's alone, so a finalizer may lack a domain; `none`: the kind checks no metadata at all. Neither does
   * in subresources.
   */
  readonly metadata?: 'generic' | 'none';
  /** Rules of the whole object but its metadata. */
  object?(object: KubeObject, errors: FieldError[]): void;
  /** Rules of a change, beyond those of the new object. */
  update?(next: KubeObject, old: KubeObject, errors: FieldError[]): void;
  /** What upstream checks on an update, in its order. */
  readonly updateSteps?: readonly UpdateStep[];
  /** Rules of a status change. */
  status?(next: KubeObject, old: KubeObject, errors: FieldError[]): void;
}

/**
 * One part of an update's validation: the change of the metadata, the kind's rules of a change (`update`), the new
 * metadata, the kind's rules of the whole object (`object`). Upstream puts them together differently for every kind,
 * and parts that run twice repeat their causes.
 */
export type UpdateStep = 'change' | 'update' | 'metadata' | 'object';
const usualSteps: readonly UpdateStep[] = ['change', 'update', 'metadata', 'object'];

const metadataRules = {
  usual: { validateMeta: validateObjectMeta, validateMetaUpdate: validateObjectMetaUpdate },
  generic: { validateMeta: validateGenericObjectMeta, validateMetaUpdate: validateGenericObjectMetaUpdate },
  none: { validateMeta: () => {}, validateMetaUpdate: () => {} },
} as const;

/** A kubelet registers its node with the status (pkg/registry/core/node/strategy.go). */
const keepStatusOnCreate: ReadonlySet<string> = new Set(['nodes']);

/** A strategy from facts, with the given rules. Members of `own` replace the generic ones. */
export function genericStrategy(facts: ResourceFacts, validation: Validation = {}, own: Partial<Strategy> = {}): Strategy {
  const rules = {
    namespaced: facts.namespaced, name: validation.name ?? nameIsDNSSubdomain,
    generateName: validation.generateName ?? nameIsDNSSubdomainPrefix,
  };
  const { validateMeta, validateMetaUpdate } = metadataRules[validation.metadata ?? 'usual'];
  const steps = validation.updateSteps ?? usualSteps;
  const step = (part: UpdateStep, next: KubeObject, old: KubeObject, errors: FieldError[]): void => {
    switch (part) {
      case 'change': return validateMetaUpdate(next.metadata, old.metadata, errors);
      case 'update': return validation.update?.(next, old, errors);
      case 'metadata': return validateMeta(next.metadata, rules, errors);
      case 'object': return validation.object?.(next, errors);
    }
  };
  const subresources: Record<string, UpdateStrategy> = {};
  for (const { name, kind } of facts.subresources ?? []) {
    if (kind === facts.kind) subresources[name] = subresourceStrategy(facts, name, validation);
  }
  return {
    prepareForCreate: (object) => {
      if (facts.generationOnCreate) object.metadata.generation = facts.generationOnCreate;
      if (facts.statusSubresource && !keepStatusOnCreate.has(facts.resource)) delete object['status'];
    },
    prepareForUpdate: (next, old) => {
      resetFields(next, old, facts.resetFields?.[''] ?? []);
      if (facts.generationBump !== undefined && changed(facts.generationBump, next, old)) raiseGeneration(next, old);
    },
    validateCreate: (object) => {
      const errors: FieldError[] = [];
      validateMeta(object.metadata, rules, errors);
      validation.object?.(object, errors);
      return errors;
    },
    validateUpdate: (next, old) => {
      const errors: FieldError[] = [];
      for (const part of steps) step(part, next, old, errors);
      return errors;
    },
    ...own,
    subresources: { ...subresources, ...own.subresources },
  };
}

function subresourceStrategy(facts: ResourceFacts, name: string, validation: Validation): UpdateStrategy {
  return {
    prepareForUpdate: (next, old) => resetFields(next, old, facts.resetFields?.[name] ?? []),
    validateUpdate: (next, old) => {
      const errors: FieldError[] = [];
      metadataRules[validation.metadata ? 'none' : 'usual'].validateMetaUpdate(next.metadata, old.metadata, errors);
      if (name === 'status') validation.status?.(next, old, errors);
      return errors;
    },
  };
}

/** What a subresource never takes from the body, whatever its reset fields say. */
const systemMetadata = ['name', 'generateName', 'namespace', 'uid', 'resourceVersion', 'managedFields'] as const;

/** Puts back what this way of writing may not change. Paths look like `.spec` and `.metadata.labels`. */
export function resetFields(next: KubeObject, old: KubeObject, paths: readonly string[]): void {
  for (const path of paths) {
    if (path === '.metadata') {
      const kept: ObjectMeta = {};
      for (const member of systemMetadata) {
        const value = next.metadata[member];
        if (value !== undefined) Object.assign(kept, { [member]: value });
      }
      next.metadata = { ...copy(old.metadata), ...kept };
    } else resetPath(next, old, path.split('.').slice(1));
  }
}

function resetPath(next: Record<string, unknown>, old: Record<string, unknown>, [member, ...rest]: readonly string[]): void {
  if (member === undefined) return;
  const was = Object.hasOwn(old, member) ? old[member] : undefined;
  if (rest.length === 0) {
    if (was === undefined) delete next[member];
    else next[member] = copy(was);
    return;
  }
  if (!isObject(next[member])) next[member] = {};
  resetPath(next[member] as Record<string, unknown>, isObject(was) ? was : {}, rest);
}

/** `generationBump` of the facts: what must differ for the generation to rise. */
function changed(bump: string, next: KubeObject, old: KubeObject): boolean {
  if (bump.startsWith('template changed')) return !means(next['template'], old['template']);
  if (bump.includes('annotations') && !means(next.metadata.annotations ?? {}, old.metadata.annotations ?? {})) return true;
  // Upstream compares webhooks with reflect.DeepEqual, to which an empty list is not what it stored.
  if (bump.startsWith('webhooks')) {
    const isEmptied = next['webhooks'] === undefined && asSent(next, 'webhooks') !== null;
    return isEmptied || !equal(next['webhooks'], old['webhooks']) || holdsEmptied(next['webhooks']);
  }
  if (bump.startsWith('any change')) {
    return !means({ ...next, metadata: next.metadata.labels ?? {} }, { ...old, metadata: old.metadata.labels ?? {} });
  }
  return !means(next['spec'], old['spec']);
}

/** Whether a decoded value means what is stored: a list that is written even when empty is null in the store. */
function means(next: unknown, stored: unknown): boolean {
  if (next === stored) return true;
  if (Array.isArray(next)) {
    if (stored === null) return next.length === 0;
    return Array.isArray(stored) && next.length === stored.length && next.every((item, i) => means(item, stored[i]));
  }
  if (!isObject(next) || !isObject(stored)) return false;
  const names = Object.keys(next);
  return names.length === Object.keys(stored).length && names.every((name) => Object.hasOwn(stored, name) && means(next[name], stored[name]));
}

export function raiseGeneration(next: KubeObject, old: KubeObject): void {
  next.metadata.generation = (old.metadata.generation ?? 0) + 1;
}
