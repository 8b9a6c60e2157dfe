import { describe, expect, test } from 'vitest';
import type { ApiPort, Write } from '../../../src/api/port.ts';
import { SwitchableClock } from '../../../src/clock/switchable-clock.ts';
import { LegacyEventRecorder } from '../../../src/controllers/events/legacy-event-recorder.ts';
import { SeriesEventRecorder } from '../../../src/controllers/events/series-event-recorder.ts';
import { Prng } from '../../../src/lib/prng.ts';

const startMs = Date.parse('2026-01-01T00:00:00Z');
const web = { kind: 'Pod', namespace: 'default', name: 'web', uid: 'u1', apiVersion: 'v1', resourceVersion: '7' };

/** A port that only notes what is written to it. */
function noted(missing = false): { port: ApiPort; writes: Write[] } {
  const writes: Write[] = [];
  const port = {
    submit: (write: Write, done?: (outcome: object) => void) => {
      writes.push(write);
      done?.(missing && write.verb === 'repeat' ? { ok: false, status: { code: 404 } } : { ok: true, object: {} });
    },
  } as unknown as ApiPort;
  return { port, writes };
}

const newClock = () => new SwitchableClock({ startMs, timersPerMoveMax: 1000 });

function legacy(missing = false) {
  const clock = newClock();
  const { port, writes } = noted(missing);
  return { clock, writes, recorder: new LegacyEventRecorder(port, clock, new Prng(1), { component: 'kubelet', host: 'n1' }) };
}

function series() {
  const clock = newClock();
  const { port, writes } = noted();
  return { clock, writes, recorder: new SeriesEventRecorder(port, clock, new Prng(1), 'default-scheduler', 'host') };
}

describe('the legacy recorder', () => {
  test('creates a core Event whose name ends in the time in hexadecimal nanoseconds', () => {
    const { recorder, writes } = legacy();
    recorder.event({ ...web, fieldPath: 'spec.containers{a}' }, 'Normal', 'Started', 'Container started', { annotations: { k: 'v' } });
    const [write] = writes as [Extract<Write, { verb: 'record' }>];
    const { name } = write.object.metadata;
    expect(name).toMatch(/^web\.[0-9a-f]{16}$/);
    expect(Math.floor(Number(BigInt(`0x${name!.slice(4)}`) / 1_000_000n))).toBe(startMs);
    expect(write).toEqual({
      verb: 'record', resource: 'events', namespace: 'default',
      object: {
        apiVersion: 'v1', kind: 'Event', metadata: { name, namespace: 'default', annotations: { k: 'v' } },
        involvedObject: { ...web, fieldPath: 'spec.containers{a}' }, reason: 'Started', message: 'Container started',
        source: { component: 'kubelet', host: 'n1' }, firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-01T00:00:00Z',
        count: 1, type: 'Normal', eventTime: null, reportingComponent: 'kubelet', reportingInstance: 'n1',
      },
    });
  });

  test('raises the count of an Event that repeats', () => {
    const { clock, recorder, writes } = legacy();
    recorder.event(web, 'Warning', 'BackOff', 'again');
    clock.advance(3000);
    recorder.event({ ...web, resourceVersion: '8' }, 'Warning', 'BackOff', 'again');
    const [create, repeat] = writes as [Extract<Write, { verb: 'record' }>, Write];
    expect(repeat).toEqual({
      verb: 'repeat', resource: 'events', namespace: 'default', name: create.object.metadata.name,
      repetition: { count: 2, lastTimestamp: '2026-01-01T00:00:03Z', message: 'again' },
    });
  });

  test('creates an Event anew, with its count, when it has expired', () => {
    const { recorder, writes } = legacy(true);
    recorder.event(web, 'Warning', 'BackOff', 'again');
    recorder.event(web, 'Warning', 'BackOff', 'again');
    expect(writes.map(({ verb }) => verb)).toEqual(['record', 'repeat', 'record']);
    expect((writes[2] as Extract<Write, { verb: 'record' }>).object['count']).toBe(2);
  });

  test('combines Events of one reason from the tenth message on', () => {
    const { recorder, writes } = legacy();
    for (let i = 1; i <= 11; i++) recorder.event(web, 'Warning', 'Failed', `message ${i}`);
    const messages = writes.map((write) => (write.verb === 'record' ? write.object['message'] : (write as { repetition: object }).repetition));
    expect(messages.slice(8)).toEqual([
      'message 9', '(combined from similar events): message 10',
      { count: 2, lastTimestamp: '2026-01-01T00:00:00Z', message: '(combined from similar events): message 11' },
    ]);
  });

  test('drops Events after a burst of 25 and grants one more every five minutes', () => {
    const { clock, recorder, writes } = legacy();
    for (let i = 0; i < 30; i++) recorder.event(web, 'Warning', 'BackOff', 'again');
    expect(writes.length).toBe(25);
    clock.advance(300_000);
    recorder.event(web, 'Warning', 'BackOff', 'again');
    recorder.event(web, 'Warning', 'BackOff', 'again');
    expect((writes.slice(25) as { repetition: { count: number } }[]).map(({ repetition }) => repetition.count)).toEqual([31]);
    recorder.event(web, 'Normal', 'Pulled', 'another type has a budget of its own');
    expect(writes.length).toBe(27);
  });

  test('reports about objects without a namespace to the default one', () => {
    const { recorder, writes } = legacy();
    recorder.event({ kind: 'Node', name: 'n1', uid: 'n1' }, 'Normal', 'NodeReady', 'ready');
    expect((writes[0] as { namespace: string }).namespace).toBe('default');
  });
});

