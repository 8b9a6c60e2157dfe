/** Jobs (pkg/apis/batch/validation: ValidateJob, ValidateJobUpdate). */
import {
  PodFailurePolicy, SuccessPolicy, type Job, type JobSpec,
} from '../../schema/batch/v1.ts';
import { PodSpec as PodSpecType, PodTemplateSpec as PodTemplateType, type Container, type PodSpec, type PodTemplateSpec } from '../../schema/core/v1.ts';
import type { StructRef } from '../../schema/builders.ts';
import { fromLabelSelector, LabelSelectorError, type LabelSelectorObject } from '../../schema/values/label-selector.ts';
import { copy } from '../../lib/json.ts';
import { RawValue, goJson } from '../../lib/go-format.ts';
import { asSent } from '../codec/emptied.ts';
import { invalid, required, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { validateJobSpec } from './job-spec.ts';
import { validateLabelSelector } from './labels.ts';
import { dns1123Label } from './names.ts';
import { fieldIsImmutable, validateImmutable } from './rules.ts';
import { semanticEqual } from './semantic-equal.ts';
import { selectorMismatch } from './workloads.ts';

export const jobNameLabels = ['job-name', 'batch.kubernetes.io/job-name'] as const;
export const controllerUidLabels = ['controller-uid', 'batch.kubernetes.io/controller-uid'] as const;

export function validateJob(job: Job, errors: FieldError[]): void {
  validateGeneratedSelector(job, errors);
  validateSelectedSpec(job.spec!, errors);
  const { completionMode, completions = 0 } = job.spec!;
  if (completionMode !== 'Indexed' || completions <= 0) return;
  const hostname = `${job.metadata?.name}-${completions - 1}`;
  if (dns1123Label(hostname).length > 0) {
    errors.push(invalid('metadata.name', job.metadata?.name, `will not able to create pod with invalid DNS label: ${hostname}`));
  }
}

/** Unless the user selects Pods, the labels that the server generates must be there. */
function validateGeneratedSelector({ metadata, spec }: Job, errors: FieldError[]): void {
  const { manualSelector, selector, template } = spec!;
  if (manualSelector || !selector) return;
  const { uid = '', name = '' } = metadata!;
  const expected: Record<string, string> = {};
  for (const i of [0, 1] as const) {
    expected[controllerUidLabels[i]] = uid;
    expected[jobNameLabels[i]] = name;
  }
  const labels = template.metadata?.labels ?? {};
  for (const label of Object.keys(expected)) {
    const path = `spec.template.metadata.labels[${label}]`;
    const text = `must be '${expected[label]}'`;
    if (!Object.hasOwn(labels, label)) errors.push(required(path, text));
    else if (labels[label] !== expected[label]) errors.push(invalid(path, labels, text));
  }
  if (matches(selector, expected) === false) errors.push(invalid('spec.selector', selector, '`selector` not auto-generated'));
}

function validateSelectedSpec(spec: JobSpec, errors: FieldError[]): void {
  validateJobSpec(spec, 'spec', errors);
  const { selector, template } = spec;
  if (!selector) errors.push(required('spec.selector'));
  else validateLabelSelector(selector, 'spec.selector', errors);
  if (matches(selector, template.metadata?.labels) === false) {
    errors.push(invalid('spec.template.metadata.labels', asSent(template.metadata, 'labels'), selectorMismatch));
  }
}

/** Undefined when the selector is none; a missing one matches nothing. */
function matches(selector: JobSpec['selector'], labels: Readonly<Record<string, string>> | undefined): boolean | undefined {
  try {
    return fromLabelSelector(selector as LabelSelectorObject | undefined)?.matches(labels) ?? false;
  } catch (error) {
    if (error instanceof LabelSelectorError) return undefined;
    throw error;
  }
}

/** The spec again, and what of it may not change. */
export function validateJobUpdate({ spec: next }: Job, old: Job, errors: FieldError[]): void {
  const spec = next!;
  const before = old.spec!;
  validateSelectedSpec(spec, errors);
  validateCompletionsUpdate(spec, before, errors);
  validateImmutable(spec.selector, before.selector, 'spec.selector', errors);
  validateTemplateUpdate(spec.template, old, errors);
  validateImmutable(spec.completionMode, before.completionMode, 'spec.completionMode', errors);
  validateSame(PodFailurePolicy, spec.podFailurePolicy, before.podFailurePolicy, 'spec.podFailurePolicy', errors);
  validateImmutable(spec.backoffLimitPerIndex, before.backoffLimitPerIndex, 'spec.backoffLimitPerIndex', errors);
  validateImmutable(spec.managedBy, before.managedBy, 'spec.managedBy', errors);
  validateSame(SuccessPolicy, spec.successPolicy, before.successPolicy, 'spec.successPolicy', errors);
}

/** Structs are printed in their internal form. */
function validateSame(ref: StructRef, next: object | undefined, old: object | undefined, path: string, errors: FieldError[]): void {
  if (semanticEqual(ref, next, old)) return;
  errors.push(invalid(path, next && new RawValue(goJson(internalForm(ref, next))), fieldIsImmutable));
}

function validateCompletionsUpdate(next: JobSpec, old: JobSpec, errors: FieldError[]): void {
  if (next.completionMode !== 'Indexed') validateImmutable(next.completions, old.completions, 'spec.completions', errors);
  else if (next.completions !== undefined && next.completions !== old.completions && next.completions !== next.parallelism) {
    errors.push(invalid('spec.completions', next.completions, 'can only be modified in tandem with spec.parallelism'));
  }
}

/** A suspended Job without active Pods may be told anew where its Pods run and what they need. */
function validateTemplateUpdate(next: PodTemplateSpec, { spec, status }: Job, errors: FieldError[]): void {
  const old = spec!.template;
  const isSuspended = status?.conditions?.some(({ type, status: value }) => type === 'Suspended' && value === 'True') ?? false;
  if (!spec!.suspend || (status?.startTime !== undefined && !isSuspended) || status?.active) {
    validateSame(PodTemplateType, next, old, 'spec.template', errors);
    return;
  }
  const allowed = withScheduling(old.spec, next.spec);
  for (const list of ['containers', 'initContainers'] as const) takeResources(allowed[list], next.spec[list]);
  validateSame(PodSpecType, next.spec, allowed, 'spec.template.spec', errors);
}

function withScheduling(old: PodSpec, next: PodSpec): PodSpec {
  const allowed = copy(old);
  for (const member of ['nodeSelector', 'tolerations', 'schedulingGates'] as const) {
    if (next[member] === undefined) delete allowed[member];
    else Object.assign(allowed, { [member]: next[member] });
  }
  const { nodeAffinity: _, ...others } = allowed.affinity ?? {};
  const nodeAffinity = next.affinity?.nodeAffinity;
  const affinity = { ...(nodeAffinity ? { nodeAffinity } : {}), ...others };
  if (Object.keys(affinity).length > 0 || next.affinity) allowed.affinity = affinity;
  else delete allowed.affinity;
  return allowed;
}

function takeResources(containers: Container[] | undefined, next: readonly Container[] | undefined): void {
  if (containers?.length !== next?.length) return;
  containers?.forEach((container, i) => {
    const { name, resources } = next![i]!;
    if (container.name !== name) return;
    container.resources = resources;
  });
}
