/** Defaults of the workload kinds (pkg/apis/apps, batch and autoscaling, defaults.go). */
import { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../../schema/apps/v1.ts';
import { HorizontalPodAutoscaler as HorizontalPodAutoscalerV1 } from '../../schema/autoscaling/v1.ts';
import { HorizontalPodAutoscaler, type HPAScalingRules } from '../../schema/autoscaling/v2.ts';
import { CronJob, Job, PodFailurePolicyOnPodConditionsPattern } from '../../schema/batch/v1.ts';
import { ReplicationController } from '../../schema/core/v1.ts';
import { asSent } from '../codec/emptied.ts';
import { rule, type Rule } from './rule.ts';

const defaultRevisions = 10;
const defaultProgressSeconds = 600;
const defaultCpuUtilization = 80;
const int32Max = 2 ** 31 - 1;

export const workloadDefaults: readonly Rule[] = [
  rule(Deployment, ({ spec }) => {
    spec.replicas ??= 1;
    const { strategy } = spec;
    strategy.type ??= 'RollingUpdate';
    if (strategy.type === 'RollingUpdate') {
      strategy.rollingUpdate ??= {};
      strategy.rollingUpdate.maxUnavailable ??= '25%';
      strategy.rollingUpdate.maxSurge ??= '25%';
    }
    spec.revisionHistoryLimit ??= defaultRevisions;
    spec.progressDeadlineSeconds ??= defaultProgressSeconds;
  }),
  rule(ReplicaSet, ({ spec }) => {
    spec.replicas ??= 1;
  }),
  rule(StatefulSet, ({ spec }) => {
    spec.podManagementPolicy ??= 'OrderedReady';
    defaultStatefulSetUpdates(spec.updateStrategy);
    const retention = (spec.persistentVolumeClaimRetentionPolicy ??= {});
    retention.whenDeleted ??= 'Retain';
    retention.whenScaled ??= 'Retain';
    spec.replicas ??= 1;
    spec.revisionHistoryLimit ??= defaultRevisions;
  }),
  rule(DaemonSet, ({ spec }) => {
    const { updateStrategy } = spec;
    updateStrategy.type ??= 'RollingUpdate';
    if (updateStrategy.type === 'RollingUpdate') {
      updateStrategy.rollingUpdate ??= {};
      updateStrategy.rollingUpdate.maxUnavailable ??= 1;
      updateStrategy.rollingUpdate.maxSurge ??= 0;
    }
    spec.revisionHistoryLimit ??= defaultRevisions;
  }),
  rule(ReplicationController, ({ metadata, spec }) => {
    const labels = spec.template?.metadata.labels;
    if (!labels) return;
    if (isEmpty(spec.selector)) spec.selector = { ...labels };
    if (isEmpty(metadata.labels)) metadata.labels = { ...labels };
  }),
  rule(Job, ({ metadata, spec }) => {
    if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
    spec.parallelism ??= 1;
    spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : int32Max;
    const { labels } = spec.template.metadata;
    if (labels && isEmpty(metadata.labels)) metadata.labels = labels; // The very same map: see api/resources/jobs.ts.
    spec.completionMode ??= 'NonIndexed';
    spec.suspend ??= false;
    spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed';
    spec.manualSelector ??= false;
  }),
  rule(PodFailurePolicyOnPodConditionsPattern, (pattern) => {
    pattern.status ||= 'True';
  }),
  rule(CronJob, ({ spec }) => {
    spec.concurrencyPolicy ??= 'Allow';
    spec.suspend ??= false;
    spec.successfulJobsHistoryLimit ??= 3;
    spec.failedJobsHistoryLimit ??= 1;
  }),
  rule(HorizontalPodAutoscalerV1, ({ spec }) => {
    spec.minReplicas ??= 1;
  }),
  rule(HorizontalPodAutoscaler, ({ spec }) => {
    spec.minReplicas ??= 1;
    if ((spec.metrics ?? []).length === 0) {
      const target = { type: 'Utilization', averageUtilization: defaultCpuUtilization };
      spec.metrics = [{ type: 'Resource', resource: { name: 'cpu', target } }];
    }
    if (!spec.behavior) return;
    spec.behavior.scaleUp = scalingRules(spec.behavior.scaleUp, defaultScaleUp());
    spec.behavior.scaleDown = scalingRules(spec.behavior.scaleDown, defaultScaleDown());
  }),
];

/** An empty list of policies was sent on purpose: it is not filled, and refused later. */
function scalingRules(sent: HPAScalingRules | undefined, defaults: HPAScalingRules): HPAScalingRules {
  const rules = { ...defaults, ...sent };
  if (sent && !sent.policies && asSent(sent, 'policies') !== null) delete rules.policies;
  return rules;
}

const defaultScaleUp = () => ({
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, { type: 'Percent', value: 100, periodSeconds: 15 }],
});
const defaultScaleDown = () => ({ selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] });

/** An explicit type RollingUpdate leaves `rollingUpdate` absent; an implicit one fills it. */
function defaultStatefulSetUpdates(strategy: StatefulSet['spec']['updateStrategy']): void {
  if (strategy.type === undefined) {
    strategy.type = 'RollingUpdate';
    strategy.rollingUpdate ??= {};
  }
  if (strategy.type === 'RollingUpdate' && strategy.rollingUpdate) strategy.rollingUpdate.partition ??= 0;
}

const isEmpty = (map: Record<string, string> | undefined): boolean => Object.keys(map ?? {}).length === 0;