describe('the series recorder', () => {
  const fail = (recorder: SeriesEventRecorder, resourceVersion = '7') =>
    recorder.event({ ...web, resourceVersion }, 'Warning', 'FailedScheduling', 'no room', { action: 'Scheduling' });

  test('creates an Event with a time in microseconds and without a count', () => {
    const { recorder, writes } = series();
    fail(recorder);
    const [write] = writes as [Extract<Write, { verb: 'record' }>];
    const { metadata, eventTime } = write.object;
    expect(eventTime).toMatch(/^2026-01-01T00:00:00\.000\d{3}Z$/);
    expect(write.object).toEqual({
      apiVersion: 'v1', kind: 'Event', metadata: { name: metadata.name, namespace: 'default' }, involvedObject: web, reason: 'FailedScheduling',
      message: 'no room', source: {}, firstTimestamp: null, lastTimestamp: null, type: 'Warning', eventTime, action: 'Scheduling',
      reportingComponent: 'default-scheduler', reportingInstance: 'default-scheduler-host',
    });
  });

  test('starts a series with the second occurrence and only counts later ones', () => {
    const { clock, recorder, writes } = series();
    fail(recorder);
    clock.advance(1000);
    fail(recorder);
    fail(recorder);
    expect(writes.map(({ verb }) => verb)).toEqual(['record', 'patch']);
    expect((writes[1] as { patch: unknown }).patch).toEqual({ series: { count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' } });
  });

  test('takes a new version of the object for something new (golden 183-sched-cpu-too-big)', () => {
    const { recorder, writes } = series();
    fail(recorder, '7');
    fail(recorder, '8');
    fail(recorder, '8');
    expect(writes.map(({ verb }) => verb)).toEqual(['record', 'record', 'patch']);
  });

  test('writes the last count of a series that has been silent for six minutes, and forgets it', () => {
    const { clock, recorder, writes } = series();
    fail(recorder);
    for (let i = 0; i < 4; i++) fail(recorder);
    clock.advance(720_000);
    expect((writes.at(-1) as { patch: unknown }).patch).toEqual({ series: { count: 5, lastObservedTime: '2026-01-01T00:00:00.000000Z' } });
    expect(clock.pending().count).toBe(0);
    fail(recorder);
    expect(writes.at(-1)!.verb).toBe('record');
  });

  test('gives every Event a name of its own, also within one instant', () => {
    const { recorder, writes } = series();
    for (let i = 0; i < 100; i++) fail(recorder, String(i));
    expect(new Set((writes as Extract<Write, { verb: 'record' }>[]).map(({ object }) => object.metadata.name)).size).toBe(100);
  });
});
