/** The Pods of StatefulSets: their ordinals, what they look like, how many there are (pkg/controller/statefulset/stateful_set_utils.go). Pure. */
import type { ControllerRevision, StatefulSet, StatefulSetStatus } from '../../schema/apps/v1.ts';
import type { PersistentVolumeClaim, Pod, PodTemplateSpec, Volume } from '../../schema/core/v1.ts';
import { revisionLabel } from '../controller-revisions.ts';
import { availableInMs, isReady, isTerminating } from '../pod-readiness.ts';
import { statefulSetKind } from '../workload-ownership.ts';
import { podFromTemplate } from '../workload-pods.ts';

export const podNameLabel = 'statefulset.kubernetes.io/pod-name';
const indexLabel = 'apps.kubernetes.io/pod-index';

/** The set that a Pod's name speaks of and the number at its end; -1 without one. */
export function parentAndOrdinal({ metadata }: Pod): { readonly parent: string; readonly ordinal: number } {
  const [, parent = '', digits] = /^(.*)-(\d+)$/.exec(metadata.name ?? '') ?? [];
  const ordinal = Number(digits ?? -1);
  return { parent, ordinal: ordinal < 2 ** 31 ? ordinal : -1 };
}

export const ordinalOf = (pod: Pod): number => parentAndOrdinal(pod).ordinal;
export const startOf = ({ spec }: StatefulSet): number => spec?.ordinals?.start ?? 0;
export const sizeOf = ({ spec }: StatefulSet): number => spec?.replicas ?? 1;
export const revisionOf = ({ metadata }: Pod): string => metadata.labels?.[revisionLabel] ?? '';
/** In memory only until the API gave it a phase. */
export const isCreated = ({ status }: Pod): boolean => Boolean(status?.phase);
export const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isReady(pod);

export function isInRange(set: StatefulSet, ordinal: number): boolean {
  return ordinal >= startOf(set) && ordinal < startOf(set) + sizeOf(set);
}

export function isAvailable({ spec }: StatefulSet, pod: Pod, now: number): boolean {
  return availableInMs(pod, spec?.minReadySeconds, now) === 0;
}

export const isUnavailable = (set: StatefulSet, pod: Pod, now: number): boolean => !isAvailable(set, pod, now) || isTerminating(pod);

export function claimName(set: StatefulSet, template: PersistentVolumeClaim, ordinal: number): string {
  return `${template.metadata?.name}-${set.metadata.name}-${ordinal}`;
}

/** The claims of the Pod with this ordinal. */
export function claimsOf(set: StatefulSet, ordinal: number): PersistentVolumeClaim[] {
  const { matchLabels } = set.spec?.selector ?? {};
  return (set.spec?.volumeClaimTemplates ?? []).map((template) => {
    const labels = { ...template.metadata?.labels, ...matchLabels };
    const { namespace } = set.metadata;
    return {
      ...template,
      metadata: {
        ...template.metadata, name: claimName(set, template, ordinal),
        ...(namespace === undefined ? {} : { namespace }), ...(Object.keys(labels).length > 0 ? { labels } : {}),
      },
    };
  });
}

/** The volumes of the template with those of the claims first. */
function withClaims(set: StatefulSet, volumes: readonly Volume[], ordinal: number): Volume[] {
  const templates = set.spec?.volumeClaimTemplates ?? [];
  const names = new Set(templates.map(({ metadata }) => metadata?.name));
  const claims = templates.map((template) => ({
    name: template.metadata?.name ?? '', persistentVolumeClaim: { claimName: claimName(set, template, ordinal) },
  }));
  return [...claims, ...volumes.filter(({ name }) => !names.has(name))];
}

function identity(set: StatefulSet, ordinal: number): Record<string, string> {
  return { [podNameLabel]: `${set.metadata.name}-${ordinal}`, [indexLabel]: String(ordinal) };
}

/** What a set needs to know to make its Pods. */
export interface Templates {
  readonly set: StatefulSet;
  readonly current: ControllerRevision;
  readonly update: ControllerRevision;
  readonly currentTemplate: PodTemplateSpec;
  readonly updateTemplate: PodTemplateSpec;
}

