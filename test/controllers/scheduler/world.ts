/** A cluster of a few nodes and Pods for one scheduling decision, without an API. */
import type { ApiPort } from '../../../src/api/port.ts';
import { ClusterState } from '../../../src/controllers/scheduler/cluster-state.ts';
import { Nominations } from '../../../src/controllers/scheduler/nominations.ts';
import { podInfo, type PodInfo } from '../../../src/controllers/scheduler/pod-info.ts';
import { schedulePod, type Decision } from '../../../src/controllers/scheduler/schedule-pod.ts';
import { Prng } from '../../../src/lib/prng.ts';
import type { Node, Pod } from '../../../src/schema/core/v1.ts';
import type { KubeObject } from '../../../src/schema/objects.ts';
import type { PodDisruptionBudget } from '../../../src/schema/policy/v1.ts';

export interface World {
  readonly nodes?: readonly object[];
  /** Pods with a node name. */
  readonly pods?: readonly object[];
  /** Other objects by resource. */
  readonly objects?: Readonly<Record<string, readonly object[]>>;
  readonly budgets?: readonly object[];
  readonly nominated?: readonly (readonly [pod: object, node: string])[];
}

export const info = (pod: object): PodInfo => podInfo(pod as Pod);

function stubPort(objects: Readonly<Record<string, readonly object[]>>): ApiPort {
  const of = (resource: string) => (objects[resource] ?? []) as readonly KubeObject[];
  return {
    lister: (resource: string) => ({
      get: (namespace: string, name: string) => of(resource).find(({ metadata }) => metadata.name === name && (metadata.namespace ?? '') === namespace),
      list: (namespace?: string) => of(resource).filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace),
      byIndex: (_index: string, uid: string) => of(resource).filter(({ metadata }) => metadata.uid === uid),
    }),
  } as unknown as ApiPort;
}

/** Decides where `pod` goes in `world`. */
export function decide(world: World, pod: object): Decision {
  const cluster = new ClusterState(stubPort(world.objects ?? {}));
  for (const node of (world.nodes ?? []) as Node[]) cluster.setNode(node.metadata.name ?? '', node);
  for (const placed of (world.pods ?? []) as Pod[]) cluster.place(podInfo(placed), placed.spec?.nodeName ?? '');
  const nominations = new Nominations();
  for (const [nominated, node] of world.nominated ?? []) nominations.set(info(nominated), node);
  return schedulePod(info(pod), {
    cluster, nominations, random: new Prng(1), start: { index: 0 }, budgets: () => (world.budgets ?? []) as PodDisruptionBudget[],
  });
}

/** The node chosen, or the message. */
export function outcome(world: World, pod: object): string {
  const decision = decide(world, pod);
  return decision.kind === 'fits' ? decision.node : decision.message;
}
