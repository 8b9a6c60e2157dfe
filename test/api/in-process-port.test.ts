import { expect, test } from 'vitest';
import type { Outcome, Write } from '../../src/api/port.ts';
import { configMap, configMaps, pod, pods, TestApi } from './api-fixture.ts';

function submit(api: TestApi, write: Write): Outcome {
  let outcome: Outcome | undefined;
  api.api.ports.as('tester').submit(write, (result) => {
    outcome = result;
  });
  return outcome!;
}

test('a write in process is the write that a request makes', () => {
  const api = new TestApi();
  submit(api, { verb: 'create', resource: 'configmaps', namespace: 'default', object: { metadata: { name: 'a' }, data: { k: 'v' } } });
  expect(api.call('GET', `${configMaps}/a`).body.metadata['managedFields']).toMatchObject([{ manager: 'tester', operation: 'Update' }]);
});

test('a refusal comes back as the status that a client would get', () => {
  const api = new TestApi();
  expect(submit(api, { verb: 'delete', resource: 'configmaps', namespace: 'default', name: 'x' })).toEqual({ ok: false, status: {
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'configmaps "x" not found', reason: 'NotFound',
    details: { name: 'x', kind: 'configmaps' }, code: 404,
  } });
});

test('handlers hear of what is there and then of every change, in order', () => {
  const api = new TestApi();
  api.call('POST', configMaps, configMap('a'));
  const heard: string[] = [];
  const stop = api.api.ports.as('tester').onChange('configmaps', ({ key, object, previous }) => heard.push(`${key} ${!!previous} ${!!object}`));
  api.call('POST', configMaps, configMap('b'));
  api.call('DELETE', `${configMaps}/a`);
  stop();
  api.call('DELETE', `${configMaps}/b`);
  expect(heard).toEqual(['default/a false true', 'default/b false true', 'default/a true false']);
});

test('indexes follow the store', () => {
  const api = new TestApi();
  const lister = api.api.ports.as('tester').lister('pods');
  const on = (node: string) => lister.byIndex('node', node).map(({ metadata }) => metadata.name);
  api.call('POST', pods, pod('b'));
  expect([on(''), on('n1')]).toEqual([['b'], []]);
  const { uid } = lister.get('default', 'b')!.metadata;
  expect(submit(api, { verb: 'bind', namespace: 'default', name: 'b', uid: uid!, node: 'n1' }).ok).toBe(true);
  api.call('POST', pods, pod('a', { nodeName: 'n1' }));
  expect([on(''), on('n1'), lister.byIndex('uid', uid!).length, lister.count()]).toEqual([[], ['a', 'b'], 1, 2]);
  submit(api, { verb: 'delete', resource: 'pods', namespace: 'default', name: 'a', gracePeriodSeconds: 0 });
  expect(on('n1')).toEqual(['b']);
});

test('a handler that writes sees its own write at once', () => {
  const api = new TestApi();
  const port = api.api.ports.as('tester');
  let seen: string | undefined;
  port.onChange('configmaps', ({ key, object }) => {
    if (key !== 'default/a' || !object) return;
    submit(api, { verb: 'create', resource: 'secrets', namespace: 'default', object: { metadata: { name: 's' } } });
    seen = port.lister('secrets').get('default', 's')?.metadata.name;
  });
  api.call('POST', configMaps, configMap('a'));
  expect(seen).toBe('s');
});

test('an Event that is recorded is the Event that would be created, the first of its make and later ones', () => {
  const api = new TestApi();
  const event = (name: string, { instance = 'n1', ...more }: { instance?: string } & object = {}) => ({
    kind: 'Event', apiVersion: 'v1', metadata: { name, namespace: 'default' },
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'web', uid: 'u', apiVersion: 'v1', fieldPath: 'spec.containers{app}' },
    reason: 'Started', message: 'Container started', source: { component: 'kubelet', host: 'n1' },
    firstTimestamp: '2026-01-01T00:00:00Z', lastTimestamp: '2026-01-01T00:00:00Z', count: 1, type: 'Normal', eventTime: null, ...more,
    reportingComponent: 'kubelet', reportingInstance: instance,
  });
  const kept = (outcome: Outcome) => JSON.stringify(outcome.ok && outcome.object).replace(/"uid":"[0-9a-f-]{36}","resourceVersion":"\d+"/, '').replace(/"name":"[a-z]"/, '');
  for (const more of [{}, { instance: '' }, { action: 'Binding', eventTime: '2026-01-01T00:00:00.000001Z', firstTimestamp: null }]) {
    const created = kept(submit(api, { verb: 'create', resource: 'events', namespace: 'default', object: event('c', more) }));
    for (const name of ['f', 'l']) expect(kept(submit(api, { verb: 'record', resource: 'events', namespace: 'default', object: event(name, more) }))).toBe(created);
    for (const name of ['c', 'f', 'l']) submit(api, { verb: 'delete', resource: 'events', namespace: 'default', name });
  }
  submit(api, { verb: 'record', resource: 'events', namespace: 'default', object: event('x') });
  expect(submit(api, { verb: 'record', resource: 'events', namespace: 'default', object: event('x') })).toMatchObject({ status: { code: 409 } });
  expect(submit(api, { verb: 'record', resource: 'events', namespace: 'gone', object: { ...event('x'), metadata: { name: 'x', namespace: 'gone' } } }))
    .toMatchObject({ status: { code: 404 } });
});

