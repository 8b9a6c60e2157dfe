/** What components make of answers that come late, never, or as refusals: they wait, try again and end where they would have. */
import { expect, test } from 'vitest';
import type { Fault } from '../../src/schema/fakelet/v1.ts';
import { ns, pods, podObject, Story, type Body } from '../stories/story.ts';

const apps = '/apis/apps/v1/namespaces/default';
const batch = '/apis/batch/v1/namespaces/default';
const claims = `${ns}/persistentvolumeclaims`;
const labels = { app: 'web' };
const podTemplate = (args: string, spec: object = {}) => ({
  metadata: { labels }, spec: { containers: [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', args] }], ...spec },
});
const serving = { selector: { matchLabels: labels }, template: podTemplate('sleep 100000') };
const counts = (...names: string[]) => ({ status }: Body) => Object.fromEntries(names.map((name) => [name, status[name]]));
const claimTemplate = { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } };

interface Kind { readonly path: string; readonly spec: object; readonly look: (object: Body) => unknown; readonly whole: unknown }

const kinds: Record<string, Kind> = {
  Deployment: { path: `${apps}/deployments`, spec: { ...serving, replicas: 3 }, look: counts('readyReplicas', 'updatedReplicas'), whole: { readyReplicas: 3, updatedReplicas: 3 } },
  StatefulSet: {
    path: `${apps}/statefulsets`, spec: { ...serving, replicas: 2, serviceName: 'web', volumeClaimTemplates: [claimTemplate] },
    look: counts('readyReplicas', 'currentReplicas'), whole: { readyReplicas: 2, currentReplicas: 2 },
  },
  DaemonSet: { path: `${apps}/daemonsets`, spec: serving, look: counts('numberReady', 'numberUnavailable'), whole: { numberReady: 1, numberUnavailable: undefined } },
  Job: {
    path: `${batch}/jobs`, spec: { completions: 2, parallelism: 2, template: podTemplate('true', { restartPolicy: 'Never' }) },
    look: counts('succeeded', 'active', 'uncountedTerminatedPods'), whole: { succeeded: 2, active: undefined, uncountedTerminatedPods: {} },
  },
  CronJob: {
    path: `${batch}/cronjobs`, spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template: podTemplate('true', { restartPolicy: 'Never' }) } } },
    look: ({ status }) => Object.keys(status).sort(), whole: ['lastScheduleTime', 'lastSuccessfulTime'],
  },
  'Pod with a claim of its own': {
    path: pods, spec: { ...podObject('web').spec, volumes: [{ name: 'data', ephemeral: { volumeClaimTemplate: { spec: claimTemplate.spec } } }] },
    look: ({ status }) => status.phase, whole: 'Running',
  },
  Claim: { path: claims, spec: { ...claimTemplate.spec, storageClassName: 'at-once' }, look: ({ status }) => status.phase, whole: 'Bound' },
};
const names = Object.keys(kinds);

/** A cluster with an object of the kind, faults of its components, and a class whose volumes are made at once. */
function started(kind: string, seed: number, ...faults: Fault[]): Story {
  const story = new Story({ seed });
  story.create('/apis/storage.k8s.io/v1/storageclasses', { metadata: { name: 'at-once', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }, provisioner: 'rancher.io/local-path', volumeBindingMode: 'Immediate' });
  for (const fault of faults) story.controls.faults.add({ ...fault, match: { from: 'components', ...fault.match } });
  const { path, spec } = kinds[kind]!;
  story.create(path, { metadata: { name: 'web' }, spec });
  return story;
}

const state = (story: Story, kind: string) => kinds[kind]!.look(story.get(`${kinds[kind]!.path}/web`));
const troubles = (story: Story) => story.cluster.journal.entries().filter((entry) => entry.kind === 'emulator');

test.each(names)('a %s comes about with nothing in the way', (kind) => {
  using story = started(kind, 1);
  story.run(330);
  expect(state(story, kind)).toEqual(kinds[kind]!.whole);
});

test.each(names)('a %s comes about although every answer to a component is 2 s late', (kind) => {
  using story = started(kind, 1, { effect: { delay: '2s' } });
  story.run(900);
  expect(state(story, kind)).toEqual(kinds[kind]!.whole);
  expect(troubles(story)).toEqual([]);
});

test.each(names.flatMap((kind) => [409, 429, 500].map((code) => [kind, code] as const)))('a %s comes about although its controllers are refused ten times with %i', (kind, code) => {
  using story = started(kind, 1, { match: { userAgent: 'kube-controller-manager' }, count: 10, effect: { error: { code } } });
  story.run(400);
  expect(state(story, kind)).toEqual(kinds[kind]!.whole);
  expect(troubles(story)).toEqual([]);
});

test.each(names)('a %s whose controllers wait for an answer for ever holds up no other', (kind) => {
  using story = started(kind, 1, { match: { userAgent: 'kube-controller-manager', verbs: ['create', 'update', 'patch'] }, count: 1, effect: { delay: 'never' } });
  const { path, spec, look, whole } = kinds[kind]!;
  story.create(path, { metadata: { name: 'other' }, spec: JSON.parse(JSON.stringify(spec).replaceAll('"web"', '"other"')) as object });
  story.run(400);
  expect(look(story.get(`${path}/other`))).toEqual(whole);
  expect(troubles(story)).toEqual([]);
});

test.each(names.flatMap((kind) => [1, 2, 3, 4, 5].map((seed) => [kind, seed] as const)))('a %s comes about although answers to components are lost, late and refused by chance (seed %i)', (kind, seed) => {
  const chance = (effect: Fault['effect']): Fault => ({ probability: 0.15, effect });
  using story = started(kind, seed, chance({ error: { code: 500 } }), chance({ error: { code: 504 }, afterwards: true }), chance({ delay: { min: '0s', max: '5s' } }));
  story.run(900);
  expect(state(story, kind)).toEqual(kinds[kind]!.whole);
  expect(troubles(story)).toEqual([]);
});

test('a snapshot taken while controllers wait for answers goes on as the original does', () => {
  const run = (story: Story, since: number) => {
    story.run(120);
    return story.controls.transcript({ since });
  };
  using story = started('StatefulSet', 7, { effect: { delay: { min: '1s', max: '9s' } } });
  story.run(31);
  const { name } = story.controls.snapshots.take();
  const { sequence } = story.cluster.journal;
  const original = run(story, sequence);
  story.controls.snapshots.restore(name);
  expect(original).toContain('statefulsets.apps/default/web');
  expect(run(story, sequence)).toBe(original);
});
