/**
 * Pods: what the API server itself does to them, upstream's registry strategy (pkg/registry/core/pod/strategy.go) and
 * conversions. Admission, scheduling and kubelets come before and after; nothing of them is here.
 */
import { PodSpec as PodSpecType, type Pod, type PodSpec } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { podQOSClass } from '../../schema/pod-qos.ts';
import { formatTime } from '../../schema/values/time.ts';
import type { FieldError } from '../field-error.ts';
import type { Strategy, StrategyContext, UpdateStrategy } from '../strategy.ts';
import { validateEphemeralContainersUpdate } from '../validation/pod/ephemeral-containers-update.ts';
import { validatePodCreate } from '../validation/pod/pod.ts';
import { validatePodResize } from '../validation/pod/resize.ts';
import { validatePodStatusUpdate } from '../validation/pod/status-update.ts';
import { validatePodUpdate } from '../validation/pod/update.ts';
import { warningsForIP } from '../validation/ip-addresses.ts';
import { dns1123Label } from '../validation/names.ts';
import { semanticEqual } from '../validation/semantic-equal.ts';
import { syncAppArmor } from './pod-app-armor.ts';
import { convertPod } from './pod-conversion.ts';
import { dropDisabledSpecFields, dropDisabledStatusFields } from './pod-disabled-fields.ts';
import { mergeMatchLabelKeys } from './pod-match-label-keys.ts';
import { keepEphemeralContainers, keepResize, keepStatus } from './pod-subresources.ts';
import { warningsForPod } from './pod-warnings.ts';

/** A Pod as the machinery hands it over. */
export type PodObject = Pod & KubeObject;

const status: UpdateStrategy<PodObject> = {
  prepareForUpdate: keepStatus,
  validateUpdate: (pod, old) => collect((errors) => validatePodStatusUpdate(pod, old, errors)),
  warningsOnUpdate: ({ status: { podIPs = [], hostIPs = [] } }) => [
    ...podIPs.flatMap(({ ip }, i) => warningsForIP(ip, `status.podIPs[${i}].ip`)),
    ...hostIPs.flatMap(({ ip }, i) => warningsForIP(ip, `status.hostIPs[${i}].ip`)),
  ],
};

const ephemeralcontainers: UpdateStrategy<PodObject> = {
  prepareForUpdate(pod, old) {
    keepEphemeralContainers(pod, old);
    raiseGeneration(pod, old);
  },
  validateUpdate: validateEphemeralContainersUpdate,
};

const resize: UpdateStrategy<PodObject> = {
  prepareForUpdate(pod, old) {
    keepResize(pod, old);
    raiseGeneration(pod, old);
  },
  validateUpdate: validatePodResize,
};

export const podStrategy: Strategy<PodObject> = {
  convert: convertPod,

  prepareForCreate(pod, context) {
    pod.metadata.generation = 1;
    // Upstream believes a class that the client sent, although it drops the rest of the status.
    pod.status = { phase: 'Pending', qosClass: pod.status?.qosClass || podQOSClass(pod.spec) };
    dropDisabledSpecFields(pod.spec);
    addGatedCondition(pod, context);
    mergeMatchLabelKeys(pod);
    syncAppArmor(pod);
  },
  validateCreate: validatePodCreate,
  warningsOnCreate: (pod) => [...nameWarnings(pod.metadata.name ?? ''), ...warningsForPod(pod)],

  prepareForUpdate(pod, old) {
    pod.status = old.status;
    dropDisabledSpecFields(pod.spec);
    raiseGeneration(pod, old);
  },
  validateUpdate: (pod, old) => collect((errors) => validatePodUpdate(pod, old, errors)),

  /** Nobody runs an unscheduled or finished Pod, so nobody needs time to stop it. */
  graceSecondsForDelete(pod, requested) {
    const { phase } = pod.status ?? {};
    if (!pod.spec.nodeName || phase === 'Failed' || phase === 'Succeeded') return 0;
    const seconds = requested ?? pod.spec.terminationGracePeriodSeconds ?? 0;
    return seconds < 0 ? 1 : seconds;
  },

  selectableFields: ({ spec, status: podStatus = {} }) => ({
    'spec.nodeName': spec.nodeName ?? '',
    'spec.restartPolicy': spec.restartPolicy ?? '',
    'spec.schedulerName': spec.schedulerName ?? '',
    'spec.serviceAccountName': spec.serviceAccountName ?? '',
    'spec.hostNetwork': String(spec.hostNetwork ?? false),
    'status.phase': podStatus.phase ?? '',
    'status.podIP': podStatus.podIPs?.[0]?.ip ?? '',
    'status.nominatedNodeName': podStatus.nominatedNodeName ?? '',
  }),

  subresources: { status: { ...status, prepareForUpdate: prepareStatus }, ephemeralcontainers, resize },
};

function prepareStatus(pod: PodObject, old: PodObject): void {
  keepStatus(pod, old);
  dropDisabledStatusFields(pod.status);
}

function collect(validate: (errors: FieldError[]) => void): FieldError[] {
  const errors: FieldError[] = [];
  validate(errors);
  return errors;
}

function raiseGeneration(pod: PodObject, old: PodObject): void {
  if (specChanged(pod.spec, old.spec)) pod.metadata.generation = (old.metadata.generation ?? 0) + 1;
}

const specChanged = (spec: PodSpec, old: PodSpec): boolean => !semanticEqual(PodSpecType, spec, old);

/** Tells why a Pod with scheduling gates is not scheduled; the scheduler takes over when the gates are gone. */
function addGatedCondition(pod: PodObject, context: StrategyContext): void {
  if (!pod.spec.schedulingGates?.length) return;
  pod.status.conditions = [{
    type: 'PodScheduled', status: 'False', lastProbeTime: null as unknown as string, lastTransitionTime: formatTime(context.now),
    reason: 'SchedulingGated', message: 'Scheduling is blocked due to non-empty scheduling gates',
  }];
}

function nameWarnings(name: string): string[] {
  const texts = dns1123Label(name);
  if (texts.length === 0) return [];
  return [`metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; `
    + `a DNS label is recommended: [${texts.join(' ')}]`];
}
