/** What may change of a Pod through the main resource (upstream's ValidatePodUpdate): little, and not its plan. */
import {
  NodeAffinity as NodeAffinityType, NodeSelectorTerm as NodeSelectorTermType, PodSpec as PodSpecType,
  type Affinity, type Container, type NodeAffinity, type NodeSelectorTerm, type Pod, type PodSchedulingGate, type PodSpec,
  type Toleration,
} from '../../../schema/core/v1.ts';
import { equal } from '../../../lib/json.ts';
import { asSent, copyAsSent } from '../../codec/emptied.ts';
import { forbidden, invalid, required, type FieldError } from '../../field-error.ts';
import { internalForm } from '../internal-form.ts';
import { validateObjectMetaUpdate } from '../object-meta.ts';
import { inclusiveRange } from '../rules.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { diffOfJson } from '../unified-diff.ts';
import { validatePodAnnotationsUpdate } from './annotations.ts';
import { validateImageTrimmed } from './containers.ts';
import { validatePodMetadataAndSpec } from './pod.ts';
import { validateTolerations } from './tolerations.ts';

const int32Max = 2 ** 31 - 1;
const requiredTerms = 'requiredDuringSchedulingIgnoredDuringExecution';
const changeableFields = [
  '`spec.containers[*].image`', '`spec.initContainers[*].image`', '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',');

/** All causes against replacing `old` by `pod`, without those that every kind's update has in common. */
export function validatePodUpdate(pod: Pod, old: Pod, errors: FieldError[]): void {
  validateObjectMetaUpdate(pod.metadata, old.metadata, errors);
  validatePodMetadataAndSpec(pod, errors);
  validatePodAnnotationsUpdate(pod.metadata.annotations, old.metadata.annotations, pod.spec, 'metadata.annotations', errors);
  for (const list of ['containers', 'initContainers'] as const) {
    if (!validateContainersUpdate(pod.spec[list] ?? [], old.spec[list] ?? [], `spec.${list}`, errors)) return;
  }
  if (!validateDeadlineUpdate(pod.spec, old.spec, errors)) return;
  validateTolerationsUpdate(pod.spec.tolerations ?? [], old.spec.tolerations ?? [], errors);
  validateGatesUpdate(pod.spec.schedulingGates ?? [], old.spec.schedulingGates ?? [], errors);
  if (semanticEqual(PodSpecType, pod.spec, old.spec)) return;
  const rest = withoutChangeable(pod.spec, old.spec);
  if (old.spec.schedulingGates?.length) undoSchedulingChanges(rest, old.spec, errors);
  if (semanticEqual(PodSpecType, rest, old.spec)) return;
  const difference = diffOfJson(internalForm(PodSpecType, old.spec), internalForm(PodSpecType, rest));
  errors.push(forbidden('spec', `pod updates may not change fields other than ${changeableFields}\n${difference}`));
}

/** False when the lists cannot be compared any further. */
function validateContainersUpdate(containers: readonly Container[], old: readonly Container[], path: string, errors: FieldError[]): boolean {
  if (containers.length !== old.length) {
    errors.push(forbidden(path, 'pod updates may not add or remove containers'));
    return false;
  }
  containers.forEach((container, i) => {
    if (!container.image) errors.push(required(`${path}[${i}].image`));
    validateImageTrimmed(container, `${path}[${i}]`, errors);
  });
  return true;
}

/** A deadline may be set, or come nearer. False when it is so wrong that upstream stops. */
function validateDeadlineUpdate(spec: PodSpec, oldSpec: PodSpec, errors: FieldError[]): boolean {
  const path = 'spec.activeDeadlineSeconds';
  const [deadline, old] = [spec.activeDeadlineSeconds, oldSpec.activeDeadlineSeconds];
  if (deadline === undefined) {
    if (old !== undefined) errors.push(invalid(path, null, 'must not update from a positive integer to nil value'));
    return true;
  }
  if (deadline < 0 || deadline > int32Max) {
    errors.push(invalid(path, deadline, inclusiveRange(0, int32Max)));
    return false;
  }
  if (old !== undefined && old < deadline) {
    errors.push(invalid(path, deadline, 'must be less than or equal to previous value'));
    return false;
  }
  return true;
}

/** Every old toleration must still be there; only its seconds may differ. */
function validateTolerationsUpdate(tolerations: readonly Toleration[], old: readonly Toleration[], errors: FieldError[]): void {
  const withoutSeconds = (toleration: Toleration) => ({ ...toleration, tolerationSeconds: undefined });
  const isKept = (toleration: Toleration) =>
    tolerations.some((candidate) => equal(withoutSeconds(candidate), withoutSeconds(toleration)));
  if (!old.every(isKept)) {
    errors.push(forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds'));
    return;
  }
  validateTolerations(tolerations, 'spec.tolerations', errors);
}

function validateGatesUpdate(gates: readonly PodSchedulingGate[], old: readonly PodSchedulingGate[], errors: FieldError[]): void {
  gates.forEach(({ name }, i) => {
    if (!old.some((gate) => gate.name === name) && gates.findLastIndex((gate) => gate.name === name) === i) {
      errors.push(forbidden(`spec.schedulingGates[${i}].name`, `only deletion is allowed, but found new scheduling gate '${name}'`));
    }
  });
}

/** The new spec with everything put back that may change, so that the rest can be compared. */
function withoutChangeable(spec: PodSpec, old: PodSpec): PodSpec {
  const rest = copyAsSent(spec);
  rest.containers = withImages(spec.containers, old.containers);
  if (spec.initContainers) rest.initContainers = withImages(spec.initContainers, old.initContainers!);
  for (const member of ['activeDeadlineSeconds', 'schedulingGates', 'tolerations'] as const) putBack(rest, old, member);
  const oldGrace = old.terminationGracePeriodSeconds;
  if (oldGrace !== undefined && oldGrace < 0 && spec.terminationGracePeriodSeconds === 1) rest.terminationGracePeriodSeconds = oldGrace;
  return rest;
}

const withImages = (containers: readonly Container[], old: readonly Container[]): Container[] =>
  containers.map((container, i) => Object.assign(copyAsSent(container), { image: old[i]!.image ?? '' }));

function putBack<K extends keyof PodSpec>(spec: PodSpec, old: PodSpec, member: K): void {
  if (old[member] === undefined) delete spec[member];
  else spec[member] = old[member];
}

/** A gated pod's choice of nodes may become narrower. Puts back what was looked at. */
function undoSchedulingChanges(rest: PodSpec, old: PodSpec, errors: FieldError[]): void {
  if (!equal(rest.nodeSelector ?? {}, old.nodeSelector ?? {})) {
    const selector = rest.nodeSelector ?? {};
    const kept = Object.entries(old.nodeSelector ?? {}).every(([key, value]) => Object.hasOwn(selector, key) && selector[key] === value);
    if (!kept) {
      errors.push(invalid('spec.nodeSelector', asSent(rest, 'nodeSelector'),
        'only additions to spec.nodeSelector are allowed (no mutations or deletions)'));
    }
    putBack(rest, old, 'nodeSelector');
  }
  const [affinity, oldAffinity] = [rest.affinity?.nodeAffinity, old.affinity?.nodeAffinity];
  if (semanticEqual(NodeAffinityType, affinity, oldAffinity)) return;
  validateNodeAffinityUpdate(affinity, oldAffinity, errors);
  const restored: Affinity = { ...rest.affinity };
  if (oldAffinity) restored.nodeAffinity = oldAffinity;
  else delete restored.nodeAffinity;
  if (old.affinity || Object.keys(restored).length > 0) rest.affinity = restored;
  else delete rest.affinity;
}

function validateNodeAffinityUpdate(affinity: NodeAffinity | undefined, old: NodeAffinity | undefined, errors: FieldError[]): void {
  const path = `spec.affinity.nodeAffinity.${requiredTerms}.nodeSelectorTerms`;
  const oldTerms = old?.[requiredTerms]?.nodeSelectorTerms ?? [];
  const terms = affinity?.[requiredTerms]?.nodeSelectorTerms ?? [];
  const printed = (term: NodeSelectorTerm) => internalForm(NodeSelectorTermType, term);
  if (oldTerms.length > 0 && oldTerms.length !== terms.length) {
    errors.push(invalid(path, affinity?.[requiredTerms] ? terms.map(printed) : null,
      'no additions/deletions to non-empty NodeSelectorTerms list are allowed'));
    return;
  }
  oldTerms.forEach((oldTerm, i) => {
    if (!onlyAdds(terms[i]!, oldTerm)) {
      errors.push(invalid(`${path}[${i}]`, printed(terms[i]!), 'only additions are allowed (no mutations or deletions)'));
    }
  });
}

function onlyAdds(term: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const members = ['matchExpressions', 'matchFields'] as const;
  // A term without requirements matches nothing; any addition would make it match something.
  if (members.every((member) => !old[member]?.length)) return members.every((member) => !term[member]?.length);
  return members.every((member) => equal((term[member] ?? []).slice(0, old[member]?.length ?? 0), old[member] ?? []));
}
