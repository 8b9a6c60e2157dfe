/** Rows of what makes Pods: Deployments and their like, Jobs and CronJobs. */
import type { ControllerRevision, DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../../schema/apps/v1.ts';
import type { CronJob, Job } from '../../schema/batch/v1.ts';
import type { PodTemplate, ReplicationController } from '../../schema/core/v1.ts';
import type { LabelSelector } from '../../schema/meta/v1.ts';
import { parseApiVersion } from '../../schema/objects.ts';
import { humanDuration } from '../../schema/values/duration.ts';
import { formatLabelSelector, fromLabelSelector, LabelSelectorError, type LabelSelectorObject } from '../../schema/values/label-selector.ts';
import { timeToMs } from '../../schema/values/time.ts';
import { age, ageOf, conditionStatus, containerCells, labelsText, nameOf, printer, type Loose, type Printers } from './cells.ts';

export const workloadPrinters: Printers = {
  'apps/Deployment': printer<Deployment>((deployment, now) => {
    const { spec, status } = deployment;
    return [
      nameOf(deployment), `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`, status?.updatedReplicas ?? 0, status?.availableReplicas ?? 0,
      ageOf(deployment, now), ...containerCells(spec?.template?.spec), deploymentSelector(spec?.selector),
    ];
  }),
  'apps/ReplicaSet': printer<ReplicaSet>((set, now) => [
    nameOf(set), set.spec?.replicas ?? 0, set.status?.replicas ?? 0, set.status?.readyReplicas ?? 0,
    ageOf(set, now), ...containerCells(set.spec?.template?.spec), selectorText(set.spec?.selector),
  ]),
  '/ReplicationController': printer<ReplicationController>((controller, now) => [
    nameOf(controller), controller.spec?.replicas ?? 0, controller.status?.replicas ?? 0, controller.status?.readyReplicas ?? 0,
    ageOf(controller, now), ...containerCells(controller.spec?.template?.spec), labelsText(controller.spec?.selector),
  ]),
  'apps/StatefulSet': printer<StatefulSet>((set, now) => [
    nameOf(set), `${set.status?.readyReplicas ?? 0}/${set.spec?.replicas ?? 0}`, ageOf(set, now), ...containerCells(set.spec?.template?.spec),
  ]),
  'apps/DaemonSet': printer<DaemonSet>((set, now) => {
    const { spec, status } = set;
    return [
      nameOf(set), status?.desiredNumberScheduled ?? 0, status?.currentNumberScheduled ?? 0, status?.numberReady ?? 0,
      status?.updatedNumberScheduled ?? 0, status?.numberAvailable ?? 0, labelsText(spec?.template?.spec?.nodeSelector),
      ageOf(set, now), ...containerCells(spec?.template?.spec), selectorText(spec?.selector),
    ];
  }),
  'apps/ControllerRevision': printer<ControllerRevision>((revision, now) => [
    nameOf(revision), controllerOf(revision), revision.revision ?? 0, ageOf(revision, now),
  ]),
  '/PodTemplate': printer<PodTemplate>((template) => [
    nameOf(template), ...containerCells(template.template?.spec), labelsText(template.template?.metadata?.labels),
  ]),
  'batch/Job': printer<Job>((job, now) => [
    nameOf(job), jobStatus(job), jobCompletions(job), jobDuration(job, now),
    ageOf(job, now), ...containerCells(job.spec?.template?.spec), selectorText(job.spec?.selector),
  ]),
  'batch/CronJob': printer<CronJob>((cron, now) => {
    const { spec, status } = cron;
    const job = spec?.jobTemplate?.spec;
    return [
      nameOf(cron), spec?.schedule ?? '', spec?.timeZone ?? '<none>', printBoolean(spec?.suspend), status?.active?.length ?? 0,
      status?.lastScheduleTime ? age(status.lastScheduleTime, now) : '<none>',
      ageOf(cron, now), ...containerCells(job?.template?.spec), selectorText(job?.selector),
    ];
  }),
};

function selectorText(selector: Loose<LabelSelector> | null | undefined): string {
  return formatLabelSelector((selector ?? undefined) as LabelSelectorObject | undefined);
}

function deploymentSelector(selector: Loose<LabelSelector> | null | undefined): string {
  try {
    return fromLabelSelector((selector ?? undefined) as LabelSelectorObject | undefined)?.toString() ?? '';
  } catch (error) {
    if (error instanceof LabelSelectorError) return '<invalid>';
    throw error;
  }
}

/** `statefulset.apps/web` */
function controllerOf(revision: Loose<ControllerRevision>): string {
  const owner = revision.metadata?.ownerReferences?.find((reference) => reference.controller);
  if (!owner) return '<none>';
  const { group } = parseApiVersion(owner.apiVersion ?? '');
  const kind = (owner.kind ?? '').toLowerCase();
  return `${group === '' ? kind : `${kind}.${group}`}/${owner.name ?? ''}`;
}

function jobStatus(job: Loose<Job>): string {
  const holds = (type: string) => conditionStatus(job.status?.conditions, type) === 'True';
  const ended = ['Complete', 'Failed'].find(holds);
  if (ended) return ended;
  if (job.metadata?.deletionTimestamp) return 'Terminating';
  return ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'].find(holds) ?? 'Running';
}

function jobCompletions({ spec, status }: Loose<Job>): string {
  const succeeded = status?.succeeded ?? 0;
  if (typeof spec?.completions === 'number') return `${succeeded}/${spec.completions}`;
  const parallelism = spec?.parallelism ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration({ status }: Loose<Job>, now: number): string {
  if (!status?.startTime) return '';
  const endMs = status.completionTime ? timeToMs(status.completionTime) : now;
  return humanDuration((endMs - timeToMs(status.startTime)) / 1000);
}

function printBoolean(value: boolean | null | undefined): string {
  if (typeof value !== 'boolean') return '<unset>';
  return value ? 'True' : 'False';
}

