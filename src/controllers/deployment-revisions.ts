/** Which ReplicaSet of a Deployment has its template, and the revisions and annotations of all (pkg/controller/deployment/util). Pure. */
import { equal } from '../lib/json.ts';
import type { Deployment, ReplicaSet } from '../schema/apps/v1.ts';
import type { PodTemplateSpec } from '../schema/core/v1.ts';
import type { KubeObject } from '../schema/objects.ts';
import { byAge, desiredAnnotation, maxAnnotation, sizeAnnotations } from './deployment-rollout.ts';
import { templateHash } from './template-hash.ts';
import { controllerReference, deploymentKind } from './workload-ownership.ts';

const hashLabel = 'pod-template-hash';
export const revisionAnnotation = 'deployment.kubernetes.io/revision';
const historyAnnotation = 'deployment.kubernetes.io/revision-history';
/** A Deployment's annotations that say nothing about its ReplicaSets. */
const notInherited: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration', revisionAnnotation, historyAnnotation, desiredAnnotation, maxAnnotation,
  'deprecated.deployment.rollback.to',
]);

/** The oldest ReplicaSet with the Deployment's template. */
export function findNew({ spec }: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined {
  return [...sets].sort(byAge).find((set) => equal(withoutHash(set.spec?.template), withoutHash(spec.template)));
}

function withoutHash(template: PodTemplateSpec | undefined): unknown {
  const { [hashLabel]: _, ...labels } = template?.metadata?.labels ?? {};
  return { ...template, metadata: { ...template?.metadata, labels } };
}

export function revisionOf({ metadata }: KubeObject): number {
  return Number.parseInt(metadata.annotations?.[revisionAnnotation] ?? '0', 10) || 0;
}

/** The ReplicaSet that a Deployment needs for its template. */
export function makeNew(deployment: Deployment, revision: number, replicas: number): ReplicaSet {
  const { metadata, spec, status } = deployment;
  const hash = templateHash(spec.template, status?.collisionCount);
  const labels = { ...spec.template.metadata?.labels, [hashLabel]: hash };
  const selector = { ...spec.selector, matchLabels: { ...spec.selector?.matchLabels, [hashLabel]: hash } };
  return {
    apiVersion: 'apps/v1', kind: 'ReplicaSet',
    metadata: {
      name: `${metadata.name}-${hash}`, ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }), labels,
      annotations: { ...inherited(deployment), [revisionAnnotation]: String(revision), ...sizeAnnotations(deployment) },
      ownerReferences: [controllerReference(deploymentKind, deployment)],
    },
    spec: {
      replicas, ...(spec.minReadySeconds ? { minReadySeconds: spec.minReadySeconds } : {}),
      selector, template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
    status: { replicas: 0 },
  };
}

/** The annotations and minReadySeconds that the new ReplicaSet should have; undefined when it has them. */
export function refreshed(deployment: Deployment, set: ReplicaSet, revision: number): ReplicaSet | undefined {
  const before = set.metadata.annotations ?? {};
  const annotations: Record<string, string> = { ...before, ...inherited(deployment), ...sizeAnnotations(deployment) };
  const own = revisionOf(set);
  if (own < revision) {
    annotations[revisionAnnotation] = String(revision);
    if (own > 0) annotations[historyAnnotation] = before[historyAnnotation] ? `${before[historyAnnotation]},${own}` : String(own);
  }
  const { minReadySeconds: _, ...spec } = set.spec!;
  const { minReadySeconds = 0 } = deployment.spec;
  if (equal(annotations, before) && (set.spec?.minReadySeconds ?? 0) === minReadySeconds) return undefined;
  return { ...set, metadata: { ...set.metadata, annotations }, spec: { ...spec, ...(minReadySeconds ? { minReadySeconds } : {}) } };
}

function inherited({ metadata }: Deployment): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([name]) => !notInherited.has(name)));
}

/** The old ReplicaSets beyond revisionHistoryLimit that nothing depends on, oldest revision first. */
export function surplusHistory({ spec }: Deployment, old: readonly ReplicaSet[]): ReplicaSet[] {
  const limit = spec.revisionHistoryLimit ?? 10;
  const alive = old.filter(({ metadata }) => !metadata.deletionTimestamp).sort((a, b) => revisionOf(a) - revisionOf(b));
  return alive.slice(0, Math.max(0, alive.length - limit)).filter(({ metadata, spec: own, status }) =>
    (status?.replicas ?? 0) === 0 && own?.replicas === 0 && (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0));
}
