/** Stories of operators whose Pods and nodes misbehave. */
import { expect, test } from 'vitest';
import { ns, podObject, pods, stateOf, Story } from './story.ts';

const first = (story: Story, name = 'web') => story.pod(name).status.containerStatuses![0]!;
const condition = (story: Story, name: string, type: string) => story.pod(name).status.conditions?.find((one) => one.type === type);
const deployments = '/apis/apps/v1/namespaces/default/deployments';

const deployment = (replicas: number, container: object = {}, more: object = {}) => ({
  apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' },
  spec: {
    replicas, ...more, selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'example.com/app:1', ...container }] } },
  },
});
const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web' }, spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } } };
const evict = (story: Story, name: string) =>
  story.ask('POST', `${pods}/${name}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' } });

test('an image is never pulled', () => {
  using story = new Story();
  story.controls.behaviors.add({ selector: { image: 'example.com/app:*' }, script: { pull: [{ result: 'denied' }] } });
  story.runPod('web');
  story.run(120);
  expect(stateOf(story.pod('web'))).toMatch(/^Pending (ErrImagePull|ImagePullBackOff) ready=False/);
  expect(condition(story, 'web', 'ContainersReady')).toMatchObject({ status: 'False', reason: 'ContainersNotReady' });
});

test('an image pull hangs until the operator gives up and deletes the Pod', () => {
  using story = new Story();
  story.controls.behaviors.add({ script: { pull: [{ result: 'hang' }] } });
  story.runPod('web');
  story.run(600);
  expect(stateOf(story.pod('web'))).toBe('Pending ContainerCreating ready=False restarts=0');
  story.ask('DELETE', `${pods}/web`);
  story.run(40);
  expect(story.gone(`${pods}/web`)).toBe(true);
});

test('a registry has a bad minute', () => {
  using story = new Story();
  story.controls.behaviors.add({ script: { pull: [{ result: 'unresolvable' }, { result: 'unresolvable' }, { result: 'ok', after: '5s' }] } });
  story.runPod('web');
  story.run(90);
  expect(stateOf(story.pod('web'))).toBe('Running running ready=True restarts=0');
});

test('a readiness gate is never set, until it is', () => {
  using story = new Story();
  story.runPod('web', { spec: { readinessGates: [{ conditionType: 'example.com/ready' }] } });
  story.run(60);
  expect(condition(story, 'web', 'Ready')).toMatchObject({ status: 'False', reason: 'ReadinessGatesNotReady' });
  story.controls.setCondition('default', 'web', 'example.com/ready', { status: 'True' });
  story.run(2);
  expect(condition(story, 'web', 'Ready')).toMatchObject({ status: 'True' });
});

test('a finalizer is left behind', () => {
  using story = new Story();
  story.runPod('web', { metadata: { finalizers: ['example.com/cleanup'] } });
  story.run(1);
  story.ask('DELETE', `${pods}/web`);
  story.run(600);
  expect(story.pod('web').metadata.deletionTimestamp).toBeDefined();
  story.patch(`${pods}/web`, { metadata: { finalizers: [] } });
  expect(story.gone(`${pods}/web`)).toBe(true);
});

test('an eviction is blocked by a budget until there is room', () => {
  using story = new Story();
  story.create('/apis/policy/v1/namespaces/default/poddisruptionbudgets', budget);
  for (const name of ['a', 'b']) story.runPod(name, { metadata: { labels: { app: 'web' } } });
  story.run(5);
  expect(evict(story, 'a')).toMatchObject({ status: 429, body: { reason: 'TooManyRequests', message: "Cannot evict pod as it would violate the pod's disruption budget." } });
  story.runPod('c', { metadata: { labels: { app: 'web' } } });
  story.run(5);
  expect(evict(story, 'a').status).toBe(201);
});

test('a budget that counts ready Pods notices one that flaps', () => {
  using story = new Story();
  story.create('/apis/policy/v1/namespaces/default/poddisruptionbudgets', budget);
  const readinessProbe = { tcpSocket: { port: 80 }, periodSeconds: 1, failureThreshold: 1 };
  for (const name of ['a', 'b', 'c']) story.runPod(name, { metadata: { labels: { app: 'web' } }, container: { readinessProbe, ports: [{ containerPort: 80 }] } });
  story.run(5);
  story.controls.probeContainer('default', 'c', 'app', { kind: 'readiness', result: 'failure' });
  story.run(3);
  expect(evict(story, 'a').status).toBe(429);
  story.controls.probeContainer('default', 'c', 'app', { kind: 'readiness', result: 'run' });
  story.run(3);
  expect(evict(story, 'a').status).toBe(201);
});

test('a container is killed for its memory and the operator sees why', () => {
  using story = new Story();
  story.runPod('web');
  story.run(5);
  story.controls.oomContainer('default', 'web', 'app');
  story.run(5);
  expect(first(story)).toMatchObject({ restartCount: 1, ready: true, lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } } });
});

test('a container fails twice and then runs', () => {
  using story = new Story();
  story.controls.behaviors.add({ script: { exits: [{ after: '1s', code: 1 }, { after: '1s', code: 1 }, { after: 'never' }] } });
  story.runPod('web');
  story.run(60);
  expect(first(story)).toMatchObject({ restartCount: 2, ready: true });
});

test('the third start of a container fails', () => {
  using story = new Story();
  story.controls.behaviors.add({ script: { exits: [{ after: '30s' }, { after: '30s' }, { after: '0s', code: 9, message: 'no licence' }, { after: 'never' }] } });
  story.runPod('web', { spec: { restartPolicy: 'OnFailure' } });
  story.run(600);
  expect(stateOf(story.pod('web'))).toBe('Succeeded Completed ready=False restarts=0');
  story.runPod('again');
  story.run(75);
  expect(first(story, 'again').lastState['terminated']).toMatchObject({ exitCode: 0 });
  story.run(120);
  expect(first(story, 'again')).toMatchObject({ restartCount: 3, lastState: { terminated: { exitCode: 9, message: 'no licence' } } });
});

test('a container that ignores SIGTERM is killed after its grace period', () => {
  using story = new Story();
  story.controls.behaviors.add({ script: { signals: { TERM: 'ignore' } } });
  story.runPod('web', { spec: { terminationGracePeriodSeconds: 10 } });
  story.run(1);
  const watch = story.watch(pods);
  story.ask('DELETE', `${pods}/web`);
  story.run(12);
  expect(story.gone(`${pods}/web`)).toBe(true);
  expect(watch.events.at(-1)!.object.status.containerStatuses![0]!.state['terminated']).toMatchObject({ exitCode: 137 });
});

test('a rollout to a broken image keeps the old Pods', () => {
  using story = new Story();
  story.controls.behaviors.add({ selector: { image: '*:2' }, script: { pull: [{ result: 'notFound' }] } });
  story.create(deployments, deployment(3));
  story.run(10);
  story.patch(`${deployments}/web`, { spec: { template: { spec: { containers: [{ name: 'app', image: 'example.com/app:2' }] } } } });
  story.run(60);
  const states = story.get(pods).items.map((pod) => stateOf(pod).split(' ')[0]);
  expect(states.toSorted()).toEqual(['Pending', 'Running', 'Running', 'Running']);
  expect(story.get(`${deployments}/web`).status).toMatchObject({ availableReplicas: 3, unavailableReplicas: 1 });
});

test('a node is lost and its Pods come up elsewhere', () => {
  using story = new Story({ nodes: 2 });
  story.create(deployments, deployment(2));
  story.run(10);
  story.controls.node('node-1', 'stop');
  story.run(60);
  expect(story.get('/api/v1/nodes/node-1').status.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'Unknown', reason: 'NodeStatusUnknown' });
  story.run(400);
  const alive = story.get(pods).items.filter(({ metadata }) => !metadata.deletionTimestamp);
  expect(alive.map(({ spec }) => spec.nodeName)).toEqual(['node-2', 'node-2']);
});

test('a node that is back in time keeps its Pods', () => {
  using story = new Story({ nodes: 2 });
  story.create(deployments, deployment(2));
  story.run(10);
  const names = () => story.get(pods).items.map(({ metadata }) => metadata.name);
  const before = names();
  story.controls.node('node-1', 'stop');
  story.run(120);
  story.controls.node('node-1', 'start');
  story.run(400);
  expect(names()).toEqual(before);
});

test('a command that hangs is cut off by the timeout of its probe', () => {
  using story = new Story();
  story.controls.behaviors.add({ script: { exec: [{ command: 'check *', delay: 'never' }] } });
  story.create(pods, podObject('web', { container: { livenessProbe: { exec: { command: ['check', 'health'] }, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 1 } } }));
  story.run(20);
  expect(first(story).restartCount).toBeGreaterThan(0);
  expect(story.events().some((text) => /Liveness probe failed: .*timed out|Liveness probe failed: .*deadline/.test(text))).toBe(true);
});

test('a Pod cannot be admitted while its ResourceQuota is used up', () => {
  using story = new Story();
  story.create(`${ns}/resourcequotas`, { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'one' }, spec: { hard: { pods: '1' } } });
  story.run(5);
  story.runPod('web');
  expect(story.ask('POST', pods, podObject('other'))).toMatchObject({ status: 403, body: { reason: 'Forbidden' } });
  story.ask('DELETE', `${pods}/web`);
  story.run(40);
  expect(story.ask('POST', pods, podObject('other')).status).toBe(201);
});
