/** Defaults of Pods, pod specs and containers (pkg/apis/core/v1/defaults.go). */
import {
  Container, EphemeralContainer, HTTPGetAction, ObjectFieldSelector, Pod, PodSpec, Probe,
} from '../../schema/core/v1.ts';
import { imageTag } from '../../schema/values/image-reference.ts';
import { defaultPodLevelResources } from './pod-level-resources.ts';
import { fillMissing } from './resource-list.ts';
import { rule, type Rule } from './rule.ts';

const defaultGraceSeconds = 30;

export const podDefaults: readonly Rule[] = [
  rule(Pod, ({ spec }) => {
    const containers = [...spec.containers ?? [], ...spec.initContainers ?? []];
    for (const { resources } of containers) {
      if (resources.limits) fillMissing(resources.requests ??= emptyMap(), resources.limits);
    }
    defaultPodLevelResources(spec);
    spec.enableServiceLinks ??= true;
    if (spec.hostNetwork) for (const container of containers) exposeOnHost(container);
  }),
  rule(PodSpec, (spec) => {
    spec.dnsPolicy ??= 'ClusterFirst';
    spec.restartPolicy ??= 'Always';
    spec.securityContext ??= {};
    spec.terminationGracePeriodSeconds ??= defaultGraceSeconds;
    spec.schedulerName ??= 'default-scheduler';
  }),
  rule(Container, defaultContainer),
  rule(EphemeralContainer, defaultContainer),
  rule(Probe, (probe) => {
    probe.timeoutSeconds ??= 1;
    probe.periodSeconds ??= 10;
    probe.successThreshold ??= 1;
    probe.failureThreshold ??= 3;
  }),
  rule(HTTPGetAction, (action) => {
    action.path ??= '/';
    action.scheme ??= 'HTTP';
  }),
  rule(ObjectFieldSelector, (selector) => {
    selector.apiVersion ??= 'v1';
  }),
];

type AnyContainer = Pick<Container, 'image' | 'imagePullPolicy' | 'terminationMessagePath' | 'terminationMessagePolicy'>;

function defaultContainer(container: AnyContainer): void {
  container.imagePullPolicy ??= pullPolicy(container.image);
  container.terminationMessagePath ??= '/dev/termination-log';
  container.terminationMessagePolicy ??= 'File';
}

/** `Always` for the tag `latest`, which is also that of an image without tag and digest. */
export function pullPolicy(image: string | undefined): string {
  return imageTag(image ?? '') === 'latest' ? 'Always' : 'IfNotPresent';
}

function exposeOnHost({ ports = [] }: { ports?: { hostPort?: number; containerPort: number }[] }): void {
  for (const port of ports) port.hostPort ??= port.containerPort;
}

const emptyMap = (): Record<string, string> => Object.create(null) as Record<string, string>;
