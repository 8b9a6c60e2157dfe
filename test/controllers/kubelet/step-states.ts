/**
 * All small Pods at one step: phase × restart policy × deletion × sandbox × states of two regular containers, an init
 * container and a sidecar. The first regular container has rules: exit code 42 restarts it, 43 all containers.
 */
import type { PodMemory } from '../../../src/controllers/kubelet/memory.ts';
import type { PodView } from '../../../src/controllers/kubelet/pod-view.ts';
import type { Container, Sandbox } from '../../../src/runtime/runtime.ts';
import type { Pod, PodStatus } from '../../../src/schema/core/v1.ts';
import { makePod } from './pods.ts';

/** `none`: it has no instance; `sick`: it runs, but its liveness probe has failed; `eN`: it ended with exit code N. */
export type State = 'none' | 'created' | 'running' | 'sick' | 'e0' | 'e1' | 'e42' | 'e43';

export interface StepCase {
  readonly phase: string;
  readonly policy: string;
  readonly deleted: boolean;
  readonly sandbox: 'none' | 'ready' | 'notReady';
  readonly a: State;
  /** Undefined here and below: the Pod has no such container. */
  readonly b: State | undefined;
  readonly init: State | undefined;
  readonly side: State | undefined;
}

export const now = Date.parse('2026-01-01T00:10:00Z');

const choices = {
  phase: ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'],
  policy: ['Always', 'OnFailure', 'Never'],
  deleted: [false, true],
  sandbox: ['none', 'ready', 'notReady'],
  a: ['none', 'created', 'running', 'e0', 'e1', 'e42', 'e43'],
  b: [undefined, 'none', 'running', 'e0', 'e1'],
  init: [undefined, 'none', 'running', 'e0', 'e1'],
  side: [undefined, 'none', 'running', 'sick', 'e0', 'e1'],
} as const;

/** Every combination but instances without a sandbox. */
export function* stepCases(): Generator<StepCase> {
  const members = Object.entries(choices);
  const size = members.reduce((product, [, values]) => product * values.length, 1);
  for (let n = 0; n < size; n++) {
    let rest = n;
    const one = Object.fromEntries(members.map(([name, values]) => {
      const value = values[rest % values.length];
      rest = Math.floor(rest / values.length);
      return [name, value];
    })) as unknown as StepCase;
    const instances = [one.a, one.b, one.init, one.side].some((state) => state !== undefined && state !== 'none');
    if (one.sandbox !== 'none' || !instances) yield one;
  }
}

export interface StepInputs {
  readonly pod: Pod;
  readonly view: PodView;
  readonly memory: PodMemory;
}

const rules = ([['Restart', 42], ['RestartAllContainers', 43]] as const).map(([action, code]) => ({ action, exitCodes: { operator: 'In', values: [code] } }));

/** The inputs of a step, frozen: a step that changes them throws. */
export function inputsOf({ phase, policy, deleted, sandbox, a, b, init, side }: StepCase): StepInputs {
  const status: PodStatus = { phase, startTime: '2026-01-01T00:00:00Z' };
  const pod = makePod({
    policy, status, mains: [{ name: 'a', restartPolicy: policy, restartPolicyRules: rules }, ...(b ? [{ name: 'b' }] : [])],
    inits: [...(init ? [{ name: 'init' }] : []), ...(side ? [{ name: 'side', restartPolicy: 'Always', livenessProbe: { exec: { command: ['true'] } } }] : [])],
  });
  if (deleted) Object.assign(pod.metadata, { deletionTimestamp: '2026-01-01T00:10:30Z', deletionGracePeriodSeconds: 30 });
  const states = Object.entries({ a, b, init, side }).filter((entry): entry is [string, State] => entry[1] !== undefined && entry[1] !== 'none');
  const sandboxes: Sandbox[] = sandbox === 'none' ? [] : [{ id: 's0', podUid: 'uid', attempt: 0, state: sandbox, ips: ['10.244.0.2'], createdAt: now - 60_000 }];
  const view = { sandboxes, containers: states.map(([name, state]) => instanceOf(name, state)), ips: sandbox === 'ready' ? ['10.244.0.2'] : [] };
  const memory: PodMemory = {
    status, waitingReasons: new Map(), resizeConditions: [], actuated: { pod: undefined, containers: new Map() }, hostIPs: ['10.0.0.2'], kubeletStartedAt: now - 600_000,
    probes: {
      result: (kind, id) => (kind === 'liveness' && id === 'side' ? (side === 'sick' ? 'failure' : 'success') : undefined),
      probed: (kind, name) => kind === 'liveness' && name === 'side',
    },
  };
  return deepFreeze({ pod, view, memory });
}

function instanceOf(name: string, state: State): Container {
  const exitCode = state.startsWith('e') ? Number(state.slice(1)) : undefined;
  const running = state === 'running' || state === 'sick';
  return {
    id: name, sandboxId: 's0', state: running ? 'running' : exitCode === undefined ? 'created' : 'exited',
    config: {
      podUid: 'uid', name, kind: name === 'init' ? 'init' : name === 'side' ? 'sidecar' : 'main', attempt: 0, image: 'busybox:1.36', command: [], args: [], workingDir: '',
      env: [], mounts: [], terminationMessagePath: '', ports: [], tty: false, stdin: false,
    },
    image: { id: 'sha256:1', repoDigests: [], repoTags: ['busybox:1.36'], sizeBytes: 1 } as unknown as Container['image'],
    createdAt: now - 50_000, startedAt: now - 50_000, finishedAt: exitCode === undefined ? undefined : now - 5000, exitCode,
    reason: exitCode === undefined ? undefined : exitCode === 0 ? 'Completed' : 'Error', message: undefined,
    user: { uid: 0, gid: 0, supplementalGroups: [] },
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}
