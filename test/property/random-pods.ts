/** Random Pods whose containers run small shell programs: whatever a seed draws here is a Pod that the API accepts. */
import type { Prng } from '../../src/lib/prng.ts';

export const nodeNames = ['node-1', 'node-2'] as const;
export const gate = 'example.com/traffic';
export const finalizer = 'example.com/kept';

const programs = [
  'exit 0', 'exit 1', 'exit 42', 'sleep 3', 'sleep 3; exit 2', 'sleep 45; exit 1', 'sleep 1000', 'kill -9 $$',
  'touch /tmp/ready; sleep 1000', 'sleep 5; touch /tmp/ready; sleep 20; exit 1', 'httpd -f -p 8080 -h /tmp', 'no-such-program',
  'trap "exit 0" TERM; sleep 1000', 'trap "" TERM; sleep 1000', 'trap "exit 7" TERM; while true; do sleep 1; done',
];
/** Most end well and soon: behind an init container that does not, nothing else is ever seen. */
const initPrograms = ['exit 0', 'exit 0', 'sleep 2', 'sleep 2', 'exit 1', 'sleep 4; exit 3', 'trap "" TERM; sleep 60'];
const probeActions = [
  { exec: { command: ['true'] } }, { exec: { command: ['true'] } }, { exec: { command: ['false'] } },
  { exec: { command: ['test', '-f', '/tmp/ready'] } }, { exec: { command: ['sleep', '5'] } },
  { tcpSocket: { port: 8080 } }, { httpGet: { port: 8080 } }, { grpc: { port: 8080 } },
];
const hookActions = [{ exec: { command: ['true'] } }, { exec: { command: ['sleep', '2'] } }, { exec: { command: ['false'] } }, { sleep: { seconds: 0 } }];

export const pick = <T>(random: Prng, items: readonly T[]): T => items[random.below(items.length)]!;
export const chance = (random: Prng, of: number): boolean => random.fraction() < of;

/** A manifest to post. */
export function randomPod(random: Prng, name: string): object {
  const some = (most: number, make: (i: number) => object) => Array.from({ length: random.below(most + 1) }, (_, i) => make(i));
  const maybe = (of: number, members: () => object) => (chance(random, of) ? members() : {});
  const initContainers = some(2, (i) => (chance(random, 0.5) ? sidecar(random, `init-${i}`) : container(random, `init-${i}`, initPrograms)));
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: { name, namespace: 'default', ...maybe(0.1, () => ({ finalizers: [finalizer] })) },
    spec: {
      restartPolicy: pick(random, ['Always', 'OnFailure', 'Never']),
      terminationGracePeriodSeconds: pick(random, [0, 1, 5, 30]),
      ...maybe(0.1, () => ({ activeDeadlineSeconds: pick(random, [1, 10, 60]) })),
      ...maybe(0.15, () => ({ readinessGates: [{ conditionType: gate }] })),
      ...placement(random),
      ...maybe(0.3, () => ({ tolerations: [{ operator: 'Exists', effect: 'NoExecute', ...maybe(0.7, () => ({ tolerationSeconds: pick(random, [0, 20]) })) }] })),
      ...(initContainers.length > 0 ? { initContainers } : {}),
      containers: [main(random, 'main'), ...some(2, (i) => main(random, `main-${i}`))],
    },
  };
}

function placement(random: Prng): object {
  const one = random.below(20);
  if (one < 3) return { nodeName: pick(random, [...nodeNames, 'node-none']) };
  return one < 5 ? { schedulingGates: [{ name: gate }] } : {};
}

function container(random: Prng, name: string, choice: readonly string[]) {
  const image = chance(random, 0.04) ? 'registry.example/missing:1' : 'busybox:1.36';
  return { name, image, command: ['sh', '-c', pick(random, choice)] };
}

function main(random: Prng, name: string): object {
  return { ...container(random, name, programs), ...probes(random), ...hooks(random), ...(chance(random, 0.15) ? restartRules(random) : {}) };
}

function sidecar(random: Prng, name: string): object {
  return { ...container(random, name, programs), ...probes(random), ...hooks(random), restartPolicy: 'Always' };
}

function restartRules(random: Prng): object {
  const action = pick(random, ['Restart', 'RestartAllContainers']);
  return { restartPolicy: pick(random, ['Never', 'OnFailure']), restartPolicyRules: [{ action, exitCodes: { operator: 'In', values: [pick(random, [1, 42])] } }] };
}

function probes(random: Prng): object {
  return Object.fromEntries(['startupProbe', 'livenessProbe', 'readinessProbe'].filter(() => chance(random, 0.2)).map((kind) => [kind, {
    ...pick(random, probeActions),
    periodSeconds: pick(random, [1, 3, 10]), failureThreshold: pick(random, [1, 3]), initialDelaySeconds: pick(random, [0, 0, 4]),
  }]));
}

function hooks(random: Prng): object {
  const lifecycle = {
    ...(chance(random, 0.05) ? { postStart: pick(random, hookActions) } : {}), ...(chance(random, 0.1) ? { preStop: pick(random, hookActions) } : {}),
  };
  return Object.keys(lifecycle).length > 0 ? { lifecycle } : {};
}
