/**
 * What the API server itself does about CustomResourceDefinitions: it accepts their names, serves their resources once they
 * are established, and clears their resources away before they go (apiextensions' controllers for naming, establishing and
 * finalizing). It is the only writer of the registry at run time. Instances of other clusters' apiservers are not minded, so
 * nothing waits for them.
 */
import type { Clock } from '../../clock/clock.ts';
import { copy, equal } from '../../lib/json.ts';
import { formatTime } from '../../schema/values/time.ts';
import type { ApiPort, Lister } from '../port.ts';
import type { Registry, ResourceDef } from '../registry.ts';
import { resourceName } from '../registry.ts';
import { acceptNames } from './accepted-names.ts';
import { isTrue, setCondition, type Condition } from './conditions.ts';
import { customResources, type Definition } from './custom-resource.ts';
import { cleanupFinalizer } from './definition-strategy.ts';

const resource = 'customresourcedefinitions.apiextensions.k8s.io';
/** How long until the next look whether all resources are gone (controller/finalizer/crd_finalizer.go). */
const cleanupPollMs = 5000;

interface Served {
  readonly spec: Definition['spec'];
  readonly storedVersions: unknown;
  readonly defs: readonly ResourceDef[];
}

export class DefinitionController {
  readonly #registry: Registry;
  readonly #clock: Clock;
  readonly #port: ApiPort;
  readonly #definitions: Lister<Definition>;
  readonly #served = new Map<string, Served>();
  readonly #queued = new Set<string>();
  readonly #polled = new Set<string>();

  /** `port` speaks for the API server. Runs from now on. */
  constructor(registry: Registry, clock: Clock, port: ApiPort) {
    this.#registry = registry;
    this.#clock = clock;
    this.#port = port;
    this.#definitions = port.lister<Definition>(resource);
    port.onChange(resource, ({ key, object }) => {
      this.#enqueue(key);
      if (!object) this.#enqueueGroup(key);
    });
  }

  #enqueue(name: string): void {
    if (this.#queued.has(name)) return;
    this.#queued.add(name);
    this.#clock.after(0, 'custom resource definition', () => {
      this.#queued.delete(name);
      this.#sync(name);
    });
  }

  /** Looks again while resources of a deleted definition are left. */
  #poll(name: string): void {
    if (this.#polled.has(name)) return;
    this.#polled.add(name);
    this.#clock.after(cleanupPollMs, 'custom resource cleanup', () => {
      this.#polled.delete(name);
      this.#sync(name);
    });
  }

  /** A definition that goes frees its names. */
  #enqueueGroup(name: string): void {
    const group = name.slice(name.indexOf('.') + 1);
    for (const { metadata, spec } of this.#definitions.list()) if (spec.group === group) this.#enqueue(metadata.name!);
  }

  #sync(name: string): void {
    const definition = this.#definitions.get('', name);
    if (!definition) return this.#stopServing(name);
    const next = copy(definition);
    const others = this.#definitions.list().filter(({ metadata, spec }) => spec.group === definition.spec.group && metadata.name !== name);
    const now = formatTime(this.#clock.now());
    acceptNames(next, others, now);
    if (!equal(next, definition)) return this.#updateStatus(next);
    if (isTrue(definition, 'NamesAccepted') && !isTrue(definition, 'Established')) {
      setCondition(next, {
        type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted',
      }, now);
      // Whoever hears that it is established finds it served.
      this.#serve(name, definition);
      return this.#updateStatus(next);
    }
    if (isTrue(definition, 'Established')) this.#serve(name, definition);
    if (definition.metadata.deletionTimestamp !== undefined && definition.metadata.finalizers?.includes(cleanupFinalizer)) this.#cleanUp(next, now);
  }

  /** A conflict means that there is something newer, which is on its way here. */
  #updateStatus(object: Definition): void {
    this.#port.submit({ verb: 'update', resource, subresource: 'status', object });
  }

  #serve(name: string, definition: Definition): void {
    const { spec, status } = definition;
    const served = this.#served.get(name);
    if (served && equal(served.spec, spec) && equal(served.storedVersions, status?.storedVersions)) return;
    this.#stopServing(name);
    const accepted = { ...definition, spec: { ...spec, names: status?.acceptedNames ?? spec.names } };
    const defs = customResources(accepted);
    for (const def of defs) this.#registry.add(def);
    this.#served.set(name, { spec, storedVersions: status?.storedVersions, defs });
  }

  #stopServing(name: string): void {
    for (const def of this.#served.get(name)?.defs ?? []) this.#registry.remove(def);
    this.#served.delete(name);
  }

  /** Deletes every resource, and lets the definition go when none is left. */
  #cleanUp(next: Definition, now: string): void {
    const name = resourceName(next.spec.group, next.spec.names.plural);
    const served = this.#registry.byName(name) !== undefined;
    const finish = (condition: Omit<Condition, 'type' | 'status'>): void => {
      setCondition(next, { type: 'Terminating', status: 'False', ...condition }, now);
      next.metadata.finalizers = next.metadata.finalizers!.filter((finalizer) => finalizer !== cleanupFinalizer);
      this.#updateStatus(next);
    };
    if (!served) return finish({ reason: 'NeverEstablished', message: 'resource was never established' });
    const objects = this.#port.lister(name);
    for (const { metadata } of objects.list()) {
      if (metadata.deletionTimestamp === undefined) {
        this.#port.submit({ verb: 'delete', resource: name, namespace: metadata.namespace ?? '', name: metadata.name! });
      }
    }
    if (objects.count() === 0) return finish({ reason: 'InstanceDeletionCompleted', message: 'removed all instances' });
    const condition = next.status?.conditions?.find(({ type }) => type === 'Terminating');
    if (condition?.reason !== 'InstanceDeletionInProgress') {
      setCondition(next, {
        type: 'Terminating', status: 'True', reason: 'InstanceDeletionInProgress', message: 'CustomResource deletion is in progress',
      }, now);
      this.#updateStatus(next);
    }
    this.#poll(next.metadata.name!);
  }
}
