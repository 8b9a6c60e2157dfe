/** Conditions of the library: `kube.until(pod('web').isReady())`, and failures that tell what happened. */
import type { EmulatorControls } from './cluster/controls.ts';
import { EmulatorError } from './cluster/emulator-error.ts';
import type * as own from './schema/fakelet/v1.ts';

/** One object, and what can be waited for about it. */
export class Awaited {
  readonly #target: Pick<own.WaitRequest, 'resource' | 'namespace' | 'name'>;

  constructor(resource: string, name: string, namespace: string) {
    this.#target = { resource, name, namespace };
  }

  /** As `kubectl wait --for`. `timeout` is clock time, '5m' unless given. */
  meets(condition: string, timeout?: string): own.WaitRequest {
    return { ...this.#target, for: condition, ...(timeout === undefined ? {} : { timeout }) };
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

const linesMax = 40;

/** Waits. A wait that fails says what happened to the object, so that a test's output is enough to see why. */
export async function until(controls: EmulatorControls, request: own.WaitRequest): Promise<own.WaitResult> {
  try {
    return await controls.wait(request);
  } catch (error) {
    if (error instanceof EmulatorError && error.httpStatus === 408) error.message += `\n\n${history(controls, request)}`;
    throw error;
  }
}

function history(controls: EmulatorControls, { resource = 'pods', namespace = 'default', name }: own.WaitRequest): string {
  const lines = controls.transcript({}).split('\n').filter((line) => name !== undefined && line.includes(name));
  const shown = lines.slice(-linesMax);
  return [`What happened to ${resource} ${namespace}/${name ?? '*'}${shown.length < lines.length ? ` (last ${linesMax} lines)` : ''}:`, ...shown].join('\n');
}
