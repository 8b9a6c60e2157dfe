/** What podFailurePolicy and successPolicy of a Job decide (pkg/controller/job/{pod_failure_policy,success_policy}.go). Pure. */
import type { Job, PodFailurePolicyOnExitCodesRequirement } from '../../schema/batch/v1.ts';
import type { ContainerStatus, Pod } from '../../schema/core/v1.ts';
import { countCommon, countIndexes, parseIndexes, type Indexes } from './job-indexes.ts';

export interface FailureVerdict {
  readonly action?: string;
  /** Why the whole Job fails. */
  readonly message?: string;
  /** Whether the failure counts towards backoffLimit. */
  readonly counts: boolean;
}

/** What the first matching rule says of a failed Pod. */
export function judgeFailure({ spec }: Job, pod: Pod): FailureVerdict {
  const { namespace, name } = pod.metadata;
  for (const [index, { action, onExitCodes, onPodConditions }] of (spec?.podFailurePolicy?.rules ?? []).entries()) {
    const container = onExitCodes ? findExit(pod, onExitCodes) : undefined;
    const condition = !onExitCodes && onPodConditions
      ? pod.status?.conditions?.find(({ type, status }) => onPodConditions.some((pattern) => pattern.type === type && pattern.status === status))
      : undefined;
    if (!container && !condition) continue;
    const what = container
      ? `Container ${container.name} for pod ${namespace}/${name} failed with exit code ${container.state?.terminated?.exitCode ?? 0}`
      : `Pod ${namespace}/${name} has condition ${condition!.type}`;
    return {
      action, counts: action !== 'Ignore',
      ...(action === 'FailJob' ? { message: `${what} matching ${action} rule at index ${index}` } : {}),
    };
  }
  return { counts: true };
}

function findExit({ status }: Pod, { containerName, operator, values }: PodFailurePolicyOnExitCodesRequirement): ContainerStatus | undefined {
  return [...(status?.containerStatuses ?? []), ...(status?.initContainerStatuses ?? [])].find(({ name, state }) => {
    const code = state?.terminated?.exitCode ?? 0;
    if (code === 0 || (containerName && containerName !== name)) return false;
    return (values ?? []).includes(code) === (operator === 'In');
  });
}

/** Why the Job has succeeded although indexes are missing; undefined when it has not. */
export function judgeSuccess({ spec }: Job, succeeded: Indexes): string | undefined {
  if (succeeded.length === 0) return undefined;
  const rule = (spec?.successPolicy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    const enough = (done: number) => succeededCount !== undefined && succeededCount !== null && done >= succeededCount;
    if (succeededIndexes === undefined || succeededIndexes === null) return enough(countIndexes(succeeded));
    const required = parseIndexes(succeededIndexes, spec?.completions ?? 0);
    const done = countCommon(required, succeeded);
    return required.length > 0 && (done === countIndexes(required) || enough(done));
  });
  return rule < 0 ? undefined : `Matched rules at index ${rule}`;
}
