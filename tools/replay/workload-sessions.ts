/** Plays sessions with workload controllers (test/golden/workloads) against a real cluster or ours, and tells what was seen. */

/** Anything that came from an API. */
export interface AnyObject {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly metadata: { readonly name: string; readonly uid: string; readonly creationTimestamp: string; readonly [member: string]: unknown };
  readonly [member: string]: unknown;
}

/** One step. Exactly one of the verbs is set. */
export interface Step {
  readonly create?: Record<string, unknown>;
  /** `jobs.batch/name`; `with` is a JSON merge patch. */
  readonly patch?: string;
  readonly with?: unknown;
  readonly subresource?: string;
  readonly delete?: string;
  readonly options?: Record<string, unknown>;
  /** The status that a kubelet would report for these Pods; `<now>` and `<now-5>` are times. */
  readonly kubelet?: readonly string[];
  readonly status?: unknown;
  readonly wait?: number;
  /** The resources whose objects are compared with `are`. */
  readonly see?: readonly string[];
  are?: unknown;
}

export interface Session {
  readonly title: string;
  readonly steps: readonly Step[];
}

/** A cluster to play in. Objects live in one namespace, which it makes. */
export interface Target {
  readonly namespace: string;
  now(): number;
  create(resource: string, object: unknown): Promise<void>;
  patch(resource: string, name: string, patch: unknown, subresource: string | undefined): Promise<void>;
  remove(resource: string, name: string, options: Record<string, unknown>): Promise<void>;
  list(resource: string): Promise<readonly AnyObject[]>;
  wait(seconds: number): Promise<void>;
}

const resources: Readonly<Record<string, string>> = {
  Job: 'jobs.batch', CronJob: 'cronjobs.batch', StatefulSet: 'statefulsets.apps', DaemonSet: 'daemonsets.apps', ReplicaSet: 'replicasets.apps',
  ReplicationController: 'replicationcontrollers', Pod: 'pods', PersistentVolumeClaim: 'persistentvolumeclaims', Node: 'nodes', Service: 'services',
  ResourceQuota: 'resourcequotas', ControllerRevision: 'controllerrevisions.apps',
};
/** Claims are not bound here: what the volume controller says of them is not compared. */
const isCompared = ({ source }: AnyObject): boolean => (source as { component?: string } | undefined)?.component !== 'persistentvolume-controller';

/** Plays the steps; `seen` gets what every `see` saw. */
export async function play({ steps }: Session, target: Target, seen: (step: Step, objects: unknown) => void): Promise<void> {
  const names = new Names(target);
  for (const step of steps) {
    if (step.create) await target.create(resources[String(step.create['kind'])]!, step.create);
    if (step.patch) {
      const [resource = '', name = ''] = step.patch.split('/');
      await target.patch(resource, await names.real(name), withTimes(step.with, target.now()), step.subresource);
    }
    if (step.delete) {
      const [resource = '', name = ''] = step.delete.split('/');
      await target.remove(resource, await names.real(name), step.options ?? {});
    }
    for (const pod of step.kubelet ?? []) await target.patch('pods', await names.real(pod), { status: withTimes(step.status, target.now()) }, 'status');
    if (step.wait) await target.wait(step.wait);
    if (step.see) seen(step, await names.look(step.see));
  }
}

function withTimes(status: unknown, now: number): unknown {
  return JSON.parse(JSON.stringify(status).replace(/"<now(-\d+)?>"/g, (_, before: string | undefined) =>
    `"${new Date(now + Number(before ?? 0) * 1000).toISOString().replace(/\.\d+/, '')}"`));
}

/** Short names for what has generated names and uids, in the order in which they showed up. */
class Names {
  readonly #target: Target;
  readonly #aliases = new Map<string, string>();
  #pods = 0;

  constructor(target: Target) {
    this.#target = target;
  }

