/** `explain`: why a Pod is not Ready, for one reason after the other, over HTTP. */
import { pod } from 'fakelet';
import { expect, test } from 'vitest';
import { createPod, deletePod, obedient, patch, send, shell } from '../support/pods.ts';
import { sharedKube } from '../support/shared-kube.ts';

const kube = await sharedKube();

interface Explanation { ready: boolean; findings: { about: string; what: string; since?: string; next?: string }[]; text: string }

const explained = async (): Promise<Explanation> => (await send(kube, 'GET', '/_fakelet/v1/pods/default/web/explain')).body as unknown as Explanation;
/** `about: what` of what is found when the Pod has lived for so long, without the clock. */
const findings = async (spec: object, { after = '30s', metadata = {} }: { after?: string; metadata?: object } = {}): Promise<string[]> => {
  await createPod(kube, 'web', spec, metadata);
  await kube.clock.advance(after);
  return (await explained()).findings.filter(({ about }) => about !== 'clock').map(({ about, what }) => `${about}: ${what}`);
};
const never = { exec: { command: ['false'] }, periodSeconds: 5, failureThreshold: 1000 };

test('finds nothing about a Pod that is Ready', async () => {
  expect(await findings({ containers: [obedient('app')] })).toEqual([]);
  expect(await explained()).toEqual({ ready: true, findings: [], text: 'Pod default/web is Ready.' });
});

test('names the end of a back-off', async () => {
  await createPod(kube, 'web', { containers: [shell('app', 'exit 3')] });
  await kube.until(pod('web').meets('jsonpath={.status.containerStatuses[0].state.waiting.reason}=CrashLoopBackOff'));
  const { findings: [finding, clock], text } = await explained();
  expect(finding).toEqual({
    about: 'container app', what: expect.stringMatching(/^CrashLoopBackOff: it ended with 3 \(Error\), \d restarts so far$/),
    since: expect.any(String), next: expect.stringMatching(/^starts again at 2026-01-01T00:\d\d:\d\dZ or soon after$/),
  });
  expect(clock).toEqual({ about: 'clock', what: expect.stringMatching(/^it stands at 2026-01-01T00:/), next: 'advance it, or wait for a condition' });
  expect(text.split('\n')[1]).toBe(`- container app: ${finding!.what} (since ${finding!.since}). Next: ${finding!.next}.`);
});

test.each<[string, object, string[]]>([
  ['scheduling gates', { schedulingGates: [{ name: 'example.com/quota' }], containers: [obedient('app')] }, ['scheduling: held by gates example.com/quota']],
  ['nowhere to go', { nodeSelector: { disk: 'none' }, containers: [obedient('app')] },
    ["scheduling: Unschedulable: 0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. no new claims to deallocate, "
      + 'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.']],
  ['a scheduler that is not there', { schedulerName: 'other', containers: [obedient('app')] }, ['scheduling: no scheduler has looked at it; it asks for other']],
  ['a node that is not there', { nodeName: 'nowhere', containers: [obedient('app')] }, ['node nowhere: there is no such node']],
  ['an image that is not there', { containers: [{ name: 'app', image: 'registry.test/missing:1' }] },
    [expect.stringMatching(/^container app: (ErrImagePull|ImagePullBackOff): .*not found/) as unknown as string]],
  ['an image that must not be pulled', { containers: [{ name: 'app', image: 'registry.test/other:1', imagePullPolicy: 'Never' }] },
    ['container app: ErrImageNeverPull: Container image "registry.test/other:1" is not present with pull policy of Never']],
  ['a ConfigMap that is not there', { containers: [obedient('app', { env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'cm', key: 'a' } } }] })] },
    ['container app: CreateContainerConfigError: configmap "cm" not found']],
  ['a volume that cannot be mounted', { volumes: [{ name: 'v', configMap: { name: 'cm' } }], containers: [obedient('app', { volumeMounts: [{ name: 'v', mountPath: '/v' }] })] },
    ['volumes: MountVolume.SetUp failed for volume "v" : configmap "cm" not found', 'container app: ContainerCreating']],
  ['an init container that runs', { initContainers: [shell('first', 'sleep 1000'), shell('second', 'true')], containers: [obedient('app')] }, ['init container first: it runs']],
  ['a startup probe', { containers: [obedient('app', { startupProbe: never })] }, [expect.stringMatching(/^container app: Startup probe failed: \(\d+ times\)$/) as unknown as string]],
  ['a readiness probe', { containers: [obedient('app', { readinessProbe: never })] }, [expect.stringMatching(/^container app: Readiness probe failed: \(\d+ times\)$/) as unknown as string]],
  ['a probe that has yet to be made', { containers: [obedient('app', { readinessProbe: { ...never, initialDelaySeconds: 100 } })] }, ['container app: its readiness probe has not succeeded yet']],
  ['a readiness gate', { readinessGates: [{ conditionType: 'example.com/lb' }], containers: [obedient('app')] }, ['readiness gate example.com/lb: the condition is not set']],
  ['an end', { restartPolicy: 'Never', containers: [shell('app', 'exit 1')] }, ['Pod: it has ended as Failed']],
  ['a deadline', { activeDeadlineSeconds: 5, containers: [obedient('app')] }, ['Pod: it has ended as Failed: DeadlineExceeded: Pod was active on the node longer than the specified deadline']],
])('tells of %s', async (_what, spec, expected) => {
  expect(await findings(spec)).toEqual(expected);
});

test('tells of a deletion, and who holds the Pod', async () => {
  await createPod(kube, 'web', { containers: [shell('app', 'trap "" TERM; sleep 1000')] }, { finalizers: ['example.com/keep'] });
  await kube.wait({ name: 'web', for: 'condition=Ready' });
  await deletePod(kube, 'web', 10);
  await kube.clock.advance('2s');
  const { ready, findings: [deleted, finalizers] } = await explained();
  expect({ ready, pod: deleted!.what, finalizers: finalizers!.what }).toEqual({ ready: true, pod: 'it is being deleted, with 10 s of grace', finalizers: 'held by example.com/keep' });
  expect(deleted!.next).toMatch(/^its containers are killed at 2026-01-01T00:00:\d\dZ$/);
});

test('tells of a node that is gone, and of a gate that is False', async () => {
  await createPod(kube, 'web', { readinessGates: [{ conditionType: 'example.com/lb' }], containers: [obedient('app')] });
  await kube.wait({ name: 'web', for: 'phase=Running' });
  await patch(kube, 'web/status', { status: { conditions: [{ type: 'example.com/lb', status: 'False', reason: 'Draining' }] } });
  kube.controls.node(kube.inspect.object('pods', 'web')!.spec!.nodeName!, 'stop');
  await kube.clock.advance('2m');
  expect((await explained()).findings.map(({ about, what }) => `${about}: ${what}`).slice(0, 2)).toEqual([
    expect.stringMatching(/^node \S+: Ready is Unknown: NodeStatusUnknown: Kubelet stopped posting node status\.$/), 'readiness gate example.com/lb: the condition is False: Draining',
  ]);
});

test('a wait that fails says why', async () => {
  await createPod(kube, 'web', { containers: [shell('app', 'exit 3')] });
  await expect(kube.until({ name: 'web', for: 'condition=Ready', timeout: '5s' })).rejects.toThrow(/Pod default\/web is not Ready:\n- container app: /);
  expect(kube.explain('web').ready).toBe(false);
});

test('a Pod that is not there is 404', async () => {
  expect((await send(kube, 'GET', '/_fakelet/v1/pods/default/none/explain')).code).toBe(404);
});
