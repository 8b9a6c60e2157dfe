/** When a Job does what: pauses between failures, deadlines, and what a restart of the controller keeps. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Job } from '../../src/schema/batch/v1.ts';
import type { Pod } from '../../src/schema/core/v1.ts';
import { parseIndexes, printIndexes, firstFree, withIndexes } from '../../src/controllers/job/job-indexes.ts';
import { TestCluster } from './test-cluster.ts';

let cluster: TestCluster;
beforeEach(() => {
  cluster = new TestCluster().run('job-controller', 'ttl-after-finished-controller', 'garbage-collector-controller');
});
afterEach(() => cluster.close());

const create = (spec: object = {}) => cluster.create('jobs.batch', {
  apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'j', namespace: 'default' },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'img:1' }] } }, ...spec },
});
const job = () => cluster.port.lister<Job>('jobs.batch').get('default', 'j')!;
const pods = () => cluster.port.lister<Pod>('pods').list('default');
const active = () => pods().filter(({ status }) => status?.phase === 'Pending');
const seconds = () => (cluster.clock.now() - Date.parse('2026-01-01T00:00:00Z')) / 1000;

function end(pod: Pod, phase: string): void {
  const finishedAt = new Date(cluster.clock.now()).toISOString().replace(/\.\d+/, '');
  const containerStatuses = [{ name: 'a', image: 'img:1', imageID: '', ready: false, restartCount: 0, state: { terminated: { exitCode: 1, finishedAt } } }];
  cluster.patch('pods', 'default', pod.metadata.name ?? '', { status: { phase, containerStatuses } }, 'status');
}

/** Fails the one active Pod; the seconds until there is the next. */
function pauseAfterFailure(): number {
  end(active()[0]!, 'Failed');
  const from = seconds();
  while (active().length === 0) cluster.advance(1000);
  return seconds() - from;
}

test('failed Pods are replaced after 10, 20, 40 … seconds, at most ten minutes, until the limit', () => {
  create({ backoffLimit: 8 });
  expect(Array.from({ length: 8 }, pauseAfterFailure)).toEqual([10, 20, 40, 80, 160, 320, 600, 600]);
  end(active()[0]!, 'Failed');
  cluster.advance(1000);
  expect(job().status).toMatchObject({ failed: 9, conditions: [{ type: 'FailureTarget' }, { type: 'Failed', reason: 'BackoffLimitExceeded' }] });
});

test('a success ends the back-off', () => {
  create({ backoffLimit: 8, completions: 2 });
  pauseAfterFailure();
  pauseAfterFailure();
  end(active()[0]!, 'Succeeded');
  cluster.advance(1000);
  expect(active()).toHaveLength(1);
  expect(pauseAfterFailure()).toBe(10);
});

test('a controller that starts again finds the back-off in the Pods', () => {
  create();
  pauseAfterFailure();
  end(active()[0]!, 'Failed');
  cluster.advance(1500);
  cluster.restart('job-controller');
  cluster.advance(17_000);
  expect(active()).toHaveLength(0);
  cluster.advance(2_000);
  expect(active()).toHaveLength(1);
});

test('a deadline counts from the resume on, and a TTL from the end', () => {
  create({ suspend: true, activeDeadlineSeconds: 30, ttlSecondsAfterFinished: 60 });
  cluster.advance(100_000);
  expect(job().status?.startTime).toBeUndefined();
  cluster.patch('jobs.batch', 'default', 'j', { spec: { suspend: false } });
  cluster.advance(29_900);
  expect(job().status?.active).toBe(1);
  cluster.advance(2_000);
  expect(job().status?.conditions?.map(({ type, status, reason }) => `${type}=${status} ${reason}`)).toEqual([
    'Suspended=False JobResumed', 'FailureTarget=True DeadlineExceeded', 'Failed=True DeadlineExceeded',
  ]);
  cluster.advance(57_000);
  expect(job()).toBeDefined();
  cluster.advance(4_000);
  expect(job()).toBeUndefined();
  expect(pods()).toEqual([]);
});

test('a Job of 600 indexes, more than a status may list, counts each once', () => {
  create({ completionMode: 'Indexed', completions: 600, parallelism: 600 });
  cluster.advance(3000);
  expect(active()).toHaveLength(600);
  for (const pod of active()) end(pod, 'Succeeded');
  cluster.advance(5000);
  expect(job().status).toMatchObject({ succeeded: 600, completedIndexes: '0-599', conditions: [{ type: 'SuccessCriteriaMet' }, { type: 'Complete' }] });
});

test.each([
  ['0,2-5,9', 10, '0,2-5,9'], ['0-1,2', 10, '0-2'], ['0-100', 3, '0-2'], ['x,1-y,3', 10, '3'], ['', 10, ''], ['5,6', 6, '5'],
])('indexes %j of %i are %j', (text, completions, printed) => {
  expect(printIndexes(parseIndexes(text, completions))).toBe(printed);
});

test('free indexes fill the gaps', () => {
  const taken = withIndexes(parseIndexes('1-2,5', 10), [0, 7]);
  expect([printIndexes(taken), firstFree(taken, 3, 10), firstFree(taken, 10, 8)]).toEqual(['0-2,5,7', [3, 4, 6], [3, 4, 6]]);
});
