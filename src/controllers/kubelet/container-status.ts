/**
 * Container statuses from the runtime's view, the old status and the reasons of failed starts
 * (kubelet_pods.go convertToAPIContainerStatuses). Whether a container is started and ready comes later, from `readiness.ts`.
 */
import type {
  Container as SpecContainer, ContainerState, ContainerStateTerminated, ContainerStatus, Pod, VolumeMountStatus,
} from '../../schema/core/v1.ts';
import type { Container } from '../../runtime/runtime.ts';
import { containerStatusInOrder } from './member-order.ts';
import type { PodMemory } from './memory.ts';
import { initContainersOf, isSidecar } from './pod-containers.ts';
import { hasAnyRegularContainerCreated, newestInstance, type PodView } from './pod-view.ts';
import { RestartingAllContainers, shouldBeStarted } from './restart-policy.ts';
import { formatTime } from '../../schema/values/time.ts';

export interface StatusInput {
  readonly pod: Pod;
  readonly view: PodView;
  readonly memory: PodMemory;
  /** An exit asked for a restart of all containers that is not done yet. */
  readonly restartingAll: boolean;
}

/** Statuses of one list of containers, in spec order. */
export function containerStatuses(
  input: StatusInput, containers: readonly SpecContainer[], old: readonly ContainerStatus[] | undefined,
): ContainerStatus[] {
  const oldByName = new Map(old?.map((status) => [status.name, status]));
  return containers.map((container) => {
    const oldStatus = oldByName.get(container.name);
    const instances = input.view.containers.filter((c) => c.config.name === container.name);
    const status = instances.length > 0
      ? statusOfInstances(input, container, instances, oldStatus)
      : statusWithoutInstance(input, container, oldStatus);
    return containerStatusInOrder(withInitRules(input, container, withWaitingReason(input, container, status)));
  });
}

