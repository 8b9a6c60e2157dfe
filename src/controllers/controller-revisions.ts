/** The ControllerRevisions of a workload: one for every template that it ever had (pkg/controller/history). */
import type { ApiPort } from '../api/port.ts';
import { goJson } from '../lib/go-format.ts';
import { safeText } from '../lib/safe-letters.ts';
import type { ControllerRevision } from '../schema/apps/v1.ts';
import type { PodTemplateSpec } from '../schema/core/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { LabelSelector } from '../schema/values/label-selector.ts';
import { claim, controllerReference, type WorkloadKind } from './workload-ownership.ts';
import { submitNow } from './workload-pods.ts';

const revisions = 'controllerrevisions.apps';
const hashLabel = 'controller.kubernetes.io/hash';
const namePrefixMax = 223;

/** What a revision keeps: a strategic merge patch that brings the template back. */
export function templatePatch(template: PodTemplateSpec): unknown {
  return sorted({ spec: { template: { ...template, $patch: 'replace' } } });
}

/** The template that a revision keeps. */
export function templateOf({ data }: ControllerRevision): PodTemplateSpec {
  const { spec } = data as unknown as { spec: { template: PodTemplateSpec & { $patch?: string } } };
  const { $patch: _, ...template } = spec.template;
  return template;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, sorted(member)]));
}

/** As Go prints it: members in order, without HTML. */
const textOf = (data: unknown): string => goJson(sorted(data));

/** Upstream's hash of a revision: FNV-1 over the patch and the count of collisions, in safe letters. */
export function revisionHash(data: unknown, collisions: number): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(textOf(data) + collisions)) hash = Math.imul(hash, 0x01000193) ^ byte;
  return safeText(String(hash >>> 0));
}

/** Oldest first. */
function byRevision(a: ControllerRevision, b: ControllerRevision): number {
  const rank = ({ metadata }: ControllerRevision) => `${metadata.creationTimestamp} ${metadata.name}`;
  return (a.revision ?? 0) - (b.revision ?? 0) || (rank(a) < rank(b) ? -1 : 1);
}

/** How the revisions of one kind of workload are named. */
export interface RevisionNaming {
  readonly workload: WorkloadKind;
  readonly hashOf: (owner: KubeObject, data: unknown, collisions: number) => string;
  readonly annotationsOf: (owner: KubeObject) => Record<string, string>;
}

export interface NewRevision {
  readonly owner: KubeObject;
  readonly template: PodTemplateSpec;
  readonly revision: number;
  readonly collisions: number;
}

/** A revision that was made or found, and how many names were taken; undefined when it could not be made. */
export interface MadeRevision { readonly revision: ControllerRevision | undefined; readonly collisions: number }

export class RevisionHistory {
  readonly #port: ApiPort;
  readonly #naming: RevisionNaming;

  constructor(port: ApiPort, naming: RevisionNaming) {
    this.#port = port;
    this.#naming = naming;
  }

  /** The revisions of the owner, oldest first; orphans that it selects are adopted when `adopts`. */
  list(owner: KubeObject, selector: LabelSelector, adopts: boolean): ControllerRevision[] {
    const { workload } = this.#naming;
    return claim<ControllerRevision>({ port: this.#port, workload, owner, selector, adopts }, revisions).sort(byRevision);
  }

  /** The revisions that keep this template, oldest first. */
  equalTo(all: readonly ControllerRevision[], template: PodTemplateSpec): ControllerRevision[] {
    const text = textOf(templatePatch(template));
    return all.filter(({ data }) => textOf(data) === text);
  }

  create({ owner, template, revision, collisions }: NewRevision): MadeRevision {
    const data = templatePatch(template);
    const { workload, hashOf, annotationsOf } = this.#naming;
    const { namespace = '', name: ownerName = '' } = owner.metadata;
    const annotations = annotationsOf(owner);
    const first = hashOf(owner, data, collisions);
    for (let count = collisions; ; count++) {
      const name = `${ownerName.slice(0, namePrefixMax)}-${hashOf(owner, data, count)}`;
      const object: KubeObject = {
        apiVersion: 'apps/v1', kind: 'ControllerRevision',
        metadata: {
          name, labels: { ...template.metadata?.labels, [hashLabel]: first },
          ...(Object.keys(annotations).length > 0 ? { annotations } : {}), ownerReferences: [controllerReference(workload, owner)],
        },
        data, revision,
      };
      const outcome = submitNow(this.#port, { verb: 'create', resource: revisions, namespace, object });
      if (outcome.ok) return { revision: outcome.object as ControllerRevision, collisions: count };
      if (outcome.status.reason !== 'AlreadyExists') return { revision: undefined, collisions: count };
      const taken = this.#port.lister<ControllerRevision>(revisions).get(namespace, name);
      if (taken && textOf(taken.data) === textOf(data)) return { revision: taken, collisions: count };
    }
  }

  /** A template that comes back gets the newest number. */
  renumber(object: ControllerRevision, revision: number): ControllerRevision | undefined {
    if (object.revision === revision) return object;
    return this.update({ ...object, revision });
  }

  update(object: ControllerRevision): ControllerRevision | undefined {
    const outcome = submitNow(this.#port, { verb: 'update', resource: revisions, object });
    return outcome.ok ? (outcome.object as ControllerRevision) : undefined;
  }

  /** Deletes the oldest of those that nobody needs, down to the limit. */
  truncate(all: readonly ControllerRevision[], live: ReadonlySet<string>, limit: number): void {
    const old = all.filter(({ metadata }) => !live.has(metadata.name ?? ''));
    if (limit < 0) return;
    for (const { metadata: { namespace = '', name = '' } } of old.slice(0, Math.max(0, old.length - limit))) {
      this.#port.submit({ verb: 'delete', resource: revisions, namespace, name });
    }
  }
}
