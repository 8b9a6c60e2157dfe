/** Which Pods a DaemonSet makes and deletes: what nodes need, and what an update replaces (pkg/controller/daemon/{daemon_controller,update}.go). Pure. */
import type { DaemonSet } from '../../schema/apps/v1.ts';
import type { Node, Pod } from '../../schema/core/v1.ts';
import { revisionLabel } from '../controller-revisions.ts';
import { share } from '../deployment-rollout.ts';
import { availableInMs, isReady, isTerminating } from '../pod-readiness.ts';
import { fitOf, isUpdated, type PodsByNode } from './daemon-set-pods.ts';

export interface PodPlan {
  readonly remove: readonly Pod[];
  /** Nodes that get a Pod. */
  readonly add: readonly string[];
  /** Pods that have ended and are removed for that. */
  readonly ended: readonly { readonly pod: Pod; readonly node: string }[];
  /** When a failed Pod may be replaced, milliseconds from now. */
  readonly waitMs?: number;
}

/** A DaemonSet at one look. */
export interface Look {
  readonly set: DaemonSet;
  readonly nodes: readonly Node[];
  readonly pods: PodsByNode;
  readonly hash: string;
  readonly now: number;
}

export const isAvailable = ({ set, now }: Look, pod: Pod): boolean => availableInMs(pod, set.spec?.minReadySeconds, now) === 0;

function limits({ spec }: DaemonSet, desired: number): { readonly surge: number; readonly unavailable: number } {
  const { type, rollingUpdate } = spec?.updateStrategy ?? {};
  if (type !== 'RollingUpdate') return { surge: 0, unavailable: 0 };
  const surge = share(rollingUpdate?.maxSurge, desired, Math.ceil);
  const unavailable = share(rollingUpdate?.maxUnavailable, desired, Math.ceil);
  return { surge, unavailable: desired > 0 && surge === 0 && unavailable === 0 ? 1 : unavailable };
}

/** What nodes need now; `backoffMs` tells how long a failed Pod of a node has to stay. */
export function planNodes(look: Look, backoffMs: (node: string) => number): PodPlan {
  const { set, nodes, pods } = look;
  const fit = fitOf(set);
  const surges = limits(set, 1).surge > 0;
  const remove: Pod[] = [];
  const add: string[] = [];
  const ended: { pod: Pod; node: string }[] = [];
  const waits: number[] = [];
  for (const node of nodes) {
    const name = node.metadata.name ?? '';
    const there = pods.get(name);
    const { run, stay } = fit(node);
    const living = (there ?? []).filter((pod) => !isTerminating(pod));
    if (run && !there) add.push(name);
    else if (!stay) remove.push(...living);
    else {
      const running: Pod[] = [];
      for (const pod of living) {
        const phase = pod.status?.phase;
        const waitMs = phase === 'Failed' ? backoffMs(name) : 0;
        if (waitMs > 0) waits.push(waitMs);
        else if (phase === 'Failed' || phase === 'Succeeded') ended.push({ pod, node: name });
        else running.push(pod);
      }
      if (!surges) remove.push(...running.slice(1));
      else if (running.length > 1) remove.push(...surplusOfSurge(look, running));
      else if (running.length === 0 && run) add.push(name);
    }
  }
  const known = new Set(nodes.map(({ metadata }) => metadata.name));
  for (const [node, there] of pods) if (!known.has(node)) remove.push(...there.filter(({ spec }) => !spec?.nodeName));
  return { remove: [...ended.map(({ pod }) => pod), ...remove], add, ended, ...(waits.length > 0 ? { waitMs: Math.min(...waits) } : {}) };
}

/** While an update surges, a node keeps its oldest old Pod until the oldest new one is available. */
function surplusOfSurge(look: Look, running: readonly Pod[]): Pod[] {
  const isNew = ({ metadata }: Pod) => metadata.labels?.[revisionLabel] === look.hash;
  const fresh = running.find(isNew);
  const old = running.find((pod) => !isNew(pod));
  const replaced = fresh && old && (!isReady(old) || isAvailable(look, fresh));
  return [...running.filter((pod) => pod !== fresh && pod !== old), ...(replaced ? [old] : [])];
}

/** The Pods that a node has of each kind; undefined when there are more than one. */
function pairOn({ set, hash }: Look, there: readonly Pod[]): { readonly fresh?: Pod; readonly old?: Pod } | undefined {
  const living = there.filter((pod) => !isTerminating(pod));
  const [fresh, secondFresh] = living.filter((pod) => isUpdated(set, pod, hash));
  const [old, secondOld] = living.filter((pod) => !isUpdated(set, pod, hash));
  return secondFresh || secondOld ? undefined : { ...(fresh ? { fresh } : {}), ...(old ? { old } : {}) };
}

/** The next step of a rolling update. */
export function planUpdate(look: Look): Pick<PodPlan, 'remove' | 'add'> {
  const fit = fitOf(look.set);
  const wanting = look.nodes.filter((node) => fit(node).run).map(({ metadata }) => metadata.name ?? '');
  const { surge, unavailable } = limits(look.set, wanting.length);
  const pods = new Map([...wanting.map((node) => [node, []] as const), ...look.pods]);
  return surge > 0 ? planSurge(look, pods, new Set(wanting), surge) : planReplacement(look, pods, unavailable);
}

/** Deletes old Pods that are not available, and as many others as may be unavailable. */
function planReplacement(look: Look, pods: PodsByNode, maxUnavailable: number): Pick<PodPlan, 'remove' | 'add'> {
  const broken: Pod[] = [];
  const candidates: Pod[] = [];
  let unavailable = 0;
  for (const there of pods.values()) {
    const { fresh, old } = pairOn(look, there) ?? {};
    if (old && !fresh) {
      if (isAvailable(look, old)) candidates.push(old);
      else broken.push(old);
    }
    const one = old && fresh ? undefined : old ?? fresh;
    if (!one || !isAvailable(look, one)) unavailable++;
  }
  return { remove: [...broken, ...candidates.slice(0, Math.max(0, maxUnavailable - unavailable))], add: [] };
}

/** Makes new Pods beside old ones, and deletes an old one when its successor is available. */
function planSurge(look: Look, pods: PodsByNode, wanting: ReadonlySet<string>, maxSurge: number): Pick<PodPlan, 'remove' | 'add'> {
  const remove: Pod[] = [];
  const leaving: Pod[] = [];
  const broken: string[] = [];
  const candidates: string[] = [];
  let surging = 0;
  let available = 0;
  for (const [node, there] of pods) {
    const pair = pairOn(look, there);
    if (!pair) {
      surging++;
      continue;
    }
    const { fresh, old } = pair;
    const first = old ?? fresh;
    if (first && isAvailable(look, first)) available++;
    if (!old) continue;
    if (fresh) {
      if (isAvailable(look, fresh)) remove.push(old);
      else surging++;
    } else if (!wanting.has(node)) (isAvailable(look, old) ? leaving : remove).push(old);
    else (isAvailable(look, old) ? candidates : broken).push(node);
  }
  // On nodes that are given up, Pods go as others become available.
  remove.push(...leaving.slice(0, Math.max(0, available - wanting.size)));
  return { remove, add: [...broken, ...candidates.slice(0, Math.max(0, maxSurge - surging))] };
}
