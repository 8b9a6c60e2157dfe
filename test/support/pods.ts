/** Pods of a running cluster over plain HTTP, as any client would reach them. They live in namespace `default`. */
import type { Kube } from 'fakelet';

export interface Pod {
  metadata: { name: string; uid: string; resourceVersion: string; generation: number; [field: string]: unknown };
  spec: { nodeName?: string; [field: string]: unknown };
  status: PodStatus;
}
export interface PodStatus {
  phase: string;
  reason?: string;
  conditions?: Condition[];
  initContainerStatuses?: ContainerStatus[];
  containerStatuses?: ContainerStatus[];
  [field: string]: unknown;
}
export interface Condition { type: string; status: string; lastTransitionTime: string; [field: string]: unknown }
export interface ContainerStatus {
  name: string; ready: boolean; started?: boolean; restartCount: number; state: ContainerState; lastState: ContainerState; [field: string]: unknown;
}
export interface ContainerState {
  waiting?: { reason: string; message?: string };
  running?: { startedAt: string };
  terminated?: { exitCode: number; reason: string; startedAt: string; finishedAt: string; message?: string };
}
export interface Answer { code: number; body: Record<string, unknown> }

/** A container named `name` that runs `script` in a busybox shell. */
export const shell = (name: string, script: string, more: object = {}) =>
  ({ name, image: 'busybox:1.36', command: ['sh', '-c', script], ...more });

/** A container that runs until it is told to stop, and then exits 0. */
export const obedient = (name: string, more: object = {}) => shell(name, 'trap "exit 0" TERM; sleep 100000 & wait', more);

/** Sends a request; a string as body is sent as it is. */
export async function send(kube: Kube, method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> {
  const init = body === undefined ? { method } : { method, headers: { 'content-type': type }, body: JSON.stringify(body) };
  const response = await fetch(kube.url + path, init);
  return { code: response.status, body: await response.json() as Record<string, unknown> };
}

export const podPath = (name: string) => `/api/v1/namespaces/default/pods/${name}`;

/** Creates Pod `name`; throws the server's refusal. */
export async function createPod(kube: Kube, name: string, spec: object, metadata: object = {}): Promise<Pod> {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, ...metadata }, spec };
  const { code, body } = await send(kube, 'POST', podPath('').slice(0, -1), pod);
  if (code !== 201) throw new Error(`Failed to create Pod ${name}: ${code} ${String(body['message'])}`);
  return body as unknown as Pod;
}

/** Pod `name` as it is; throws when there is none. */
export async function getPod(kube: Kube, name: string): Promise<Pod> {
  const { code, body } = await send(kube, 'GET', podPath(name));
  if (code !== 200) throw new Error(`Failed to get Pod ${name}: ${code} ${String(body['message'])}`);
  return body as unknown as Pod;
}

export const podExists = async (kube: Kube, name: string) => (await send(kube, 'GET', podPath(name))).code === 200;

/** Deletes Pod `name`, with that grace period or its own. */
export const deletePod = (kube: Kube, name: string, gracePeriodSeconds?: number) =>
  send(kube, 'DELETE', podPath(name), gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds });

/** A strategic merge patch of Pod `name`, or of its subresource `name/status`. */
export const patch = (kube: Kube, name: string, body: object) =>
  send(kube, 'PATCH', podPath(name), body, 'application/strategic-merge-patch+json');

/** `reason: message` of the events about Pod `name`, sorted. */
export async function eventsOf(kube: Kube, name: string): Promise<string[]> {
  const { body } = await send(kube, 'GET', `/api/v1/namespaces/default/events?fieldSelector=involvedObject.name=${name}`);
  return (body['items'] as { reason: string; message: string }[]).map(({ reason, message }) => `${reason}: ${message}`).toSorted();
}

/** Every status of a Pod that a watch shows from `since` to the end of `act`. */
export async function statusesSeen(kube: Kube, since: Pod, act: () => Promise<unknown>): Promise<PodStatus[]> {
  const { name, resourceVersion } = since.metadata;
  const stop = new AbortController();
  const query = `watch=true&fieldSelector=metadata.name=${name}&resourceVersion=${resourceVersion}`;
  const watch = await fetch(`${kube.url}/api/v1/namespaces/default/pods?${query}`, { signal: stop.signal });
  await act();
  const now = await send(kube, 'GET', podPath(name));
  const last = now.code === 200 ? (now.body as unknown as Pod).metadata.resourceVersion : undefined;
  const seen: PodStatus[] = [];
  if (last !== resourceVersion) {
    for await (const { type, object } of watchEvents(watch)) {
      seen.push(object.status);
      if (type === 'DELETED' || object.metadata.resourceVersion === last) break;
    }
  }
  stop.abort();
  return seen;
}

async function* watchEvents(response: Response): AsyncGenerator<{ type: string; object: Pod }> {
  let rest = '';
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line) as { type: string; object: Pod };
  }
}

/** Condition `type` of a Pod without its times, or undefined. */
export function condition(pod: { status: PodStatus }, type: string): { type: string; status: string; [field: string]: unknown } | undefined {
  const found = pod.status.conditions?.find((one) => one.type === type);
  if (!found) return undefined;
  const { lastTransitionTime: _, lastProbeTime: __, ...rest } = found;
  return rest;
}

/** `type=status` of every condition, in the order of the status. */
export const conditionsOf = (pod: { status: PodStatus }) => pod.status.conditions?.map(({ type, status }) => `${type}=${status}`);

/** The status of container `name`, an init container or a main one; throws when there is none. */
export function container(pod: { status: PodStatus }, name: string): ContainerStatus {
  const all = [...pod.status.initContainerStatuses ?? [], ...pod.status.containerStatuses ?? []];
  const found = all.find((one) => one.name === name);
  if (!found) throw new Error(`Failed to find container ${name} among ${all.map((one) => one.name).join(', ')}`);
  return found;
}

/** A value for each distinct neighbour: what a reader of a watch sees change. */
export const changes = (values: readonly string[]) => values.filter((value, i) => value !== values[i - 1]);
