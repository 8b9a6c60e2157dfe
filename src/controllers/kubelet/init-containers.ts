/** Which init containers and sidecars to start or stop (kuberuntime_container.go computeInitContainerActions). */
import type { Container as SpecContainer, Pod } from '../../schema/core/v1.ts';
import type { Container } from '../../runtime/runtime.ts';
import type { ProbeState } from './memory.ts';
import type { ContainerKill } from './pod-actions.ts';
import { initContainersOf, isSidecar } from './pod-containers.ts';
import { newestInstance, type PodView } from './pod-view.ts';
import { shouldBeStarted } from './restart-policy.ts';

export interface InitActions {
  /** Regular containers may be started. */
  readonly initialized: boolean;
  /** An init container failed for good: the whole Pod ends. */
  readonly failed: boolean;
  /** In spec order. */
  readonly start: readonly SpecContainer[];
  readonly kill: readonly ContainerKill[];
}

/** What one init container asks for. `goOn`: the one after it may start. */
interface Verdict {
  readonly restart?: boolean;
  readonly goOn?: boolean;
  readonly kill?: ContainerKill;
  readonly failed?: boolean;
}

/**
 * Looks from the last init container to the first. The newest one that has an instance says how far initialization has
 * come; before it only sidecars still matter.
 */
export function initActions(pod: Pod, view: PodView, probes: ProbeState): InitActions {
  const inits = initContainersOf(pod);
  if (inits.length === 0) return { initialized: true, failed: false, start: [], kill: [] };
  let initialized = pod.spec.containers.some(({ name }) => {
    const state = newestInstance(view, name)?.state;
    return state === 'created' || state === 'running';
  });
  let passed = initialized;
  const start = new Set<number>();
  const kill: ContainerKill[] = [];
  for (let i = inits.length - 1; i >= 0; i--) {
    const container = inits[i]!;
    const instance = newestInstance(view, container.name);
    if (!instance) {
      if (passed && isSidecar(container)) start.add(i);
      continue;
    }
    if (passed && !isSidecar(container)) continue;
    const verdict = isSidecar(container) ? judgeSidecar(container, instance, probes) : judgeInit(container, instance, pod, view);
    if (verdict.failed) return { initialized: false, failed: true, start: [], kill };
    if (verdict.goOn && i === inits.length - 1) initialized = true;
    else if (verdict.goOn && !passed) start.add(i + 1);
    if (verdict.restart) start.add(i);
    if (verdict.kill) kill.push(verdict.kill);
    passed = true;
  }
  if (!passed) start.add(0);
  return { initialized, failed: false, start: [...start].sort((a, b) => a - b).map((i) => inits[i]!), kill };
}

function judgeInit(container: SpecContainer, instance: Container, pod: Pod, view: PodView): Verdict {
  if (instance.state === 'created') return { restart: true };
  if (instance.state === 'running') return {};
  if (instance.exitCode === 0 && instance.reason !== 'OOMKilled') return { goOn: true };
  return shouldBeStarted(container, pod, view) ? { restart: true } : { failed: true };
}

function judgeSidecar(container: SpecContainer, instance: Container, probes: ProbeState): Verdict {
  if (instance.state !== 'running') return { restart: true };
  const kill = (why: string, reason: ContainerKill['reason']): ContainerKill =>
    ({ container, instance, message: `Init container ${container.name} ${why}`, reason });
  if (container.startupProbe) {
    const startup = probes.result('startup', instance.id);
    if (startup === 'failure') return { restart: true, kill: kill('failed startup probe', 'startupProbe') };
    if (startup !== 'success') return {};
  }
  if (container.image !== instance.config.image) return { goOn: true, restart: true, kill: kill('definition changed', 'changed') };
  if (container.livenessProbe && probes.result('liveness', instance.id) === 'failure') {
    return { goOn: true, restart: true, kill: kill('failed liveness probe', 'livenessProbe') };
  }
  return { goOn: true };
}
