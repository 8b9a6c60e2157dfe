/** metrics.k8s.io as `kubectl top` reads it. */
import { expect, test } from 'vitest';
import { Story } from '../stories/story.ts';

const root = '/apis/metrics.k8s.io/v1beta1';

function measured(): Story {
  const story = new Story();
  story.controls.behaviors.add({ selector: { pod: 'busy' }, script: { usage: [{ cpu: '250m', memory: '64Mi', for: '1m' }, { cpu: '1', memory: '128Mi' }] } });
  story.runPod('busy', { metadata: { labels: { app: 'busy' } } });
  story.runPod('idle');
  story.run(30);
  return story;
}

test('Pods show what their behaviour says, or a little', () => {
  using story = measured();
  const item = (name: string, usage: object, labels: object = {}) => ({
    kind: 'PodMetrics', apiVersion: 'metrics.k8s.io/v1beta1', metadata: { name, namespace: 'default', creationTimestamp: '2026-01-01T00:00:30Z', ...labels },
    timestamp: '2026-01-01T00:00:30Z', window: '15s', containers: [{ name: 'app', usage }],
  });
  const busy = item('busy', { cpu: '250000000n', memory: '65536Ki' }, { labels: { app: 'busy' } });
  const idle = item('idle', { cpu: '1000000n', memory: '4096Ki' });
  expect(story.get(`${root}/pods`)).toEqual({ kind: 'PodMetricsList', apiVersion: 'metrics.k8s.io/v1beta1', metadata: {}, items: [busy, idle] });
  expect(story.get(`${root}/namespaces/default/pods?labelSelector=app%3Dbusy`).items).toEqual([busy]);
  expect(story.get(`${root}/namespaces/default/pods/idle`)).toEqual(idle);
  story.run(60);
  expect(story.get(`${root}/namespaces/default/pods/busy`)).toMatchObject({ containers: [{ name: 'app', usage: { cpu: '1000000000n', memory: '131072Ki' } }] });
});

test('nodes show the sum of their containers', () => {
  using story = measured();
  expect(story.get(`${root}/nodes`).items).toMatchObject([{ kind: 'NodeMetrics', metadata: { name: 'node-1' }, usage: { cpu: '251000000n', memory: '69632Ki' } }]);
  expect(story.get(`${root}/nodes/node-1`)).toMatchObject({ window: '15s' });
});

test('the group is discovered where there are nodes', () => {
  using story = measured();
  expect(story.get('/apis')['groups']).toContainEqual({
    name: 'metrics.k8s.io', versions: [{ groupVersion: 'metrics.k8s.io/v1beta1', version: 'v1beta1' }], preferredVersion: { groupVersion: 'metrics.k8s.io/v1beta1', version: 'v1beta1' },
  });
  expect(story.get('/apis/metrics.k8s.io')).toMatchObject({ kind: 'APIGroup', name: 'metrics.k8s.io' });
  expect(story.get(root)).toMatchObject({ kind: 'APIResourceList', resources: [{ name: 'nodes', kind: 'NodeMetrics' }, { name: 'pods', kind: 'PodMetrics' }] });
  using bare = new Story({ mode: 'envtest' });
  expect(bare.ask('GET', root).status).toBe(404);
});

test('what is not there, or not to be done, is refused', () => {
  using story = measured();
  expect(story.ask('GET', `${root}/namespaces/default/pods/none`)).toMatchObject({ status: 404, body: { reason: 'NotFound', message: 'podmetrics.metrics.k8s.io "default/none" not found' } });
  expect(story.ask('GET', `${root}/services`).status).toBe(404);
  expect(story.ask('GET', '/apis/metrics.k8s.io/v1').status).toBe(404);
  expect(story.ask('DELETE', `${root}/nodes/node-1`).status).toBe(405);
  expect(story.ask('GET', `${root}/pods?labelSelector=%3D%3D`).status).toBe(400);
});
