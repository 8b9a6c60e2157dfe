/** Requests and clusters for single admission steps, without an API around them. */
import type { AdmissionContext, AdmissionRequest, AdmissionStep } from '../../../src/api/admission.ts';
import { ApiError } from '../../../src/api/errors.ts';
import { Prng } from '../../../src/lib/prng.ts';
import type { KubeObject } from '../../../src/schema/objects.ts';

export interface Write extends Partial<Omit<AdmissionRequest, 'object' | 'oldObject'>> {
  readonly object?: object;
  readonly oldObject?: object;
}

/** Objects by `resource` or `resource.group`. */
export type World = Readonly<Record<string, readonly object[]>>;

export interface Outcome {
  readonly object: KubeObject;
  readonly refusal: string | undefined;
  readonly code: number | undefined;
  readonly warnings: readonly string[];
  /** What the step wrote by itself, and what giving it back would write. */
  readonly written: readonly KubeObject[];
  undo(): void;
}

/** Runs both halves of a step over a create of a Pod in namespace `d`, or over what `write` says. */
export function run(step: AdmissionStep, write: Write, world: World = {}): Outcome {
  const warnings: string[] = [];
  const written: KubeObject[] = [];
  const undos: (() => void)[] = [];
  const object = write.object as KubeObject;
  const request: AdmissionRequest = {
    operation: 'CREATE', group: '', version: 'v1', resource: 'pods', subresource: '', kind: 'Pod', namespace: 'd', name: 'p',
    dryRun: false, userName: 'u', warn: (text) => warnings.push(text), onFailure: (undo) => undos.push(undo),
    ...write, object, oldObject: write.oldObject as KubeObject | undefined,
  };
  const error = attempt(() => {
    step.admit?.(request, contextOf(world, written));
    step.validate?.(request, contextOf(world, written));
  });
  return { object, refusal: error?.status.message, code: error?.code, warnings, written, undo: () => undos.forEach((undo) => undo()) };
}

function attempt(act: () => void): ApiError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

function contextOf(world: World, written: KubeObject[]): AdmissionContext {
  const list = (group: string, resource: string, namespace: string) =>
    ((world[group === '' ? resource : `${resource}.${group}`] ?? []) as readonly KubeObject[])
      .filter(({ metadata }) => namespace === '' || metadata.namespace === undefined || metadata.namespace === namespace);
  return {
    now: 0, random: new Prng(1), namespace: 'd', user: { name: 'u', groups: [] }, objects: 0, objectsMax: Infinity, list,
    get: (group, resource, namespace, name) => list(group, resource, namespace).find(({ metadata }) => metadata.name === name),
    updateStatus: (_group, _resource, object) => written.push(object),
  };
}

export const pod = (spec: object = {}, metadata: object = {}) => ({
  metadata: { name: 'p', namespace: 'd', ...metadata }, spec: { containers: [{ name: 'a', image: 'i', resources: {} }], ...spec },
});
export const named = (name: string, members: object = {}) => ({ metadata: { name }, ...members });
