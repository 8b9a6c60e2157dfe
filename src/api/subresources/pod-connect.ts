/**
 * The log of a Pod, and which container and node a request to a kubelet means. Names and options are checked here as
 * upstream checks them (pkg/registry/core/pod/strategy.go); the node does the rest.
 */
import type { Pod } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { parseTime, TimeError } from '../../schema/values/time.ts';
import { ApiError, badRequest, invalid, notFound, plainError, type Status } from '../errors.ts';
import { forbidden, invalid as invalidField, type FieldError } from '../field-error.ts';
import type { NodeConnector, PodLogOptions } from '../node-connector.ts';
import type { Query } from '../query.ts';
import { storageKey } from '../registry.ts';
import type { Services } from '../services.ts';
import type { ApiStream } from '../streams.ts';

const podResource = { group: '', resource: 'pods' };

/** The log stream of a Pod, or undefined when it is on no node yet. Throws ApiError. */
export function podLog(services: Services, pod: KubeObject, query: Query): ApiStream | undefined {
  const { spec } = pod as unknown as Pod;
  const options = logOptions(query, pod.metadata.name!);
  const container = containerOf(pod, query.text('container'));
  if (!spec.nodeName) return undefined;
  const answer = nodeOf(services, pod).logs(pod, { ...options, container });
  if (!answer.ok) throw relayed(answer.code, answer.message);
  return { start: (sink) => answer.start(sink) };
}

function logOptions(query: Query, name: string): Omit<PodLogOptions, 'container'> {
  const tailLines = query.integer('tailLines');
  const limitBytes = query.integer('limitBytes');
  const sinceSeconds = query.integer('sinceSeconds');
  const sinceTimeMs = query.has('sinceTime') ? sinceTime(query.text('sinceTime')) : undefined;
  const errors: FieldError[] = [];
  if (tailLines !== undefined && tailLines < 0) errors.push(invalidField('tailLines', tailLines, 'must be greater than or equal to 0'));
  if (limitBytes !== undefined && limitBytes < 1) errors.push(invalidField('limitBytes', limitBytes, 'must be greater than 0'));
  if (sinceSeconds !== undefined && sinceTimeMs !== undefined) {
    // The path of this error is empty, and printed so.
    errors.push(forbidden('[]', 'at most one of `sinceTime` or `sinceSeconds` may be specified'));
  } else if (sinceSeconds !== undefined && sinceSeconds < 1) errors.push(invalidField('sinceSeconds', sinceSeconds, 'must be greater than 0'));
  // The feature PodLogsQuerySplitStreams is off by default.
  if (query.has('stream')) errors.push(forbidden('stream', 'may not be specified'));
  if (errors.length > 0) throw invalid({ group: '', kind: 'PodLogOptions' }, name, errors);
  return {
    tailLines, limitBytes, sinceSeconds, sinceTimeMs, follow: query.bool('follow') ?? false, previous: query.bool('previous') ?? false,
    timestamps: query.bool('timestamps') ?? false,
  };
}

/** Milliseconds of a time. Throws 400 with Go's text. */
function sinceTime(text: string): number {
  try {
    return parseTime(text).seconds * 1000;
  } catch (error) {
    if (error instanceof TimeError) throw badRequest(error.message);
    throw error;
  }
}

/** The container that is meant: the one that is named, or the only one. Throws ApiError. */
export function containerOf(pod: KubeObject, named: string): string {
  const { spec, metadata } = pod as unknown as Pod;
  const names = [...spec.initContainers ?? [], ...spec.containers, ...spec.ephemeralContainers ?? []].map(({ name }) => name);
  if (named !== '') {
    if (!names.includes(named)) throw badRequest(`container ${named} is not valid for pod ${metadata.name}`);
    return named;
  }
  if (spec.containers.length === 1) return spec.containers[0]!.name;
  throw badRequest(`a container name must be specified for pod ${metadata.name}, choose one of: [${names.join(' ')}]`);
}

/** The node's connector; a node that is not there is upstream's odd 404. Throws ApiError. */
export function nodeOf({ registry, store, nodes }: Services, pod: KubeObject): NodeConnector {
  const { nodeName = '' } = (pod as unknown as Pod).spec;
  const node = store.get(storageKey(registry.byName('nodes')!, '', nodeName));
  if (!node) throw notFound(podResource, nodeName);
  if (!nodes) throw plainError(`Get "https://${nodeName}:10250/": dial tcp: lookup ${nodeName}: no such host`);
  return nodes;
}

/** A kubelet's refusal, as the API server passes it on. */
function relayed(code: number, message: string): ApiError {
  const reasons: Readonly<Record<number, string>> = { 400: 'BadRequest', 404: 'NotFound', 500: 'InternalError' };
  const reason = reasons[code];
  const status: Status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, ...(reason !== undefined && { reason }), code };
  return new ApiError(status);
}
