/** What is there now and what happened to it, read at once and without a request: for assertions and their failures. */
import type { Cluster } from './cluster/cluster.ts';
import { EmulatorError } from './cluster/emulator-error.ts';
import { subjectOf } from './cluster/transcript.ts';
import type { Event } from './schema/core/v1.ts';
import type { KubeObject } from './schema/objects.ts';
import type { ResourceTypes } from './schema/resource-types.ts';

const linesMax = 40;

export class Inspection {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  /** Undefined when there is none. `resource` is the plural name, with the group unless it is core. Throws EmulatorError for one that is not served. */
  object<Name extends keyof ResourceTypes>(resource: Name, name: string, namespace?: string): ResourceTypes[Name] | undefined;
  object(resource: string, name: string, namespace?: string): KubeObject | undefined;
  object(resource: string, name: string, namespace = 'default'): KubeObject | undefined {
    const { ports, services } = this.#cluster.api;
    const def = services.registry.byName(resource);
    if (!def) throw new EmulatorError(404, `Failed to look at ${resource} ${name}: the resource is not served. Write its plural name, with the group unless it is core.`);
    return ports.as('fakelet').lister(resource).get(def.namespaced ? namespace : '', name);
  }

  /** The events about objects of this name in the order in which they first came, also when the object is gone. */
  events(resource: string, name: string, namespace = 'default'): readonly Event[] {
    const { ports, services } = this.#cluster.api;
    const kind = services.registry.byName(resource)?.kind;
    // Their times do not tell: on profile `fast` all that a Pod's start brings is seen at one instant.
    const first = new Map(this.#cluster.journal.entries().map((entry) => [subjectOf(entry), entry.sequence] as const).toReversed());
    const order = ({ metadata }: Event) => first.get(`events/${metadata.namespace}/${metadata.name}`) ?? 0;
    return ports.as('fakelet').lister<Event & KubeObject>('events').list()
      .filter(({ involvedObject: involved }) => involved.kind === kind && involved.name === name && (involved.namespace ?? namespace) === namespace)
      .toSorted((a, b) => order(a) - order(b));
  }

  /** The lines of the transcript about an object, its events and the requests that name it. */
  history(resource: string, name: string, namespace = 'default'): string {
    const mentions = new RegExp(`[/ ]${name.replaceAll('.', '\\.')}(?![-a-z0-9])`);
    const lines = this.#cluster.controls.transcript({}).split('\n').filter((line) => mentions.test(line));
    const shown = lines.slice(-linesMax);
    return [`What happened to ${resource} ${namespace}/${name}${shown.length < lines.length ? ` (last ${linesMax} lines)` : ''}:`, ...shown].join('\n');
  }
}
