/**
 * Tells a workload controller which of its objects may have work: those that changed, those whose Pods did, and those
 * that may adopt a Pod. A cluster without workloads of the kind pays nothing: watching Pods begins with the first.
 */
import type { ApiPort, ObjectChange, ObjectKey, ResourceName } from '../api/port.ts';
import { equal } from '../lib/json.ts';
import type { LabelSelector as SelectorObject } from '../schema/meta/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import { fromLabels, storedLabelSelector, type LabelSelector } from '../schema/values/label-selector.ts';
import type { WorkQueue } from './runner.ts';
import { controllerKey, controllerOf, type WorkloadKind } from './workload-ownership.ts';

export interface WatchedWorkload {
  readonly port: ApiPort;
  readonly workload: WorkloadKind;
  /** What the workload makes; Pods unless it says otherwise. */
  readonly dependents?: ResourceName;
  /** Where keys go that have work, unless one of the following says otherwise. */
  readonly queue: WorkQueue;
  /** The workload was made, changed or is gone. */
  readonly workloadChanged?: (change: ObjectChange) => void;
  /** An object of this workload changed, or an orphan that it selects. */
  readonly dependentChanged?: (key: ObjectKey, change: ObjectChange) => void;
  /** A Pod without controller changed, whoever selects it. */
  readonly orphanChanged?: (change: ObjectChange) => void;
}

/** The selector of a workload's spec: a label selector, or the map of labels that a ReplicationController has. */
export function selectorOf({ kind }: WorkloadKind, workload: KubeObject): LabelSelector | undefined {
  const { selector } = (workload['spec'] ?? {}) as { selector?: SelectorObject | Record<string, string> | null };
  if (!selector) return undefined;
  return kind === 'ReplicationController' ? fromLabels(selector as Record<string, string>) : storedLabelSelector(selector as SelectorObject);
}

export class WorkloadWatch {
  readonly #of: WatchedWorkload & Required<Pick<WatchedWorkload, 'workloadChanged' | 'dependentChanged'>>;
  readonly #stops: (() => void)[] = [];
  /** Workloads that have not yet looked for what they may adopt. */
  readonly #adopting = new Set<ObjectKey>();
  #watchesDependents = false;

  constructor(of: WatchedWorkload) {
    const { queue } = of;
    this.#of = { workloadChanged: ({ key }) => queue.add(key), dependentChanged: (key) => queue.add(key), ...of };
  }

  start(): void {
    this.#stops.push(this.#of.port.onChange(this.#of.workload.resource, (change) => this.#workloadChanged(change)));
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#stops.length = 0;
    this.#adopting.clear();
  }

  /** Whether the workload has to look through its namespace for orphans: once after it changed, and after an orphan did. */
  adopts(key: ObjectKey): boolean {
    return this.#adopting.delete(key);
  }

  /** The look failed: the next one is to look for orphans again. */
  adoptLater(key: ObjectKey): void {
    this.#adopting.add(key);
  }

  #workloadChanged(change: ObjectChange): void {
    const { key, object, previous } = change;
    if (!object) this.#adopting.delete(key);
    else if (object.metadata.generation !== previous?.metadata.generation) this.#adopting.add(key);
    if (!this.#watchesDependents) {
      this.#watchesDependents = true;
      this.#stops.push(this.#of.port.onChange(this.#of.dependents ?? 'pods', (dependent) => this.#dependentChanged(dependent)));
    }
    this.#of.workloadChanged(change);
  }

  #dependentChanged(change: ObjectChange): void {
    const { object, previous } = change;
    const { workload, dependentChanged } = this.#of;
    const now = object && controllerKey(workload, object);
    const before = previous && controllerKey(workload, previous);
    if (now) dependentChanged(now, change);
    if (before && before !== now) dependentChanged(before, change);
    if (object && !controllerOf(object)) this.#orphanChanged(change, object);
  }

  #orphanChanged(change: ObjectChange, object: KubeObject): void {
    const { port, workload, dependentChanged, orphanChanged } = this.#of;
    orphanChanged?.(change);
    const { previous } = change;
    if (previous && !controllerOf(previous) && equal(previous.metadata.labels, object.metadata.labels)) return;
    for (const candidate of port.lister(workload.resource).list(object.metadata.namespace)) {
      if (!selectorOf(workload, candidate)?.matches(object.metadata.labels)) continue;
      const key = `${candidate.metadata.namespace}/${candidate.metadata.name}`;
      this.#adopting.add(key);
      dependentChanged(key, change);
    }
  }
}
