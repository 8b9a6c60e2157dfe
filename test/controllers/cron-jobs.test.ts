/** What CronJobs do as hours pass. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CronJob, Job } from '../../src/schema/batch/v1.ts';
import type { Pod } from '../../src/schema/core/v1.ts';
import { TestCluster } from './test-cluster.ts';

const minute = 60_000;

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster().run('cronjob-controller', 'job-controller', 'garbage-collector-controller');
});
afterEach(() => cluster.close());

const create = (spec: object = {}) => cluster.create('cronjobs.batch', {
  apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'c', namespace: 'default' },
  spec: { schedule: '*/10 * * * *', jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'img:1' }] } } } }, ...spec },
});
const cronJob = () => cluster.port.lister<CronJob>('cronjobs.batch').get('default', 'c')!;
const jobs = () => cluster.port.lister<Job>('jobs.batch').list('default');
/** The minutes since the start that the names of Jobs tell. */
const minutes = () => jobs().map(({ metadata }) => Number(metadata?.name?.slice(2)) - Date.parse('2026-01-01T00:00:00Z') / minute);

/** Minutes in which every Pod ends soon after it was made. */
function pass(count: number, phase = 'Succeeded'): void {
  for (let i = 0; i < count; i++) {
    cluster.advance(minute);
    for (const { metadata, status } of cluster.port.lister<Pod>('pods').list('default')) {
      if (status?.phase === 'Pending') cluster.patch('pods', 'default', metadata.name ?? '', { status: { phase } }, 'status');
    }
  }
}

test('an hour brings a Job for every moment, of which the last three are kept', () => {
  create();
  pass(62);
  expect(minutes()).toEqual([40, 50, 60]);
  expect(cronJob().status).toMatchObject({ lastScheduleTime: '2026-01-01T01:00:00Z', lastSuccessfulTime: '2026-01-01T01:01:01Z' });
  expect(cluster.events('c').filter((text) => text.includes('Created job'))).toHaveLength(6);
});

test('a Job is started a tenth of a second after its moment, and says when that was', () => {
  create({ timeZone: 'Asia/Kathmandu', schedule: '45 5 * * *' });
  cluster.advance(24 * 60 * minute + 99);
  expect(jobs()).toEqual([]);
  cluster.advance(1);
  expect(jobs()[0]?.metadata).toMatchObject({
    name: 'c-29455200', annotations: { 'batch.kubernetes.io/cronjob-scheduled-timestamp': '2026-01-02T05:45:00+05:45' },
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'CronJob', name: 'c', controller: true, blockOwnerDeletion: true }],
  });
});

test('Forbid waits for the running Job, Replace deletes it', () => {
  create({ concurrencyPolicy: 'Forbid' });
  cluster.advance(25 * minute);
  expect(minutes()).toEqual([10]);
  expect(cluster.events('c')).toContain('Normal JobAlreadyActive: Not starting job because prior execution is running and concurrency policy is Forbid');
  cluster.patch('cronjobs.batch', 'default', 'c', { spec: { concurrencyPolicy: 'Replace' } });
  expect(minutes()).toEqual([20]);
  cluster.advance(10 * minute);
  expect(minutes()).toEqual([30]);
  expect(cronJob().status?.active?.map(({ name }) => name)).toEqual([jobs()[0]?.metadata?.name]);
});

test('a start that is later than its deadline is missed', () => {
  create({ suspend: true, startingDeadlineSeconds: 100 });
  cluster.advance(15 * minute);
  cluster.patch('cronjobs.batch', 'default', 'c', { spec: { suspend: false } });
  expect(jobs()).toEqual([]);
  cluster.patch('cronjobs.batch', 'default', 'c', { spec: { suspend: true } });
  cluster.advance(6 * minute);
  cluster.patch('cronjobs.batch', 'default', 'c', { spec: { suspend: false } });
  expect(minutes()).toEqual([20]);
});

test('failed Jobs have a limit of their own', () => {
  create({ failedJobsHistoryLimit: 2, jobTemplate: { spec: { backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'img:1' }] } } } } });
  pass(45, 'Failed');
  expect(minutes()).toEqual([30, 40]);
});

test('a new schedule counts from its next moment, after a restart of the controller, too', () => {
  create({ schedule: '0 0 1 1 *' });
  cluster.patch('cronjobs.batch', 'default', 'c', { spec: { schedule: '*/7 * * * *' } });
  cluster.restart('cronjob-controller');
  cluster.advance(8 * minute);
  expect(minutes()).toEqual([7]);
});
