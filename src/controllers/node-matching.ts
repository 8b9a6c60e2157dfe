/** Which nodes a Pod may run on by its own words: node selector, node affinity, tolerations. Pure. */
import type { Node, NodeSelectorTerm, Pod, Taint, Toleration } from '../schema/core/v1.ts';
import { LabelSelector, LabelSelectorError, requirement, type Operator } from '../schema/values/label-selector.ts';

type NodeTest = (node: Node) => boolean;

const operators: Readonly<Record<string, Operator>> = {
  In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!', Gt: 'gt', Lt: 'lt',
};

/** A test for `nodeSelector` and the required node affinity; undefined when the Pod has neither. */
export function requiredNodeTest(pod: Pod): NodeTest | undefined {
  const { nodeSelector, affinity } = pod.spec ?? {};
  const selectors = Object.entries(nodeSelector ?? {});
  const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  if (selectors.length === 0 && !required) return undefined;
  const terms = (required?.nodeSelectorTerms ?? []).map(termTest);
  return (node) => selectors.every(([key, value]) => labelOf(node, key) === value)
    && (!required || terms.some((test) => test(node)));
}

/** A test for one term. A term without expressions and fields, or with an invalid one, matches no node. */
export function termTest({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm): NodeTest {
  if (matchExpressions.length === 0 && matchFields.length === 0) return () => false;
  try {
    const selector = new LabelSelector(matchExpressions.map(({ key, operator, values }) =>
      requirement(key, operatorOf(operator), values?.length ? values : undefined)));
    return (node) => selector.matches(node.metadata.labels) && matchFields.every(({ key, operator, values = [] }) =>
      key === 'metadata.name' && values.includes(node.metadata.name ?? '') === (operator === 'In'));
  } catch (error) {
    if (error instanceof LabelSelectorError) return () => false;
    throw error;
  }
}

function operatorOf(text: string): Operator {
  const operator = operators[text];
  if (operator === undefined) throw new LabelSelectorError(`${text} is not a node selector operator`);
  return operator;
}

function labelOf(node: Node, key: string): string | undefined {
  const labels = node.metadata.labels;
  return labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** True when the toleration covers the taint (component-helpers/scheduling/corev1; comparison operators are behind a gate that is off). */
export function tolerates({ key = '', operator = '', value = '', effect = '' }: Toleration, taint: Taint): boolean {
  if (effect !== '' && effect !== taint.effect) return false;
  if (key !== '' && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return (operator === '' || operator === 'Equal') && value === (taint.value ?? '');
}

/** The first taint of these effects that no toleration covers. */
export function untoleratedTaint(
  taints: readonly Taint[], tolerations: readonly Toleration[], effects: readonly string[],
): Taint | undefined {
  return taints.find((taint) => effects.includes(taint.effect) && !tolerations.some((toleration) => tolerates(toleration, taint)));
}

/** Effects that keep a Pod from being scheduled. */
export const schedulingEffects: readonly string[] = ['NoSchedule', 'NoExecute'];