test('an Event that happens again is what a patch makes of it, whoever has written to it', () => {
  const repetition = { count: 2, lastTimestamp: '2026-01-01T00:00:03Z', message: 'Container started again' };
  const target = { resource: 'events', namespace: 'default' } as const;
  const outcomes = ['patch', 'repeat'].map((verb) => {
    const api = new TestApi();
    return ['own', 'shared'].map((name) => {
      const object = {
        kind: 'Event', apiVersion: 'v1', metadata: { name, namespace: 'default' }, involvedObject: { kind: 'Pod', namespace: 'default', name: 'web' },
        reason: 'Started', message: 'Container started', source: { component: 'kubelet' }, firstTimestamp: '2026-01-01T00:00:00Z',
        lastTimestamp: '2026-01-01T00:00:00Z', count: 1, type: 'Normal', eventTime: null, reportingComponent: 'kubelet', reportingInstance: '',
      };
      submit(api, { verb: 'record', ...target, object });
      if (name === 'shared') api.patch(`/api/v1/namespaces/default/events/${name}`, { message: 'mine' });
      api.clock.advance(3000);
      return submit(api, verb === 'patch' ? { verb, ...target, name, patchType: 'strategic', patch: repetition } : { verb: 'repeat', ...target, name, repetition });
    });
  });
  expect(outcomes[0]).toMatchObject([{ ok: true, object: repetition }, { ok: true, object: repetition }]);
  expect(JSON.stringify(outcomes[1])).toBe(JSON.stringify(outcomes[0]));
  expect(submit(new TestApi(), { verb: 'repeat', ...target, name: 'gone', repetition })).toMatchObject({ status: { code: 404 } });
});

test('an Event that is recorded through events.k8s.io is owned in its version and stored in that of core', () => {
  const api = new TestApi();
  const event = (name: string) => ({
    kind: 'Event', apiVersion: 'v1', metadata: { name, namespace: 'default' },
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'web', uid: 'u', apiVersion: 'v1' }, reason: 'FailedScheduling', message: 'no room',
    source: {}, firstTimestamp: null, lastTimestamp: null, type: 'Warning', eventTime: '2026-01-01T00:00:00.000001Z', action: 'Scheduling',
    reportingComponent: 'default-scheduler', reportingInstance: 'default-scheduler-host',
  });
  const owned = (name: string, manager: string) => {
    const { managedFields } = api.call('GET', `/api/v1/namespaces/default/events/${name}`).body.metadata;
    return (managedFields as unknown as { manager: string; apiVersion: string; fieldsV1: object }[]).filter((entry) => entry.manager === manager)
      .map(({ apiVersion, fieldsV1 }) => ({ apiVersion, fields: Object.keys(fieldsV1) }));
  };
  const fields = ['f:action', 'f:eventTime', 'f:note', 'f:reason', 'f:regarding', 'f:reportingController', 'f:reportingInstance', 'f:type'];
  for (const name of ['first', 'later']) {
    expect(submit(api, { verb: 'record', resource: 'events.events.k8s.io', namespace: 'default', object: event(name) }).ok).toBe(true);
    expect(owned(name, 'tester')).toEqual([{ apiVersion: 'events.k8s.io/v1', fields }]);
    expect(api.call('GET', `/api/v1/namespaces/default/events/${name}`).body).toMatchObject(event(name));
  }
  const patch = { series: { count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' } };
  expect(submit(api, { verb: 'patch', resource: 'events.events.k8s.io', namespace: 'default', name: 'later', patchType: 'strategic', patch }).ok).toBe(true);
  expect(owned('later', 'tester')).toEqual([{ apiVersion: 'events.k8s.io/v1', fields: fields.toSpliced(7, 0, 'f:series') }]);
});
