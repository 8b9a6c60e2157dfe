/**
 * Gives the claims of a Pod that wait for it their volumes before the Pod is bound (volumebinding PreBind): reserves those
 * that are there, says for which node others are to be made, and looks every second whether all are bound.
 */
import type { ApiPort, Write } from '../../api/port.ts';
import type { Clock, Timer } from '../../clock/clock.ts';
import type { PersistentVolumeClaim } from '../../schema/core/v1.ts';
import { annotated, reserved, selectedNode } from '../volumes/claim-matching.ts';
import { claimsUsed, isBound, planner, waitsForConsumer, type ClaimPlan } from './claim-plan.ts';
import type { ClusterState } from './cluster-state.ts';
import type { PodInfo } from './pod-info.ts';

const lookMs = 1000;
const timeoutMs = 600_000;
const failed = 'running PreBind plugin "VolumeBinding": ';

export class ClaimBinder {
  readonly #port: ApiPort;
  readonly #clock: Clock;
  readonly #cluster: ClusterState;
  readonly #looks = new Map<string, Timer>();

  constructor(port: ApiPort, clock: Clock, cluster: ClusterState) {
    this.#port = port;
    this.#clock = clock;
    this.#cluster = cluster;
  }

  /** Calls `done` once all claims have volumes, at once for most Pods, or with what went wrong; never for a Pod that is gone. */
  bind(pod: PodInfo, nodeName: string, done: (trouble?: string) => void): void {
    const waiting = this.#waiting(pod);
    if (waiting.length === 0) return done();
    const node = this.#cluster.node(nodeName)?.node;
    const plan = node && planner(waiting, this.#cluster)(node);
    const trouble = plan ? this.#ask(plan, nodeName) : "node(s) didn't find available persistent volumes to bind";
    if (trouble !== undefined) return done(failed + trouble);
    this.#look(pod, this.#clock.now() + timeoutMs, done);
  }

  close(): void {
    for (const timer of this.#looks.values()) this.#clock.cancel(timer);
    this.#looks.clear();
  }

  #waiting({ pod, namespace }: PodInfo): PersistentVolumeClaim[] {
    return claimsUsed(pod).map(({ name }) => this.#cluster.claim(namespace, name))
      .filter((claim): claim is PersistentVolumeClaim => claim !== undefined && !isBound(claim) && waitsForConsumer(claim, this.#cluster));
  }

  /** What the first refused write says. */
  #ask({ reserve, provision }: ClaimPlan, node: string): string | undefined {
    const writes: Write[] = [
      ...reserve.map(({ claim, volume }): Write => ({ verb: 'update', resource: 'persistentvolumes', object: reserved(volume, claim) })),
      ...provision.filter(({ metadata }) => metadata.annotations?.[selectedNode] !== node)
        .map((claim): Write => ({ verb: 'update', resource: 'persistentvolumeclaims', object: annotated(claim, { [selectedNode]: node }) })),
    ];
    let trouble: string | undefined;
    for (const write of writes) {
      this.#port.submit(write, (outcome) => { if (!outcome.ok) trouble ??= outcome.status.message ?? ''; });
      if (trouble !== undefined) return trouble;
    }
    return undefined;
  }

  #look(pod: PodInfo, until: number, done: (trouble?: string) => void): void {
    this.#looks.set(pod.key, this.#clock.after(lookMs, 'scheduler volume binding', () => {
      this.#looks.delete(pod.key);
      if (this.#cluster.placed(pod.key) !== pod) return;
      if (this.#waiting(pod).length === 0) done();
      else if (this.#clock.now() >= until) done(`${failed}binding volumes: context deadline exceeded`);
      else this.#look(pod, until, done);
    }));
  }
}
