/** Where a DaemonSet's Pods run and what they look like (pkg/controller/daemon). Pure. */
import type { DaemonSet } from '../../schema/apps/v1.ts';
import type { Node, Pod, PodSpec, Toleration } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { revisionLabel } from '../controller-revisions.ts';
import { requiredNodeTest, schedulingEffects, untoleratedTaint } from '../node-matching.ts';
import { hasEnded, isTerminating } from '../pod-readiness.ts';
import { daemonSetKind } from '../workload-ownership.ts';
import { podFromTemplate } from '../workload-pods.ts';

const generationLabel = 'pod-template-generation';
const generationAnnotation = 'deprecated.daemonset.template.generation';
const nodeNameField = 'metadata.name';

/** What Pods of DaemonSets stay in spite of; the last only with the node's network. */
const stays: readonly { readonly key: string; readonly effect: string }[] = [
  { key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }, { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' }, { key: 'node.kubernetes.io/memory-pressure', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', effect: 'NoSchedule' }, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' },
];
const staysInNetwork = { key: 'node.kubernetes.io/network-unavailable', effect: 'NoSchedule' };

/** The Pods of each node. */
export type PodsByNode = ReadonlyMap<string, readonly Pod[]>;

function tolerationsOf({ tolerations = [], hostNetwork }: PodSpec): Toleration[] {
  const added = (hostNetwork ? [...stays, staysInNetwork] : stays).map((taint): Toleration => ({ ...taint, operator: 'Exists' }));
  const same = (a: Toleration, b: Toleration) => a.key === b.key && a.effect === b.effect && a.operator === b.operator && (a.value ?? '') === (b.value ?? '');
  return [...tolerations.map((own) => added.find((one) => same(one, own)) ?? own), ...added.filter((one) => !tolerations.some((own) => same(one, own)))];
}

const templateGeneration = ({ metadata }: DaemonSet): string | undefined => metadata.annotations?.[generationAnnotation];

/** A Pod for a node, which the scheduler brings there. */
export function podFor(set: DaemonSet, node: string, hash: string): KubeObject {
  const { template } = set.spec!;
  const generation = templateGeneration(set);
  const { affinity } = template.spec!;
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const nodeSelectorTerms = [{ matchFields: [{ key: nodeNameField, operator: 'In', values: [node] }] }];
  return podFromTemplate(daemonSetKind, set, {
    metadata: {
      ...template.metadata,
      labels: { ...template.metadata?.labels, ...(generation === undefined ? {} : { [generationLabel]: generation }), [revisionLabel]: hash },
    },
    spec: {
      ...template.spec!, tolerations: tolerationsOf(template.spec!),
      affinity: {
        ...affinity,
        nodeAffinity: { ...affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: { ...required, nodeSelectorTerms } },
      },
    },
  });
}

/** Whether a Pod is up to date. */
export function isUpdated(set: DaemonSet, { metadata }: Pod, hash: string): boolean {
  const generation = templateGeneration(set);
  return metadata.labels?.[revisionLabel] === hash || (generation !== undefined && metadata.labels?.[generationLabel] === generation);
}

/** The node that a Pod is on, or is meant for. */
function targetOf({ spec }: Pod): string | undefined {
  if (spec?.nodeName) return spec.nodeName;
  const terms = spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const fields = terms.flatMap(({ matchFields }) => matchFields ?? []).filter(({ key, operator }) => key === nodeNameField && operator === 'In');
  return fields[0]?.values?.length === 1 ? fields[0].values[0] : undefined;
}

/** The Pods by node, without those that have ended and are only waiting to go; on each node the first is the oldest that is bound. */
export function byNode(pods: readonly Pod[]): Map<string, Pod[]> {
  const nodes = new Map<string, Pod[]>();
  const rank = ({ spec, metadata }: Pod) => `${spec?.nodeName ? 0 : 1} ${metadata.creationTimestamp} ${metadata.name}`;
  for (const pod of [...pods].sort((a, b) => (rank(a) < rank(b) ? -1 : 1))) {
    const node = targetOf(pod);
    if (node === undefined || (hasEnded(pod) && isTerminating(pod))) continue;
    const there = nodes.get(node);
    if (there) there.push(pod);
    else nodes.set(node, [pod]);
  }
  return nodes;
}

/** Whether a Pod should be made on a node, and whether one that is there may stay. */
export interface Fit { readonly run: boolean; readonly stay: boolean }

/** A test for nodes. */
export function fitOf({ spec }: DaemonSet): (node: Node) => Fit {
  const template = spec!.template.spec!;
  const matches = requiredNodeTest({ metadata: {}, spec: template } as Pod);
  const tolerations = tolerationsOf(template);
  return (node) => {
    if ((template.nodeName && template.nodeName !== node.metadata.name) || (matches && !matches(node))) return { run: false, stay: false };
    const taints = node.spec?.taints ?? [];
    if (!untoleratedTaint(taints, tolerations, schedulingEffects)) return { run: true, stay: true };
    return { run: false, stay: !untoleratedTaint(taints, tolerations, ['NoExecute']) };
  };
}
