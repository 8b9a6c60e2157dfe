/** Conditions of the library: `kube.until(pod('web').isReady())`, and failures that tell what happened. */
import type { EmulatorControls } from './cluster/controls.ts';
import { EmulatorError } from './cluster/emulator-error.ts';
import type { Inspection } from './inspection.ts';
import type * as own from './schema/fakelet/v1.ts';

/** One object, and what can be waited for about it. */
export class Awaited {
  readonly resource: string;
  readonly name: string;
  readonly namespace: string;

  constructor(resource: string, name: string, namespace: string) {
    this.resource = resource;
    this.name = name;
    this.namespace = namespace;
  }

  /** As `kubectl wait --for`. `timeout` is clock time, '5m' unless given. */
  meets(condition: string, timeout?: string): own.WaitRequest {
    const { resource, name, namespace } = this;
    return { resource, name, namespace, for: condition, ...(timeout === undefined ? {} : { timeout }) };
  }

  isReady(timeout?: string): own.WaitRequest {
    return this.meets('condition=Ready', timeout);
  }

  hasPhase(phase: string, timeout?: string): own.WaitRequest {
    return this.meets(`phase=${phase}`, timeout);
  }

  hasCondition(type: string, status = 'True', timeout?: string): own.WaitRequest {
    return this.meets(`condition=${type}=${status}`, timeout);
  }

  /** An event about it with this reason was seen at least `count` times. */
  hasEvent(reason: string, count = 1, timeout?: string): own.WaitRequest {
    return this.meets(`event=${reason}>=${count}`, timeout);
  }

  exists(timeout?: string): own.WaitRequest {
    return this.meets('create', timeout);
  }

  isGone(timeout?: string): own.WaitRequest {
    return this.meets('delete', timeout);
  }
}

export const pod = (name: string, namespace = 'default') => new Awaited('pods', name, namespace);
/** `resource` is the plural name, with the group unless it is core: 'deployments.apps'. */
export const object = (resource: string, name: string, namespace = 'default') => new Awaited(resource, name, namespace);

/** Waits. A wait that fails says what happened to the object, so that a test's output is enough to see why. */
export async function until(controls: EmulatorControls, inspect: Inspection, request: own.WaitRequest): Promise<own.WaitResult> {
  try {
    return await controls.wait(request);
  } catch (error) {
    const { resource = 'pods', name, namespace } = request;
    if (error instanceof EmulatorError && error.httpStatus === 408 && name !== undefined) {
      if (resource === 'pods' && inspect.object(resource, name, namespace)) error.message += `\n\n${controls.explain(namespace ?? 'default', name).text}`;
      error.message += `\n\n${inspect.history(resource, name, namespace)}`;
    }
    throw error;
  }
}
