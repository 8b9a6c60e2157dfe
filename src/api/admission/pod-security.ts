/** PodSecurity: refuses or warns of pods that a namespace's policy does not allow (pod-security-admission). */
import type { Container, Pod, PodSpec } from '../../schema/core/v1.ts';
import type { ObjectMeta } from '../../schema/meta/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { isObject } from '../../lib/json.ts';
import { quote } from '../../lib/go-format.ts';
import type { AdmissionContext, AdmissionRequest, AdmissionStep } from '../admission.ts';
import { invalid } from '../errors.ts';
import type { CheckedPod } from './pod-security-checks.ts';
import { isStricter, policyOf, policyOfStored, printPolicy, printViolations, samePolicy, violationsOf, type LevelVersion } from './pod-security-policy.ts';
import { podOf, refusal } from './refusal.ts';

const ignoredSubresources = new Set(['exec', 'attach', 'binding', 'eviction', 'log', 'portforward', 'proxy', 'status']);
/** Where objects that make pods keep their template. */
const templates: Readonly<Record<string, readonly string[]>> = {
  '/podtemplates': ['template'], '/replicationcontrollers': ['spec', 'template'], 'apps/replicasets': ['spec', 'template'],
  'apps/deployments': ['spec', 'template'], 'apps/statefulsets': ['spec', 'template'], 'apps/daemonsets': ['spec', 'template'],
  'batch/jobs': ['spec', 'template'], 'batch/cronjobs': ['spec', 'jobTemplate', 'spec', 'template'],
};

export const podSecurity: AdmissionStep = {
  name: 'PodSecurity',
  validate(request, context) {
    if (request.operation !== 'CREATE' && request.operation !== 'UPDATE') return;
    const name = `${request.group}/${request.resource}`;
    if (name === '/namespaces') checkNamespace(request, context);
    else if (name === '/pods') checkPod(request, context);
    else if (Object.hasOwn(templates, name) && request.subresource === '') checkTemplate(request, context, templates[name]!);
  },
};

function checkPod(request: AdmissionRequest, context: AdmissionContext): void {
  if (ignoredSubresources.has(request.subresource)) return;
  const pod = podOf(request.object);
  if (request.operation === 'UPDATE' && !isSignificant(pod.spec, podOf(request.oldObject).spec)) return;
  const policy = policyOfStored(context.get('', 'namespaces', '', request.namespace));
  const checked = { annotations: pod.metadata.annotations, spec: pod.spec };
  const violations = violationsOf(policy.enforce, checked);
  if (violations.length > 0) {
    throw refusal(request, `violates PodSecurity ${quote(printPolicy(policy.enforce))}: ${printViolations(violations)}`);
  }
  warn(policy.warn, checked, request);
}

/** Templates are never refused: their pods will be. */
function checkTemplate(request: AdmissionRequest, context: AdmissionContext, path: readonly string[]): void {
  const policy = policyOfStored(context.get('', 'namespaces', '', request.namespace));
  if (policy.warn.level === 'privileged') return;
  const template = path.reduce<unknown>((value, member) => (isObject(value) ? value[member] : undefined), request.object);
  if (!isObject(template) || !isObject(template['spec'])) return;
  const { annotations } = (template['metadata'] ?? {}) as ObjectMeta;
  warn(policy.warn, { annotations, spec: template['spec'] as unknown as PodSpec }, request);
}

function warn(policy: LevelVersion, pod: CheckedPod, request: AdmissionRequest): void {
  const violations = violationsOf(policy, pod);
  if (violations.length > 0) request.warn(`would violate PodSecurity ${quote(printPolicy(policy))}: ${printViolations(violations)}`);
}

/** Only new images and containers can make a running pod worse. */
function isSignificant(spec: PodSpec, old: PodSpec): boolean {
  const changed = (list: readonly Container[] = [], before: readonly Container[] = []) =>
    list.length !== before.length || list.some(({ image }, i) => image !== before[i]!.image);
  return changed(spec.containers, old.containers) || changed(spec.initContainers, old.initContainers)
    || (spec.ephemeralContainers ?? []).some(({ name, image }) =>
      old.ephemeralContainers?.find((container) => container.name === name)?.image !== image);
}

function checkNamespace(request: AdmissionRequest, context: AdmissionContext): void {
  if (request.subresource !== '') return;
  const { policy, errors } = policyOf(request.object);
  const before = request.oldObject && policyOf(request.oldObject);
  if (errors.length > 0 && JSON.stringify(errors) !== JSON.stringify(before?.errors)) {
    throw invalid({ group: '', kind: 'Namespace' }, request.object!.metadata.name ?? '', errors);
  }
  if (!before || samePolicy(policy.enforce, before.policy.enforce) || policy.enforce.level === 'privileged') return;
  const relaxed = policy.enforce.version === before.policy.enforce.version
    && !isStricter(policy.enforce.level, before.policy.enforce.level);
  if (!relaxed) warnOfExistingPods(request.object!, policy.enforce, request, context);
}

function warnOfExistingPods(namespace: KubeObject, enforce: LevelVersion, request: AdmissionRequest, context: AdmissionContext): void {
  const name = namespace.metadata.name!;
  const podsByReasons = new Map<string, string[]>();
  for (const { metadata, spec } of context.list('', 'pods', name) as unknown as Pod[]) {
    const violations = violationsOf(enforce, { annotations: metadata.annotations, spec });
    if (violations.length === 0) continue;
    const reasons = violations.map(({ reason }) => reason).join(', ');
    podsByReasons.set(reasons, [...(podsByReasons.get(reasons) ?? []), metadata.name!]);
  }
  if (podsByReasons.size === 0) return;
  request.warn(`existing pods in namespace ${quote(name)} violate the new PodSecurity enforce level ${quote(printPolicy(enforce))}`);
  const texts = [...podsByReasons].map(([reasons, pods]) => `${[...pods].sort()[0]!}${othersText(pods.length - 1)}: ${reasons}`);
  for (const text of texts.sort()) request.warn(text);
}

function othersText(count: number): string {
  if (count === 0) return '';
  return count === 1 ? ' (and 1 other pod)' : ` (and ${count} other pods)`;
}
