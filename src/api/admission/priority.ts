/** Priority: the number behind a Pod's priority class. */
import type { Pod } from '../../schema/core/v1.ts';
import type { PriorityClass } from '../../schema/scheduling/v1.ts';
import type { AdmissionContext, AdmissionRequest, AdmissionStep } from '../admission.ts';
import { createdPod, isResource, podOf, refusal } from './refusal.ts';

const group = 'scheduling.k8s.io';
const resource = 'priorityclasses';

export const priority: AdmissionStep = {
  name: 'Priority',
  resources: ['pods', 'priorityclasses.scheduling.k8s.io'],
  admit(request, context) {
    const created = createdPod(request);
    if (created) setPriority(created, request, context);
    else if (request.operation === 'UPDATE' && isResource(request, '', 'pods')) keepPriority(podOf(request.object), podOf(request.oldObject));
  },
  validate(request, context) {
    if (!isResource(request, group, resource) || (request.operation !== 'CREATE' && request.operation !== 'UPDATE')) return;
    const other = defaultClass(context);
    if (!(request.object as unknown as PriorityClass).globalDefault || !other) return;
    if (request.operation === 'UPDATE' && other.metadata.name === request.object!.metadata.name) return;
    throw refusal(request, `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`);
  },
};

/** Clients need not repeat in an update what this step filled in. */
function keepPriority(pod: Pod, old: Pod): void {
  if (old.spec.priority !== undefined) pod.spec.priority ??= old.spec.priority;
  if (old.spec.preemptionPolicy !== undefined) pod.spec.preemptionPolicy ??= old.spec.preemptionPolicy;
}

function setPriority({ spec }: Pod, request: AdmissionRequest, context: AdmissionContext): void {
  const named = spec.priorityClassName ? classNamed(spec.priorityClassName, request, context) : defaultClass(context);
  const value = named?.value ?? 0;
  const policy = named ? named.preemptionPolicy : 'PreemptLowerPriority';
  if (named) spec.priorityClassName = named.metadata.name!;
  if (spec.priority !== undefined && spec.priority !== value) {
    throw refusal(request, `the integer value of priority (${spec.priority}) must not be provided in pod spec; `
      + `priority admission controller computed ${value} from the given PriorityClass name`);
  }
  spec.priority = value;
  if (policy === undefined) return;
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== policy) {
    throw refusal(request, `the string value of PreemptionPolicy (${spec.preemptionPolicy}) must not be provided in pod spec; `
      + `priority admission controller computed ${policy} from the given PriorityClass name`);
  }
  spec.preemptionPolicy = policy;
}

function classNamed(name: string, request: AdmissionRequest, context: AdmissionContext): PriorityClass {
  const found = context.get(group, resource, '', name);
  if (!found) throw refusal(request, `no PriorityClass with name ${name} was found`);
  return found as unknown as PriorityClass;
}

/** The class for Pods that name none; of several the lowest. */
function defaultClass(context: AdmissionContext): PriorityClass | undefined {
  const defaults = (context.list(group, resource, '') as unknown as PriorityClass[]).filter((one) => one.globalDefault);
  return defaults.reduce<PriorityClass | undefined>((best, one) => (!best || best.value > one.value ? one : best), undefined);
}