  /** The name behind `pod-1`; other names stand for themselves. */
  async real(name: string): Promise<string> {
    await this.#learn(await this.#target.list('pods'));
    return [...this.#aliases].find(([, alias]) => alias === name)?.[0] ?? name;
  }

  async look(wanted: readonly string[]): Promise<Record<string, unknown[]>> {
    await this.#learn(await this.#target.list('pods'));
    const result: Record<string, unknown[]> = {};
    for (const resource of wanted) {
      const objects = (await this.#target.list(resource)).filter(isCompared);
      if (resource !== 'pods') this.#learnUids(resource, objects);
      const shown = objects.map((object) => this.#normal(resource === 'events' ? eventParts(object) : untyped(object))).map((object) => JSON.stringify(object));
      result[resource] = shown.sort().map((text) => JSON.parse(text) as unknown);
    }
    return result;
  }

  /** Pods are `pod-1`, `pod-2` … by creation, then by index, then by the node they are meant for, then by name. */
  async #learn(pods: readonly AnyObject[]): Promise<void> {
    const rank = ({ metadata, spec }: AnyObject) => [
      metadata.creationTimestamp, String(Object.values((metadata['labels'] ?? {}) as object).find((label) => /^\d{1,4}$/.test(String(label))) ?? '').padStart(4, '0'),
      JSON.stringify((spec as { affinity?: unknown }).affinity ?? ''), metadata.name,
    ].join(' ');
    for (const pod of [...pods].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))) {
      if (this.#aliases.has(pod.metadata.uid)) continue;
      this.#pods++;
      this.#aliases.set(pod.metadata.uid, `<uid:pod-${this.#pods}>`);
      const generated = String(pod.metadata['generateName'] ?? '');
      if (generated && !/^\d{1,4}$/.test(pod.metadata.name.slice(generated.length))) this.#aliases.set(pod.metadata.name, `pod-${this.#pods}`);
    }
  }

  #learnUids(resource: string, objects: readonly AnyObject[]): void {
    for (const { metadata } of objects) {
      if (!this.#aliases.has(metadata.uid)) this.#aliases.set(metadata.uid, `<uid:${resource}/${metadata.name}>`);
    }
  }

  #normal(object: unknown): unknown {
    return clean(object, (text) => {
      let result = text;
      for (const [real, alias] of this.#aliases) result = result.replaceAll(real, alias);
      return result.replaceAll(this.#target.namespace, '<ns>');
    });
  }
}

/** Items of lists have no kind. */
function untyped({ kind: _, apiVersion: __, ...object }: AnyObject): object {
  return object;
}

function eventParts({ involvedObject, type, reason, message, count, source, reportingComponent }: AnyObject): object {
  const { kind, name, apiVersion } = involvedObject as Record<string, string>;
  return { about: `${apiVersion} ${kind} ${name}`, type, reason, message, count, source, reportingComponent };
}

const unstable = new Set(['resourceVersion', 'selfLink']);

/** Without what differs from run to run: versions, times, generated volume names. */
function clean(value: unknown, rename: (text: string) => string): unknown {
  if (typeof value === 'string') {
    const text = masked(rename(value));
    return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text) ? '<time>' : text;
  }
  if (Array.isArray(value)) return value.map((item) => clean(item, rename));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([name]) => !unstable.has(name)).map(([name, member]) => {
    if (name === 'managedFields') return [name, managers(member as AnyObject[], rename)] as const;
    return [masked(rename(name)), clean(member, rename)] as const;
  });
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const masked = (text: string): string =>
  text.replace(/kube-api-access-[a-z0-9]{5}\b/g, 'kube-api-access-<gen>').replace(/-\d{8}\b/g, '-<minute>')
    .replace(/pods "([^"]+-)[a-z0-9]{5}" is forbidden/g, 'pods "$1<gen>" is forbidden').replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uid>');

/** Who owns fields; the order of managedFields depends on the second. */
function managers(entries: readonly AnyObject[], rename: (text: string) => string): unknown[] {
  return entries.map((entry) => clean(entry, rename)).map((entry) => JSON.stringify(entry)).sort().map((text) => JSON.parse(text) as unknown);
}
