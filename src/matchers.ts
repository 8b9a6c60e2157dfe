/**
 * Matchers for `expect.extend` of vitest and jest: `expect(kube).toBeReady('web')`. They look at what is there now and never
 * wait; a failure prints what happened to the object. `fakelet/vitest` registers them.
 */
import type { Inspection } from './inspection.ts';
import type { KubeObject } from './schema/objects.ts';
import { Awaited, pod } from './until.ts';

/** A Pod by its name ('web', 'prod/web'), or any object: `object('deployments.apps', 'web')`. */
export type ObjectRef = string | Awaited;

/** A reason, or more about an event; `count` is how often it was seen at least. */
export type ExpectedEvent = string | { readonly reason: string; readonly type?: string; readonly message?: string | RegExp; readonly count?: number };

export interface KubeMatchers<R = unknown> {
  /** The object exists. */
  toHaveObject(ref: ObjectRef): R;
  /** Its condition Ready is True. */
  toBeReady(ref: ObjectRef): R;
  toHaveCondition(ref: ObjectRef, type: string, status?: string): R;
  toHavePhase(ref: ObjectRef, phase: string): R;
  /** Its containers were restarted: so often in all, or at least once. */
  toHaveRestarted(ref: ObjectRef, times?: number): R;
  /** Events about it came first in this order, among others. */
  toHaveEvents(ref: ObjectRef, events: readonly ExpectedEvent[]): R;
}

/** What `expect.extend` of vitest and jest take from a matcher. */
interface Verdict { readonly pass: boolean; readonly message: () => string }

/** One answer about an object: whether it holds, what was expected, what is there instead. */
interface Finding { readonly pass: boolean; readonly expected: string; readonly actual: string }

/** For `expect.extend(matchers)`. */
export const matchers: { readonly [Name in keyof KubeMatchers]: (kube: unknown, ...args: Parameters<KubeMatchers[Name]>) => Verdict } = {
  toHaveObject: matcher((inspect, target) => {
    const found = objectOf(inspect, target);
    return { pass: found !== undefined, expected: 'exist', actual: found ? 'It exists' : 'There is none' };
  }),
  toBeReady: matcher((inspect, target) => hasCondition(inspect, target, 'Ready', 'True', 'be ready')),
  toHaveCondition: matcher((inspect, target, type: string, status = 'True') => hasCondition(inspect, target, type, status, `have the condition ${type}=${status}`)),
  toHavePhase: matcher((inspect, target, phase: string) => {
    const found = statusOf(objectOf(inspect, target))?.phase;
    return { pass: found === phase, expected: `have the phase ${phase}`, actual: found === undefined ? 'It has none' : `It has ${found}` };
  }),
  toHaveRestarted: matcher((inspect, target, times?: number) => {
    const { containerStatuses = [], initContainerStatuses = [] } = statusOf(objectOf(inspect, target)) ?? {};
    const restarts = [...initContainerStatuses, ...containerStatuses].reduce((sum, { restartCount }) => sum + restartCount, 0);
    return {
      pass: times === undefined ? restarts > 0 : restarts === times,
      expected: `have restarted${times === undefined ? '' : ` ${times} times`}`, actual: `It has restarted ${restarts} times`,
    };
  }),
  toHaveEvents: matcher((inspect, target, events: readonly ExpectedEvent[]) => {
    const seen = inspect.events(target.resource, target.name, target.namespace);
    let matched = 0;
    for (const event of seen) if (matched < events.length && isLike(event, events[matched]!)) matched++;
    return {
      pass: matched === events.length, expected: `have the events ${events.map(textOf).join(', ')}`,
      actual: matched === events.length ? 'It has' : `${textOf(events[matched]!)} is missing among ${seen.map(({ reason, count }) => textOf({ reason: reason ?? '', count: count ?? 1 })).join(', ') || 'no events at all'}`,
    };
  }),
};

function matcher<Args extends readonly unknown[]>(find: (inspect: Inspection, target: Awaited, ...args: Args) => Finding) {
  return (kube: unknown, ref: ObjectRef, ...args: Args): Verdict => {
    const inspect = (kube as { inspect?: Inspection } | null)?.inspect;
    if (!inspect) throw new TypeError('Failed to look at the cluster: this is none. Pass what startKube() gave: expect(kube).');
    const target = typeof ref === 'string' ? podOf(ref) : ref;
    const { resource, name, namespace } = target;
    const { pass, expected, actual } = find(inspect, target, ...args);
    return {
      pass,
      message: () => `Expected ${resource} ${namespace}/${name} ${pass ? 'not ' : ''}to ${expected}. ${actual}.\n\n${inspect.history(resource, name, namespace)}`,
    };
  };
}

function podOf(ref: string): Awaited {
  const [first = '', second] = ref.split('/');
  return second === undefined ? pod(first) : pod(second, first);
}

const objectOf = (inspect: Inspection, { resource, name, namespace }: Awaited) => inspect.object(resource, name, namespace);

interface StatusLike {
  phase?: string;
  conditions?: { type: string; status: string; reason?: string; message?: string }[];
  containerStatuses?: { restartCount: number }[];
  initContainerStatuses?: { restartCount: number }[];
}
const statusOf = (object: KubeObject | undefined) => object?.['status'] as StatusLike | undefined;

function hasCondition(inspect: Inspection, target: Awaited, type: string, status: string, expected: string): Finding {
  const object = objectOf(inspect, target);
  const found = statusOf(object)?.conditions?.find((one) => one.type === type);
  const why = [found?.reason, found?.message].filter((text) => text !== undefined && text !== '').join(': ');
  const actual = found ? `It has ${type}=${found.status}${why === '' ? '' : ` (${why})`}` : object ? `It has no condition ${type}` : 'There is none';
  return { pass: found?.status === status, expected, actual };
}

function isLike(event: { reason?: string; type?: string; message?: string; count?: number }, expected: ExpectedEvent): boolean {
  const { reason, type, message, count = 1 } = typeof expected === 'string' ? { reason: expected } : expected;
  const isTold = message === undefined || (typeof message === 'string' ? event.message?.includes(message) === true : message.test(event.message ?? ''));
  return event.reason === reason && (type === undefined || event.type === type) && isTold && (event.count ?? 1) >= count;
}

function textOf(event: ExpectedEvent): string {
  if (typeof event === 'string') return event;
  const { reason, type, message, count = 1 } = event;
  return `${type === undefined ? '' : `${type} `}${reason}${count > 1 ? ` ×${count}` : ''}${message === undefined ? '' : ` '${message}'`}`;
}