/** Main and ephemeral containers are listed by name. */
export function sortedByName(statuses: ContainerStatus[]): ContainerStatus[] {
  return statuses.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

export const containerIdOf = (instance: Container): string => `containerd://${instance.id}`;

function statusOfInstances(
  { pod, memory }: StatusInput, container: SpecContainer, instances: readonly Container[], old: ContainerStatus | undefined,
): ContainerStatus {
  const [newest, second] = instances as [Container, Container | undefined];
  const containerID = containerIdOf(newest);
  const requests = container.resources?.requests;
  const status: ContainerStatus = {
    name: container.name,
    state: stateOf(newest),
    lastState: second ? stateOf(second) : lastStateFrom(old, containerID),
    ready: false,
    restartCount: restartCountOf(newest, old),
    image: newest.image.name,
    imageID: newest.image.imageId,
    containerID,
  };
  // A restarted kubelet believes the API until its probe workers know better.
  const ephemeral = pod.spec.ephemeralContainers?.some((c) => c.name === container.name);
  if (newest.state === 'running' && old?.started !== undefined && !ephemeral) status.started = old.started;
  if (requests && Object.keys(requests).length > 0) status.allocatedResources = requests;
  status.resources = (newest.state === 'running' ? memory.actuated.containers.get(container.name) : undefined) ?? container.resources ?? {};
  if (old?.volumeMounts) status.volumeMounts = old.volumeMounts;
  status.user = { linux: { ...newest.user, supplementalGroups: [...newest.user.supplementalGroups] } };
  return status;
}

function restartCountOf(newest: Container, old: ContainerStatus | undefined): number {
  const count = Math.max(newest.config.attempt, old?.restartCount ?? 0);
  const counted = newest.state === 'running' && old?.state?.terminated !== undefined && old.restartCount >= newest.config.attempt;
  return counted && old.containerID !== containerIdOf(newest) ? old.restartCount + 1 : count;
}

function lastStateFrom(old: ContainerStatus | undefined, containerID: string): ContainerState {
  if (!old) return {};
  const terminated = old.containerID !== containerID && old.state?.terminated ? old.state.terminated : old.lastState?.terminated;
  return terminated ? { terminated } : {};
}

function stateOf(instance: Container): ContainerState {
  if (instance.state === 'running') return { running: { startedAt: formatTime(instance.startedAt ?? 0) } };
  if (instance.state === 'created') return { waiting: {} };
  return {
    terminated: {
      exitCode: instance.exitCode ?? 0,
      ...(instance.reason === undefined || instance.reason === '' ? {} : { reason: instance.reason }),
      ...(instance.message === undefined || instance.message === '' ? {} : { message: instance.message }),
      startedAt: formatTime(instance.startedAt ?? 0),
      finishedAt: formatTime(instance.finishedAt ?? 0),
      containerID: containerIdOf(instance),
    },
  };
}

function statusWithoutInstance(
  { pod, restartingAll }: StatusInput, container: SpecContainer, old: ContainerStatus | undefined,
): ContainerStatus {
  const fresh: ContainerStatus = {
    name: container.name,
    state: { waiting: { reason: initContainersOf(pod).length > 0 ? 'PodInitializing' : 'ContainerCreating' } },
    lastState: old?.lastState ?? {},
    ready: false,
    restartCount: old?.restartCount ?? 0,
    image: container.image ?? '',
    imageID: '',
  };
  const mounts = volumeMountStatuses(container);
  if (mounts.length > 0) fresh.volumeMounts = mounts;
  if (!old) return fresh;
  if (restartingAll && !old.state?.waiting) {
    const message = 'The container is removed because RestartAllContainers in place';
    return {
      ...(old.state?.terminated ? old : fresh),
      state: { waiting: { reason: RestartingAllContainers, message } },
      lastState: { terminated: unlocated(RestartingAllContainers, message) },
      restartCount: old.restartCount + 1,
    };
  }
  if (old.state?.terminated) return { ...old };
  if (old.state?.running && !fresh.lastState?.terminated) {
    const message = 'The container could not be located when the pod was deleted.  The container used to be Running';
    fresh.lastState = { terminated: unlocated('ContainerStatusUnknown', message) };
    if (pod.metadata.deletionTimestamp === undefined) fresh.restartCount++;
  }
  return fresh;
}

/** The end of a container that nobody saw. */
export function unlocated(reason: string, message: string): ContainerStateTerminated {
  return { exitCode: 137, reason, message, startedAt: null as unknown as string, finishedAt: null as unknown as string };
}

function withWaitingReason({ pod, view, memory }: StatusInput, container: SpecContainer, status: ContainerStatus): ContainerStatus {
  const reason = memory.waitingReasons.get(container.name);
  if (!reason || !shouldBeStarted(container, pod, view)) return status;
  if (isFinishedInit(pod, view, container)) return status;
  if (status.state?.terminated) status.lastState = status.state;
  status.state = { waiting: { reason: reason.reason, message: reason.message } };
  return status;
}

const isInit = (pod: Pod, container: SpecContainer) => initContainersOf(pod).includes(container);

function isFinishedInit(pod: Pod, view: PodView, container: SpecContainer): boolean {
  const instance = newestInstance(view, container.name);
  return isInit(pod, container) && instance?.state === 'exited' && instance.exitCode === 0;
}

/** An init container that the runtime forgot after the Pod was initialized counts as done. */
function withInitRules({ pod, view }: StatusInput, container: SpecContainer, status: ContainerStatus): ContainerStatus {
  const forgotten = isInit(pod, container) && !isSidecar(container) && newestInstance(view, container.name) === undefined
    && status.state?.waiting !== undefined && hasAnyRegularContainerCreated(pod, view);
  if (!forgotten) return status;
  const message = 'Unable to get init container status from container runtime and pod has been initialized, treat it as exited normally';
  status.state = { terminated: { ...unlocated('Completed', message), exitCode: 0 } };
  return status;
}

function volumeMountStatuses(container: SpecContainer): VolumeMountStatus[] {
  return (container.volumeMounts ?? []).map(({ name, mountPath, readOnly }) => ({
    name, mountPath, ...(readOnly ? { readOnly, recursiveReadOnly: 'Disabled' } : {}),
  }));
}
