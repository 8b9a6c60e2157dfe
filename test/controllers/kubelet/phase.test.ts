import { describe, expect, test } from 'vitest';
import { phaseOf } from '../../../src/controllers/kubelet/phase.ts';
import type { Container, ContainerStatus } from '../../../src/schema/core/v1.ts';
import { containerStatus, makePod } from './pods.ts';

interface Vector {
  readonly policy: string;
  /** `M:r S:c I:t1`: kind and state; `s` after a sidecar's state: it has started. */
  readonly containers: string;
  readonly phase: string;
  readonly stopped?: boolean;
  readonly initialized?: boolean;
  readonly container?: Partial<Container>;
}

// kubelet.md appendix D.
const vectors: readonly Vector[] = [
  { policy: 'Always', containers: 'M:r M:w', phase: 'Pending' },
  { policy: 'Always', containers: 'M:r M:c', phase: 'Running' },
  { policy: 'Always', containers: 'M:c M:c', phase: 'Running' },
  { policy: 'Always', containers: 'M:t0', phase: 'Running' },
  { policy: 'OnFailure', containers: 'M:t0 M:t1', phase: 'Running' },
  { policy: 'OnFailure', containers: 'M:t0 M:t0', phase: 'Succeeded' },
  { policy: 'Never', containers: 'M:r M:t1', phase: 'Running' },
  { policy: 'Never', containers: 'M:t0 M:t1', phase: 'Failed' },
  { policy: 'Never', containers: 'I:t1 M:w', phase: 'Failed' },
  { policy: 'Always', containers: 'I:t1 M:w', phase: 'Pending' },
  { policy: 'Always', containers: 'I:c M:w', phase: 'Pending' },
  { policy: 'Always', containers: 'I:r M:w', phase: 'Pending' },
  { policy: 'Never', containers: 'S:rs M:t0', phase: 'Running' },
  { policy: 'Never', containers: 'S:t143 M:t0', phase: 'Succeeded' },
  { policy: 'Never', containers: 'S:c M:t0', phase: 'Succeeded' },
  { policy: 'Always', containers: 'S:r M:w', phase: 'Pending' },
  { policy: 'Always', containers: 'S:r M:r', phase: 'Running', initialized: true },
  { policy: 'Always', containers: 'S:c M:r', phase: 'Running' },
  { policy: 'Always', containers: 'M:t0 M:t0', phase: 'Succeeded', stopped: true },
  { policy: 'Always', containers: 'M:t0 M:t143', phase: 'Failed', stopped: true },
  { policy: 'Always', containers: 'M:w', phase: 'Pending', stopped: true },
  { policy: 'Always', containers: 'M:t1', phase: 'Failed', container: { restartPolicy: 'Never' } },
  {
    policy: 'Never', containers: 'M:t42', phase: 'Running',
    container: { restartPolicy: 'Never', restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }] },
  },
];

function phase({ policy, containers, stopped = false, initialized = false, container = {} }: Vector): string {
  const inits: Partial<Container>[] = [];
  const mains: Partial<Container>[] = [];
  const statuses: ContainerStatus[] = [];
  containers.split(' ').forEach((word, i) => {
    const [kind, state] = word.split(':') as [string, string];
    const name = `c${i}`;
    if (kind === 'M') mains.push({ name, ...container });
    else inits.push({ name, ...(kind === 'S' ? { restartPolicy: 'Always' } : {}) });
    if (state !== '-') statuses.push(containerStatus(name, state.replace('s', ''), { started: state.endsWith('s') }));
  });
  return phaseOf({ pod: makePod({ policy, inits, mains }), statuses, stopped, initialized });
}

describe('the phase of a Pod', () => {
  test.each(vectors)('is $phase under $policy with $containers', (vector) => {
    expect(phase(vector)).toBe(vector.phase);
  });

  test('is Pending while a container is not known', () => {
    expect(phase({ policy: 'Always', containers: 'M:r M:-', phase: '' })).toBe('Pending');
  });

  test('of a static Pod that is terminated still follows its restart policy', () => {
    const pod = makePod({});
    pod.metadata.annotations = { 'kubernetes.io/config.source': 'file' };
    expect(phaseOf({ pod, statuses: [containerStatus('a', 't1')], stopped: true, initialized: true })).toBe('Running');
  });
});

describe('over all small Pods', () => {
  const states = ['-', 'w', 'r', 'rs', 't0', 't1', 'c0', 'c1'];
  const policies = ['Always', 'OnFailure', 'Never'];
  const shapes: Vector[] = [];
  for (const policy of policies) {
    for (const init of ['', ...states.map((s) => `I:${s} `), ...states.map((s) => `S:${s} `)]) {
      for (const first of states) {
        for (const second of ['', ...states.map((s) => ` M:${s}`)]) {
          for (const stopped of [false, true]) {
            for (const initialized of [false, true]) shapes.push({ policy, containers: `${init}M:${first}${second}`, phase: '', stopped, initialized });
          }
        }
      }
    }
  }

  test(`there are ${3 * 17 * 8 * 9 * 4} of them`, () => {
    expect(shapes.length).toBe(14_688);
  });

  test('Succeeded means that every regular container ended with 0', () => {
    for (const shape of shapes.filter((s) => phase(s) === 'Succeeded')) {
      expect(shape.containers.split(' ').filter((c) => c.startsWith('M')).every((c) => c === 'M:t0'), shape.containers).toBe(true);
    }
  });

  test('no Pod ends while a regular container runs or waits for its first start', () => {
    for (const shape of shapes.filter(({ containers }) => /M:(r|w|-)/.test(containers) && !/I:/.test(containers))) {
      expect(['Pending', 'Running'], shape.containers).toContain(phase(shape));
    }
  });

  test('under Always nothing ends unless it is stopped', () => {
    for (const shape of shapes.filter(({ policy, stopped }) => policy === 'Always' && !stopped)) {
      expect(['Pending', 'Running'], shape.containers).toContain(phase(shape));
    }
  });

  test('a failed init container under Never fails the Pod, whatever else there is', () => {
    for (const shape of shapes.filter(({ policy, containers }) => policy === 'Never' && /I:(t1|c1)/.test(containers))) {
      expect(phase(shape), shape.containers).toBe('Failed');
    }
  });
});
