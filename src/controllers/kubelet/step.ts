/**
 * The heart of the kubelet: what one sync of a Pod says and does. Pure: the same Pod, view, memory and moment always give
 * the same answer. `sync-pod.ts` carries the actions out; what they change shows at the next step.
 */
import type { Millis } from '../../clock/clock.ts';
import type { Container, Pod } from '../../schema/core/v1.ts';
import { findCondition } from './conditions.ts';
import type { PodMemory } from './memory.ts';
import { isTerminalPhase } from './phase.ts';
import { podActions, type PodActions } from './pod-actions.ts';
import { podStatus, type GeneratedStatus } from './pod-status.ts';
import type { PodView } from './pod-view.ts';

export interface Step extends GeneratedStatus {
  /** Nothing to do: the Pod has ended. */
  readonly ended: boolean;
  /** All containers are to be removed and started again. */
  readonly restartAll: boolean;
  readonly actions: PodActions;
}

export function step(
  pod: Pod, view: PodView, memory: PodMemory, now: Millis, needsResizeRestart: (container: Container) => boolean = () => false,
): Step {
  const generated = podStatus(pod, view, memory, false, now);
  const restartAll = findCondition(generated.status.conditions, 'AllContainersRestarting')?.status === 'True';
  const actions = podActions({ pod, view, probes: memory.probes, restartAll, needsResizeRestart });
  return { ...generated, ended: isTerminalPhase(generated.status.phase), restartAll, actions };
}
