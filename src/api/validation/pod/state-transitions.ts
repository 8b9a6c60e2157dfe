/** A container that ended stays so in the status unless something may have restarted it. */
import type { Container, ContainerStatus, PodSpec, PodStatus } from '../../../schema/core/v1.ts';
import { forbidden, type FieldError } from '../../field-error.ts';

export function validateStateTransitions(status: PodStatus, old: PodStatus, spec: PodSpec, errors: FieldError[]): void {
  const anyRestartsAll = [...(spec.initContainers ?? []), ...(spec.containers ?? [])]
    .some((container) => container.restartPolicyRules?.some((rule) => rule.action === 'RestartAllContainers'));
  const mayRestart = (containers: readonly Container[] | undefined) => (name: string, exitCode: number) => {
    const container = containers?.find((candidate) => candidate.name === name);
    return container !== undefined && shouldRestart(container, spec.restartPolicy, exitCode);
  };
  if (!anyRestartsAll) {
    validateList(status.containerStatuses, old.containerStatuses, 'containerStatuses', mayRestart(spec.containers), errors);
    validateList(status.initContainerStatuses, old.initContainerStatuses, 'initContainerStatuses', mayRestart(spec.initContainers), errors);
  }
  validateList(status.ephemeralContainerStatuses, old.ephemeralContainerStatuses, 'ephemeralContainerStatuses', () => false, errors);
}

/** The index in the path is that of the old list. */
function validateList(
  statuses: readonly ContainerStatus[] | undefined, old: readonly ContainerStatus[] | undefined, list: string,
  mayRestart: (name: string, exitCode: number) => boolean, errors: FieldError[],
): void {
  old?.forEach(({ name, state }, i) => {
    if (!state?.terminated) return;
    const next = statuses?.find((candidate) => candidate.name === name && !candidate.state?.terminated);
    if (next && !mayRestart(name, state.terminated.exitCode)) {
      errors.push(forbidden(`status.${list}[${i}].state`, 'may not be transitioned to non-terminated state'));
    }
  });
}

/** Rules come before the container's policy, which comes before the pod's (pkg/api/v1/pod/util.go). */
export function shouldRestart(container: Container, podPolicy: string | undefined, exitCode: number): boolean {
  if (container.restartPolicy !== undefined && container.restartPolicyRules?.some((rule) => {
    const { operator, values = [] } = rule.exitCodes ?? {};
    return operator === 'In' ? values.includes(exitCode) : operator === 'NotIn' && !values.includes(exitCode);
  })) return true;
  switch (container.restartPolicy ?? podPolicy) {
    case 'Never': return false;
    case 'OnFailure': return exitCode !== 0;
    default: return true;
  }
}
