/** The ControllerRevisions of a workload: one for every template that it ever had (pkg/controller/history). */
import type { ApiPort } from '../api/port.ts';
import { goJson } from '../lib/go-format.ts';
import { sortKeys } from '../lib/json.ts';
import { safeText } from '../lib/safe-letters.ts';
import type { ControllerRevision } from '../schema/apps/v1.ts';
import type { PodTemplateSpec } from '../schema/core/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { LabelSelector } from '../schema/values/label-selector.ts';
import { answer, type Task } from './task.ts';
import { claim, controllerReference, type WorkloadKind } from './workload-ownership.ts';

const revisions = 'controllerrevisions.apps';
const namePrefixMax = 223;
/** The label of Pods that says of which revision they are. */
export const revisionLabel = 'controller-revision-hash';

/** What a revision keeps: a strategic merge patch that brings the template back. */
export function templatePatch(template: PodTemplateSpec): unknown {
  return sortKeys({ spec: { template: { ...template, $patch: 'replace' } } });
}

/** The template that a revision keeps. */
export function templateOf({ data }: ControllerRevision): PodTemplateSpec {
  const { spec } = data as unknown as { spec: { template: PodTemplateSpec & { $patch?: string } } };
  const { $patch: _, ...template } = spec.template;
  return template;
}

/** As Go prints it: members in order, without HTML. */
const textOf = (data: unknown): string => goJson(sortKeys(data));

/** Upstream's hash of a revision: FNV-1 over the patch and the count of collisions, in safe letters. */
export function revisionHash(template: PodTemplateSpec, collisions: number): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(textOf(templatePatch(template)) + collisions)) hash = Math.imul(hash, 0x01000193) ^ byte;
  return safeText(String(hash >>> 0));
}

/** Oldest first. */
function byRevision(a: ControllerRevision, b: ControllerRevision): number {
  const rank = ({ metadata }: ControllerRevision) => `${metadata.creationTimestamp} ${metadata.name}`;
  return (a.revision ?? 0) - (b.revision ?? 0) || (rank(a) < rank(b) ? -1 : 1);
}

export interface NewRevision {
  readonly owner: KubeObject;
  readonly template: PodTemplateSpec;
  readonly revision: number;
  /** The end of the name. */
  readonly hash: string;
  readonly label: Readonly<Record<string, string>>;
}

export class RevisionHistory {
  readonly #port: ApiPort;
  readonly #workload: WorkloadKind;

  constructor(port: ApiPort, workload: WorkloadKind) {
    this.#port = port;
    this.#workload = workload;
  }

  /** The revisions of the owner, oldest first; orphans that it selects are adopted when `adopts`. Undefined when that failed. */
  *list(owner: KubeObject, selector: LabelSelector, adopts: boolean): Task<ControllerRevision[] | undefined> {
    const claimed = yield* claim<ControllerRevision>({ port: this.#port, workload: this.#workload, owner, selector, adopts }, revisions);
    return claimed?.sort(byRevision);
  }

  /** The revisions that keep this template, oldest first. */
  equalTo(all: readonly ControllerRevision[], template: PodTemplateSpec): ControllerRevision[] {
    const text = textOf(templatePatch(template));
    return all.filter(({ data }) => textOf(data) === text);
  }

  /** The new revision, or one that was there already; `taken` when another has the name, undefined when it could not be made. */
  *create({ owner, template, revision, hash, label }: NewRevision): Task<ControllerRevision | 'taken' | undefined> {
    const { namespace = '', name: ownerName = '', annotations } = owner.metadata;
    const name = `${ownerName.slice(0, namePrefixMax)}-${hash}`;
    const data = templatePatch(template);
    const object: KubeObject = {
      apiVersion: 'apps/v1', kind: 'ControllerRevision',
      metadata: {
        name, labels: { ...template.metadata?.labels, ...label }, ...(annotations ? { annotations } : {}),
        ownerReferences: [controllerReference(this.#workload, owner)],
      },
      data, revision,
    };
    const outcome = yield* answer(this.#port, { verb: 'create', resource: revisions, namespace, object });
    if (outcome.ok) return outcome.object as ControllerRevision;
    if (outcome.status.reason !== 'AlreadyExists') return undefined;
    const there = this.#port.lister<ControllerRevision>(revisions).get(namespace, name);
    if (!there) return undefined;
    return textOf(there.data) === textOf(data) ? there : 'taken';
  }

  /** A template that comes back gets the newest number. */
  *renumber(object: ControllerRevision, revision: number): Task<ControllerRevision | undefined> {
    return object.revision === revision ? object : yield* this.update({ ...object, revision });
  }

  /** Undefined when it was refused. */
  *update(object: ControllerRevision): Task<ControllerRevision | undefined> {
    const outcome = yield* answer(this.#port, { verb: 'update', resource: revisions, object });
    return outcome.ok ? (outcome.object as ControllerRevision) : undefined;
  }

  /** False when it is still there. */
  *delete(namespace: string, name: string): Task<boolean> {
    const outcome = yield* answer(this.#port, { verb: 'delete', resource: revisions, namespace, name });
    return outcome.ok || outcome.status.code === 404;
  }

  /** Deletes the first of revisions that nobody needs; false when one of them is still there. */
  *deleteOldest(idle: readonly ControllerRevision[], count: number): Task<boolean> {
    for (const { metadata: { namespace = '', name = '' } } of idle.slice(0, Math.max(0, count))) {
      if (!(yield* this.delete(namespace, name))) return false;
    }
    return true;
  }
}
