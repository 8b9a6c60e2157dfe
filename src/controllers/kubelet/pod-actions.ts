/** What a sync has to do to a Pod's sandbox and containers (kuberuntime_manager.go computePodActions). */
import type { Container as SpecContainer, Pod } from '../../schema/core/v1.ts';
import type { Container } from '../../runtime/runtime.ts';
import { initActions } from './init-containers.ts';
import type { ProbeState } from './memory.ts';
import { ephemeralContainersOf, initContainersOf } from './pod-containers.ts';
import { hasAnyRegularContainerCreated, newestInstance, sandboxChange, type PodView } from './pod-view.ts';
import { matchingRestartRule, restartsAfterKill, shouldBeStarted } from './restart-policy.ts';

export interface ContainerKill {
  readonly container: SpecContainer;
  readonly instance: Container;
  /** Text of the Killing event. */
  readonly message: string;
  /** Decides whose grace period counts. */
  readonly reason: 'startupProbe' | 'livenessProbe' | 'changed' | 'resize';
}

export interface ContainerRemoval {
  readonly container: SpecContainer;
  readonly instance: Container;
}

export interface PodActions {
  /** Stop all containers and the sandbox. */
  readonly killPod: boolean;
  readonly createSandbox: boolean;
  readonly sandboxId: string | undefined;
  /** Number of the sandbox to create. */
  readonly attempt: number;
  readonly kill: readonly ContainerKill[];
  /** Instances to remove, with a kill where they run, because all containers are restarted. */
  readonly remove: readonly ContainerRemoval[];
  readonly startEphemeral: readonly SpecContainer[];
  readonly startInit: readonly SpecContainer[];
  readonly start: readonly SpecContainer[];
}

export interface ActionInput {
  readonly pod: Pod;
  readonly view: PodView;
  readonly probes: ProbeState;
  readonly restartAll: boolean;
  /** Whether a running container must be restarted to get its resources. */
  readonly needsResizeRestart: (container: SpecContainer) => boolean;
}

export function podActions(input: ActionInput): PodActions {
  const { pod, view, probes, restartAll } = input;
  const { createSandbox, attempt, sandboxId } = sandboxChange(pod, view);
  const none: PodActions = {
    killPod: createSandbox, createSandbox, sandboxId, attempt, kill: [], remove: [], startEphemeral: [], startInit: [], start: [],
  };
  if (restartAll) return { ...none, remove: removals(pod, view) };
  if (createSandbox) return { ...none, ...withNewSandbox(pod, view, attempt) };
  const startEphemeral = ephemeralContainersOf(pod).filter(({ name }) => newestInstance(view, name) === undefined);
  const init = initActions(pod, view, probes);
  if (init.failed) return { ...none, killPod: true, startEphemeral };
  const base = { ...none, startEphemeral, startInit: init.start, kill: init.kill };
  if (!init.initialized) return base;
  const main = regularActions(input);
  if (main.kept === 0 && main.start.length === 0) return { ...base, startInit: [], killPod: true };
  return { ...base, start: main.start, kill: [...init.kill, ...main.kill] };
}

function withNewSandbox(pod: Pod, view: PodView, attempt: number): Partial<PodActions> {
  if (pod.spec.restartPolicy === 'Never' && attempt !== 0 && view.containers.length > 0) return { createSandbox: false };
  const start = pod.spec.containers.filter((container) => {
    const instance = newestInstance(view, container.name);
    const succeeded = instance?.state === 'exited' && instance.exitCode === 0;
    return !(succeeded && (container.restartPolicy ?? pod.spec.restartPolicy) === 'OnFailure');
  });
  if (start.length === 0 && hasAnyRegularContainerCreated(pod, view)) return { createSandbox: false };
  const [firstInit] = initContainersOf(pod);
  return firstInit ? { startInit: [firstInit] } : { start };
}

function regularActions({ pod, view, probes, needsResizeRestart }: ActionInput) {
  const start: SpecContainer[] = [];
  const kill: ContainerKill[] = [];
  let kept = 0;
  for (const container of pod.spec.containers) {
    const instance = newestInstance(view, container.name);
    if (instance?.state !== 'running') {
      if (shouldBeStarted(container, pod, view)) start.push(container);
      continue;
    }
    const cause = killCause(container, instance, probes, needsResizeRestart);
    if (!cause) {
      kept++;
      continue;
    }
    const restart = cause.reason === 'changed' || cause.reason === 'resize' || restartsAfterKill(container, pod.spec);
    if (restart) start.push(container);
    const suffix = restart && cause.reason !== 'resize' ? ', will be restarted' : '';
    kill.push({ container, instance, message: `Container ${container.name} ${cause.why}${suffix}`, reason: cause.reason });
  }
  return { start, kill, kept };
}

function killCause(
  container: SpecContainer, instance: Container, probes: ProbeState, needsResizeRestart: (container: SpecContainer) => boolean,
): { why: string; reason: ContainerKill['reason'] } | undefined {
  if (container.image !== instance.config.image) return { why: 'definition changed', reason: 'changed' };
  if (probes.result('liveness', instance.id) === 'failure') return { why: 'failed liveness probe', reason: 'livenessProbe' };
  if (probes.result('startup', instance.id) === 'failure') return { why: 'failed startup probe', reason: 'startupProbe' };
  if (needsResizeRestart(container)) return { why: 'resize requires restart', reason: 'resize' };
  return undefined;
}

/** All instances, those whose exit asked for it last, so that a restarted kubelet still knows. */
function removals(pod: Pod, view: PodView): ContainerRemoval[] {
  const sources: ContainerRemoval[] = [];
  const targets: ContainerRemoval[] = [];
  for (const container of [...pod.spec.containers, ...initContainersOf(pod)]) {
    for (const instance of view.containers) {
      if (instance.config.name !== container.name) continue;
      const asked = instance.state === 'exited' && matchingRestartRule(container, instance.exitCode ?? 0)?.action === 'RestartAllContainers';
      (asked ? sources : targets).push({ container, instance });
    }
  }
  return [...targets, ...sources];
}
