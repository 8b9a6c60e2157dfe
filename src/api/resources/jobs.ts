/** Jobs and CronJobs (pkg/registry/batch): a Job selects its Pods by its own uid, unless it says how. */
import type { CronJob, Job } from '../../schema/batch/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import { validateCronJob, validateCronJobUpdate } from '../validation/cron-job.ts';
import { controllerUidLabels, jobNameLabels, validateJob, validateJobUpdate } from '../validation/job.ts';
import { validateJobStatus } from '../validation/job-status.ts';
import { keysOf } from '../validation/rules.ts';
import { templatedStrategy, type TemplatePlace } from './workloads.ts';

const asJob = (object: KubeObject): Job => object as unknown as Job;
const asCronJob = (object: KubeObject): CronJob => object as unknown as CronJob;

const uidLabel = controllerUidLabels[1];
const orphansByDefault = 'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set '
  + 'propagationPolicy=Orphan to suppress this warning';

const zoneInSchedule = 'cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see '
  + 'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details';

export function jobStrategy(facts: ResourceFacts): Strategy {
  const generic = templatedStrategy(facts, {
    object: (object, errors) => validateJob(asJob(object), errors),
    update: (next, old, errors) => validateJobUpdate(asJob(next), asJob(old), errors),
    status: (next, old, errors) => validateJobStatus(asJob(next), asJob(old), errors),
    updateSteps: ['metadata', 'object', 'change', 'update'],
  });
  return {
    ...generic,
    convert: (object) => {
      generic.convert?.(object);
      shareTemplateLabels(asJob(object));
    },
    prepareForCreate: (object, context) => {
      generic.prepareForCreate?.(object, context);
      generateSelector(asJob(object));
    },
    selectableFields: (object) => ({ 'status.successful': String(asJob(object).status?.succeeded ?? 0) }),
    warningsOnDelete: ({ orphanDependents, propagationPolicy }) =>
      (orphanDependents === undefined && propagationPolicy === undefined ? [orphansByDefault] : []),
  };
}

/** A Job without labels takes those of its template (defaults of batch/v1): the very same map, so it gets what that gets. */
function shareTemplateLabels({ metadata, spec }: Job): void {
  const labels = spec?.template.metadata?.labels;
  if (labels && metadata && !metadata.labels && Object.keys(labels).length > 0) metadata.labels = labels;
}

function generateSelector(job: Job): void {
  const { metadata, spec } = job;
  if (!spec || spec.manualSelector) return;
  const templateMeta = (spec.template.metadata ??= {});
  const labels: Record<string, string> = { ...templateMeta.labels };
  for (const label of jobNameLabels) labels[label] ??= metadata!.name ?? '';
  for (const label of controllerUidLabels) labels[label] ??= metadata!.uid!;
  // In order, as a cause about them prints them.
  const shared = templateMeta.labels !== undefined && templateMeta.labels === metadata!.labels;
  templateMeta.labels = Object.fromEntries(keysOf(labels).map((label) => [label, labels[label]!]));
  if (shared) metadata!.labels = templateMeta.labels;
  const selector = (spec.selector ??= {});
  selector.matchLabels = { ...selector.matchLabels };
  selector.matchLabels[uidLabel] ??= metadata!.uid!;
  // Upstream defaults the labels again when it converts the object for the store.
  shareTemplateLabels(job);
}

const inJobTemplate: TemplatePlace = { path: 'spec.jobTemplate.spec.template', of: (object) => asCronJob(object).spec?.jobTemplate.spec?.template };

export function cronJobStrategy(facts: ResourceFacts): Strategy {
  const generic = templatedStrategy(facts, {
    object: (object, errors) => validateCronJob(asCronJob(object), errors),
    update: (next, old, errors) => validateCronJobUpdate(asCronJob(next), asCronJob(old), errors),
    updateSteps: ['change', 'update'],
  }, {}, inJobTemplate);
  return {
    ...generic,
    warningsOnUpdate: (next, old) => [...generic.warningsOnUpdate!(next, old), ...(asCronJob(next).spec?.schedule.includes('TZ') ? [zoneInSchedule] : [])],
  };
}