/** The Pod with this ordinal, of the current revision below the partition, else of the one that is being rolled out. */
export function newPod({ set, current, update, currentTemplate, updateTemplate }: Templates, ordinal: number): Pod {
  const { type, rollingUpdate } = set.spec?.updateStrategy ?? {};
  const below = rollingUpdate ? rollingUpdate.partition ?? 0 : type === 'RollingUpdate' ? set.status?.currentReplicas ?? 0 : -Infinity;
  const [revision, template] = ordinal < startOf(set) + below ? [current, currentTemplate] : [update, updateTemplate];
  const pod = podFromTemplate(statefulSetKind, set, template) as Pod;
  const name = `${set.metadata.name}-${ordinal}`;
  const { namespace, serviceName } = { ...set.metadata, ...set.spec };
  const volumes = withClaims(set, template.spec?.volumes ?? [], ordinal);
  return {
    ...pod,
    metadata: {
      ...pod.metadata, name, ...(namespace === undefined ? {} : { namespace }),
      labels: { ...pod.metadata.labels, ...identity(set, ordinal), [revisionLabel]: revision.metadata.name ?? '' },
    },
    spec: {
      ...pod.spec!, hostname: name, ...(serviceName ? { subdomain: serviceName } : {}), ...(volumes.length > 0 ? { volumes } : {}),
    },
  };
}

/** The Pod with the identity and the volumes that it should have; undefined when it has them. */
export function repaired(set: StatefulSet, pod: Pod): Pod | undefined {
  const ordinal = ordinalOf(pod);
  const named = pod.metadata.labels?.[podNameLabel] === pod.metadata.name;
  const stored = (set.spec?.volumeClaimTemplates ?? []).every((template) => pod.spec?.volumes?.some(({ name, persistentVolumeClaim }) =>
    name === template.metadata?.name && persistentVolumeClaim?.claimName === claimName(set, template, ordinal)));
  if (named && stored) return undefined;
  return {
    ...pod,
    metadata: named ? pod.metadata : { ...pod.metadata, labels: { ...pod.metadata.labels, ...identity(set, ordinal) } },
    spec: stored ? pod.spec! : { ...pod.spec!, volumes: withClaims(set, pod.spec?.volumes ?? [], ordinal) },
  };
}

/** The counters of the status. */
export function countPods({ set, current, update }: Templates, pods: readonly Pod[], now: number): Pick<
  StatefulSetStatus, 'replicas' | 'readyReplicas' | 'availableReplicas' | 'currentReplicas' | 'updatedReplicas'
> {
  const ready = pods.filter(isRunningAndReady);
  const staying = pods.filter((pod) => isCreated(pod) && !isTerminating(pod));
  const of = ({ metadata }: ControllerRevision) => staying.filter((pod) => revisionOf(pod) === metadata.name).length;
  return {
    replicas: pods.filter(isCreated).length, readyReplicas: ready.length, availableReplicas: ready.filter((pod) => isAvailable(set, pod, now)).length,
    currentReplicas: of(current), updatedReplicas: of(update),
  };
}

/** With the update as the current revision once every Pod has it and is ready. */
export function completeUpdate({ spec }: StatefulSet, status: StatefulSetStatus): StatefulSetStatus {
  const size = spec?.replicas ?? 1;
  const done = spec?.updateStrategy?.type === 'RollingUpdate'
    && status.updatedReplicas === size && status.readyReplicas === size && status.replicas === size;
  if (!done) return status;
  return {
    ...status, ...(status.updatedReplicas === undefined ? {} : { currentReplicas: status.updatedReplicas }),
    ...(status.updateRevision === undefined ? {} : { currentRevision: status.updateRevision }),
  };
}

const counted = [
  'replicas', 'readyReplicas', 'availableReplicas', 'currentReplicas', 'updatedReplicas', 'currentRevision', 'updateRevision',
] as const;

/** Whether the new status is worth a write. */
export function isNews(before: StatefulSetStatus | undefined, status: StatefulSetStatus): boolean {
  if ((status.observedGeneration ?? 0) > (before?.observedGeneration ?? 0)) return true;
  return counted.some((member) => (status[member] || 0) !== (before?.[member] || 0));
}
