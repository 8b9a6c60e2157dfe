/** The subresource `resize`: cpu and memory of containers and of the pod, in place. */
import {
  Container as ContainerType, PodSpec as PodSpecType, ResourceRequirements as ResourceRequirementsType,
  type Container, type Pod, type PodSpec, type ResourceRequirements,
} from '../../../schema/core/v1.ts';
import { isSidecar } from '../../../schema/pod-resources.ts';
import { podQOSClass } from '../../../schema/pod-qos.ts';
import { forbidden, invalid, type FieldError } from '../../field-error.ts';
import { validateObjectMetaUpdate } from '../object-meta.ts';
import { semanticEqual } from '../semantic-equal.ts';
import { annotation, mirrorPodAnnotation } from './annotations.ts';
import { validatePodMetadataAndSpec } from './pod.ts';

type ResourceList = Record<string, string>;

const onlyCpuAndMemory = 'only cpu and memory resources are mutable';

/** All causes, without those that every kind's update has in common. */
export function validatePodResize(pod: Pod, old: Pod): FieldError[] {
  if (annotation(old.metadata.annotations, mirrorPodAnnotation) !== undefined) return [forbidden('', 'static pods cannot be resized')];
  if (old.spec.os?.name === 'windows') return [forbidden('', 'windows pods cannot be resized')];
  const errors: FieldError[] = [];
  validateObjectMetaUpdate(pod.metadata, old.metadata, errors);
  validatePodMetadataAndSpec(pod, errors);
  if ((old.status?.qosClass || podQOSClass(old.spec)) !== podQOSClass(pod.spec)) {
    errors.push(invalid('spec', pod.status?.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing'));
  }
  if (!nodeSupportsResize(old)) errors.push(forbidden('spec', 'Pod running on node without support for resize'));
  const rest: PodSpec = { ...pod.spec };
  if (hasResources(old.spec) || hasResources(pod.spec)) validatePodLevelResize(rest, pod.spec, old.spec, errors);
  if (!validateOrder(pod.spec, old.spec, errors)) return errors;
  for (const list of ['initContainers', 'containers'] as const) {
    pod.spec[list]?.forEach((container, i) =>
      validateNothingRemoved(container.resources, old.spec[list]![i]!.resources, `spec.${list}[${i}].resources`, errors));
  }
  undoContainerResize(rest, pod.spec, old.spec, errors);
  if (errors.length === 0 && !semanticEqual(PodSpecType, rest, old.spec)) errors.push(forbidden('spec', onlyCpuAndMemory));
  return errors;
}

/** Kubelets that can resize report the resources of running containers; without one running, nobody knows. */
function nodeSupportsResize(pod: Pod): boolean {
  const running = pod.status?.containerStatuses?.find((status) => status.state?.running);
  return !running || running.resources !== undefined;
}

const hasResources = (spec: PodSpec): boolean =>
  Object.keys(spec.resources?.requests ?? {}).length + Object.keys(spec.resources?.limits ?? {}).length > 0;

function validatePodLevelResize(rest: PodSpec, spec: PodSpec, old: PodSpec, errors: FieldError[]): void {
  if (old.resources && !spec.resources) {
    errors.push(forbidden('spec.resources', 'pod-level resources cannot be removed'));
    return;
  }
  if (old.resources) {
    for (const side of ['requests', 'limits'] as const) {
      if (anyRemoved(spec.resources?.[side], old.resources[side])) {
        errors.push(forbidden(`spec.resources.${side}`, `pod-level resource ${side} cannot be removed`));
      }
    }
  }
  const restored = withCpuAndMemoryOf(spec.resources!, old.resources);
  if (!old.resources && Object.keys(restored).length === 0) delete rest.resources;
  else rest.resources = restored;
  if (!semanticEqual(ResourceRequirementsType, rest.resources, old.resources)) {
    errors.push(forbidden('spec', 'only cpu and memory resources are mutable at pod-level'));
  }
}

/** False when containers were added, removed or renamed, so that they cannot be compared one by one. */
function validateOrder(spec: PodSpec, old: PodSpec, errors: FieldError[]): boolean {
  const before = errors.length;
  for (const list of ['containers', 'initContainers'] as const) {
    const [containers, oldContainers] = [spec[list] ?? [], old[list] ?? []];
    if (containers.length !== oldContainers.length) {
      errors.push(forbidden(`spec.${list}`, `${list} may not be added or removed on resize`));
      continue;
    }
    containers.forEach((container, i) => {
      if (container.name !== oldContainers[i]!.name) {
        errors.push(forbidden(`spec.${list}[${i}].name`, `${list} may not be renamed or reordered on resize`));
      }
    });
  }
  return errors.length === before;
}

function validateNothingRemoved(
  resources: ResourceRequirements | undefined, old: ResourceRequirements | undefined, path: string, errors: FieldError[],
): void {
  for (const side of ['requests', 'limits'] as const) {
    if (anyRemoved(resources?.[side], old?.[side])) errors.push(forbidden(`${path}.${side}`, `resource ${side} cannot be removed`));
  }
}

const anyRemoved = (list: ResourceList = {}, old: ResourceList = {}): boolean =>
  Object.keys(old).some((name) => !Object.hasOwn(list, name));

/** Puts cpu and memory back, so that what is left shows other changes. */
function undoContainerResize(rest: PodSpec, spec: PodSpec, old: PodSpec, errors: FieldError[]): void {
  rest.containers = spec.containers.map((container, i) => {
    const restored = { ...container, resources: withCpuAndMemoryOf(container.resources, old.containers[i]!.resources) };
    if (!semanticEqual(ContainerType, restored, old.containers[i])) errors.push(forbidden('spec', onlyCpuAndMemory));
    return restored;
  });
  if (!spec.initContainers) return;
  rest.initContainers = spec.initContainers.map((container, i) =>
    undoInitContainerResize(container, old.initContainers![i]!, `spec.initContainers[${i}]`, errors));
}

function undoInitContainerResize(container: Container, old: Container, path: string, errors: FieldError[]): Container {
  const restored = { ...container, resources: withCpuAndMemoryOf(container.resources, old.resources) };
  if (!semanticEqual(ContainerType, restored, old)) {
    errors.push(forbidden(path, 'only cpu and memory resources for init or sidecar containers are mutable'));
  }
  if (!isSidecar(container) && !semanticEqual(ContainerType, container, old)) {
    for (const { restartPolicy } of container.resizePolicy ?? []) {
      if (restartPolicy === 'RestartContainer') {
        errors.push(forbidden(path, 'non-sidecar init containers with a resize policy of RestartContainer cannot be resized'));
      }
    }
  }
  return restored;
}

/** Requests and limits with the old cpu and memory. Claims do not survive this upstream either. */
function withCpuAndMemoryOf(resources: ResourceRequirements | undefined, old: ResourceRequirements | undefined): ResourceRequirements {
  const result: ResourceRequirements = {};
  for (const side of ['limits', 'requests'] as const) {
    const list: ResourceList = { ...resources?.[side] };
    for (const name of ['cpu', 'memory']) {
      const quantity = old?.[side]?.[name];
      if (quantity === undefined) delete list[name];
      else list[name] = quantity;
    }
    if (Object.keys(list).length > 0) result[side] = list;
  }
  return result;
}
