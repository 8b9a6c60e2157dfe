/** Workloads on a whole cluster: controllers, scheduler, kubelet and programs together. */
import { expect, test } from 'vitest';
import type { DaemonSet, StatefulSet } from '../../src/schema/apps/v1.ts';
import type { CronJob, Job } from '../../src/schema/batch/v1.ts';
import type { Pod } from '../../src/schema/core/v1.ts';
import { pods, Story } from './story.ts';

const batch = '/apis/batch/v1/namespaces/default';
const apps = '/apis/apps/v1/namespaces/default';

const template = (script: string, more: object = {}) => ({
  metadata: { labels: { app: 'web' } },
  spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', script] }], ...more },
});
const get = <T>(story: Story, path: string): T => story.get(path) as T;
const podsOf = (story: Story): Pod[] => get<{ items: Pod[] }>(story, pods).items;

test('a Job whose program fails backs off and gives up, one whose program knows its index completes', () => {
  using story = new Story();
  story.create(`${batch}/jobs`, { metadata: { name: 'bad' }, spec: { backoffLimit: 2, template: template('exit 3') } });
  story.create(`${batch}/jobs`, {
    metadata: { name: 'good' }, spec: { completionMode: 'Indexed', completions: 5, parallelism: 2, template: template('test "$JOB_COMPLETION_INDEX" -lt 5') },
  });
  story.run(90);
  expect(get<Job>(story, `${batch}/jobs/bad`).status).toMatchObject({
    failed: 3, conditions: [{ type: 'FailureTarget', reason: 'BackoffLimitExceeded' }, { type: 'Failed', status: 'True' }],
  });
  expect(get<Job>(story, `${batch}/jobs/good`).status).toMatchObject({ succeeded: 5, completedIndexes: '0-4', conditions: [{ type: 'SuccessCriteriaMet' }, { type: 'Complete' }] });
  expect(podsOf(story).every(({ metadata }) => metadata.finalizers === undefined)).toBe(true);
});

test('a StatefulSet comes up in order, and a Pod that is deleted comes back under its name', () => {
  using story = new Story();
  const spec = { replicas: 3, serviceName: 'web', selector: { matchLabels: { app: 'web' } }, template: template('sleep 100000', { restartPolicy: 'Always', terminationGracePeriodSeconds: 1 }) };
  story.create(`${apps}/statefulsets`, { metadata: { name: 'web' }, spec });
  story.run(30);
  const before = podsOf(story);
  expect(before.map(({ metadata, spec: own }) => [metadata.name, own?.hostname, own?.subdomain])).toEqual(['web-0', 'web-1', 'web-2'].map((name) => [name, name, 'web']));
  story.ask('DELETE', `${pods}/web-1`);
  story.run(30);
  const after = podsOf(story);
  expect(after.map(({ metadata }, i) => metadata.uid === before[i]!.metadata.uid)).toEqual([true, false, true]);
  expect(get<StatefulSet>(story, `${apps}/statefulsets/web`).status).toMatchObject({ readyReplicas: 3, availableReplicas: 3, currentReplicas: 3 });
});

test('a DaemonSet is on every node, and an hour of a CronJob passes on the manual clock', () => {
  using story = new Story();
  const spec = { selector: { matchLabels: { app: 'web' } }, template: template('sleep 100000', { restartPolicy: 'Always' }) };
  story.create(`${apps}/daemonsets`, { metadata: { name: 'web' }, spec });
  story.create(`${batch}/cronjobs`, { metadata: { name: 'tick' }, spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template: template('echo tick') } } } });
  story.run(3600 + 30);
  const { status } = get<DaemonSet>(story, `${apps}/daemonsets/web`);
  expect(status).toMatchObject({ numberReady: status!.desiredNumberScheduled, numberAvailable: status!.desiredNumberScheduled });
  expect(status!.desiredNumberScheduled).toBeGreaterThan(0);
  expect(get<{ items: Job[] }>(story, `${batch}/jobs`).items).toHaveLength(3);
  expect(get<CronJob>(story, `${batch}/cronjobs/tick`).status).toMatchObject({ lastScheduleTime: expect.stringMatching(/:00Z$/), lastSuccessfulTime: expect.any(String) });
});
