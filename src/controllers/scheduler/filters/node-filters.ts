/** The filters that look only at the node itself: unschedulable, name, taints, affinity. */
import { requiredNodeTest, schedulingEffects, tolerates, untoleratedTaint } from '../../node-matching.ts';
import type { PodInfo } from '../pod-info.ts';
import { unresolvable, type Filter } from './filter.ts';

const unschedulableTaint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' };
const unschedulable = unresolvable('NodeUnschedulable', 'node(s) were unschedulable');
const wrongName = unresolvable('NodeName', "node(s) didn't match the requested node name");
// Since 1.34 the text does not name the taint.
const tainted = unresolvable('TaintToleration', 'node(s) had untolerated taint(s)');
const noAffinity = unresolvable('NodeAffinity', "node(s) didn't match Pod's node affinity/selector");

export const nodeUnschedulable: Filter = {
  name: 'NodeUnschedulable',
  prepare({ tolerations }) {
    const tolerated = tolerations.some((toleration) => tolerates(toleration, unschedulableTaint));
    return tolerated ? undefined : { check: ({ node }) => (node?.spec?.unschedulable ? unschedulable : undefined) };
  },
};

export const nodeName: Filter = {
  name: 'NodeName',
  prepare({ pod }) {
    const wanted = pod.spec?.nodeName;
    return wanted ? { check: ({ name }) => (name === wanted ? undefined : wrongName) } : undefined;
  },
};

export const taintToleration: Filter = {
  name: 'TaintToleration',
  prepare: ({ tolerations }) => ({
    check: ({ taints }) => (taints.length > 0 && untoleratedTaint(taints, tolerations, schedulingEffects) ? tainted : undefined),
  }),
};

export const nodeAffinity: Filter = {
  name: 'NodeAffinity',
  prepare(pod) {
    const test = requiredNodeTest(pod.pod);
    if (!test) return undefined;
    const names = namedNodes(pod);
    if (names?.size === 0) return { rejectsPod: 'pod affinity terms conflict' };
    return { check: ({ node }) => (test(node!) ? undefined : noAffinity), ...(names ? { onlyNodes: names } : {}) };
  },
};

/** The nodes that the affinity terms name by `metadata.name`, if every term does (as DaemonSet Pods do). */
function namedNodes({ pod }: PodInfo): Set<string> | undefined {
  const terms = pod.spec?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const lists = matchFields.filter(({ key, operator }) => key === 'metadata.name' && operator === 'In').map(({ values = [] }) => values);
    const [first, ...others] = lists;
    if (!first) return undefined;
    for (const name of first) if (others.every((list) => list.includes(name))) names.add(name);
  }
  return names;
}
