/** What is behind a Service: its Pods as endpoints and the numbers of its ports. Shared by Endpoints and EndpointSlices. */
import type { ApiPort, ObjectChange } from '../api/port.ts';
import { equal } from '../lib/json.ts';
import type { Pod, Service } from '../schema/core/v1.ts';
import type { EndpointSlice } from '../schema/discovery/v1.ts';
import { fromLabels } from '../schema/values/label-selector.ts';

type Endpoint = NonNullable<EndpointSlice['endpoints']>[number];
type EndpointPort = NonNullable<EndpointSlice['ports']>[number];

/** True when the Pod is behind the Service. */
export function selects({ metadata, spec }: Service, pod: Pod): boolean {
  return metadata.namespace === pod.metadata.namespace && spec?.selector !== undefined && fromLabels(spec.selector).matches(pod.metadata.labels);
}

/** Keys of the Services whose endpoints a change of a Pod may alter. */
export function servicesConcerned(port: ApiPort, { object, previous }: ObjectChange): string[] {
  const pods = [object, previous].filter((one) => one !== undefined) as Pod[];
  const relevant = (pod: Pod | undefined) => pod && [pod.metadata.labels, endpointOf(pod, undefined)];
  if (pods.length === 2 && equal(relevant(pods[0]), relevant(pods[1]))) return [];
  const namespace = pods[0]!.metadata.namespace ?? '';
  return port.lister<Service>('services').list(namespace)
    .filter((service) => pods.some((pod) => selects(service, pod)))
    .map(({ metadata }) => `${namespace}/${metadata.name}`);
}

/** The endpoint of a Pod; undefined while it has no address, and when it has ended. */
export function endpointOf({ metadata, spec, status }: Pod, zone: string | undefined, publishNotReady = false): Endpoint | undefined {
  if (!status?.podIP || status.phase === 'Succeeded' || status.phase === 'Failed') return undefined;
  const serving = publishNotReady || (status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false);
  const terminating = metadata.deletionTimestamp !== undefined;
  const { name = '', namespace = '', uid = '' } = metadata;
  return {
    addresses: [status.podIP],
    conditions: { ready: publishNotReady || (serving && !terminating), serving, terminating },
    ...(spec?.hostname && spec.subdomain ? { hostname: spec.hostname } : {}),
    targetRef: { kind: 'Pod', namespace, name, uid },
    ...(spec?.nodeName ? { nodeName: spec.nodeName } : {}),
    ...(zone === undefined ? {} : { zone }),
  };
}

/** The Service's ports with the numbers behind them; a port name that no Pod has leaves its port out. */
export function portsOf({ spec }: Service, pods: readonly Pod[]): EndpointPort[] {
  return (spec?.ports ?? []).flatMap(({ name = '', protocol = 'TCP', port, targetPort, appProtocol }) => {
    const number = typeof targetPort === 'string' ? namedPort(pods, targetPort, protocol) : targetPort || port;
    return number === undefined ? [] : [{ name, protocol, port: number, ...(appProtocol === undefined ? {} : { appProtocol }) }];
  });
}

function namedPort(pods: readonly Pod[], name: string, protocol: string): number | undefined {
  for (const { spec } of pods) {
    for (const { ports = [] } of spec?.containers ?? []) {
      const found = ports.find((port) => port.name === name && (port.protocol ?? 'TCP') === protocol);
      if (found) return found.containerPort;
    }
  }
  return undefined;
}
