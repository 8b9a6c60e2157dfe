/** Whether an exited container is started again: container rules, then the container's policy, then the Pod's. */
import type { Container, ContainerRestartRule, Pod, PodSpec, PodStatus } from '../../schema/core/v1.ts';
import { initContainersOf } from './pod-containers.ts';
import { newestInstance, type PodView } from './pod-view.ts';

/** Reason of states that RestartAllContainers leaves behind. */
export const RestartingAllContainers = 'RestartingAllContainers';

/** The first rule that matches the exit code. */
export function matchingRestartRule(container: Container, exitCode: number): ContainerRestartRule | undefined {
  return container.restartPolicyRules?.find(({ exitCodes }) => {
    if (!exitCodes) return false;
    const listed = exitCodes.values?.includes(exitCode) ?? false;
    return exitCodes.operator === 'In' ? listed : exitCodes.operator === 'NotIn' && !listed;
  });
}

/** Whether a container that ended with `exitCode` is to be started again (api/v1/pod ContainerShouldRestart). */
export function shouldRestartAfterExit(container: Container, spec: PodSpec, exitCode: number): boolean {
  if (container.restartPolicy !== undefined && matchingRestartRule(container, exitCode)) return true;
  switch (container.restartPolicy ?? spec.restartPolicy) {
    case 'Never': return false;
    case 'OnFailure': return exitCode !== 0;
    default: return true;
  }
}

/** Whether the container could be started again after some exit. */
export function isRestartable(container: Container, spec: PodSpec): boolean {
  if (container.restartPolicy === undefined) return spec.restartPolicy !== 'Never';
  return container.restartPolicy !== 'Never' || (container.restartPolicyRules ?? []).some((rule) => rule.action === 'Restart');
}

/** Whether the kubelet should start the container now, as far as the runtime's view tells. */
export function shouldBeStarted(container: Container, pod: Pod, view: PodView): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  const instance = newestInstance(view, container.name);
  if (!instance || instance.state === 'created') return true;
  return instance.state === 'exited' && shouldRestartAfterExit(container, pod.spec, instance.exitCode ?? 0);
}

/** Whether a kill by a probe is followed by a restart: rules do not count there. */
export function restartsAfterKill(container: Container, spec: PodSpec): boolean {
  return (container.restartPolicy ?? spec.restartPolicy) !== 'Never';
}

/** Whether the spec has a rule that restarts all containers. */
export function mayRestartAllContainers(spec: PodSpec): boolean {
  return [...(spec.initContainers ?? []), ...spec.containers]
    .some((container) => container.restartPolicyRules?.some((rule) => rule.action === 'RestartAllContainers') ?? false);
}

const restartsAll = (container: Container, exitCode: number): boolean =>
  matchingRestartRule(container, exitCode)?.action === 'RestartAllContainers';

/** Whether an exit asked for a restart of all containers that is not done yet (kubelet/container ShouldAllContainersRestart). */
export function restartingAllContainers(pod: Pod, view: PodView | undefined, status: PodStatus): boolean {
  if (!mayRestartAllContainers(pod.spec)) return false;
  if (status.conditions?.some((c) => c.type === 'AllContainersRestarting' && c.status === 'True')) return true;
  const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  return [...initContainersOf(pod), ...pod.spec.containers].some((container) => {
    if (view) {
      const instance = newestInstance(view, container.name);
      if (instance?.state !== 'exited') return false;
      if (restartsAll(container, instance.exitCode ?? 0)) return true;
    }
    const terminated = statuses.find((s) => s.name === container.name)?.state?.terminated;
    return terminated !== undefined && restartsAll(container, terminated.exitCode);
  });
}
