/**
 * The heart of the kubelet: what one sync of a Pod says and does. Pure: the same Pod, view, memory and moment always give
 * the same answer. `pod-syncer.ts` carries the actions out; what they change shows at the next step.
 *
 * A Pod's life, as steps see it (`pod-worker.ts` takes one after another, never two at a time):
 * 1. It is admitted or rejected (`admission.ts`), and its first status says `ContainerCreating` or `PodInitializing`.
 * 2. `podActions` asks for volumes and a sandbox, then for init containers and sidecars one by one (`init-containers.ts`),
 *    then for all containers. Images are pulled on the way (`images.ts`), hooks run (`hooks.ts`).
 * 3. A look at the runtime (`pleg.ts`) or a probe (`prober.ts`) brings news: the next step tells it (`podStatus`: container
 *    states, then the phase of `phase.ts`, then the `conditions.ts`) and restarts what `restart-policy.ts` wants restarted,
 *    after its back-off (`backoff.ts`).
 * 4. When the phase is terminal, the deadline has passed or the Pod is deleted, the worker stops stepping and kills
 *    (`killing.ts`, order in `termination-order.ts`); the status manager writes the last status and sends the final delete.
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

/** Takes one step. `needsResizeRestart` says whether a resize of the container asks for a restart. */
export function step(
  pod: Pod, view: PodView, memory: PodMemory, now: Millis, needsResizeRestart: (container: Container) => boolean = () => false,
): Step {
  const generated = podStatus(pod, view, memory, false, now);
  const restartAll = findCondition(generated.status.conditions, 'AllContainersRestarting')?.status === 'True';
  const actions = podActions({ pod, view, probes: memory.probes, restartAll, needsResizeRestart });
  return { ended: isTerminalPhase(generated.status.phase), restartAll, actions, ...generated };
}
