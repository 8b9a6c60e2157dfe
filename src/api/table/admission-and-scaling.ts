/** Rows of webhooks and admission policies, and of HorizontalPodAutoscalers in both versions. */
import type {
  MutatingAdmissionPolicy, MutatingAdmissionPolicyBinding, MutatingWebhookConfiguration, ValidatingAdmissionPolicy,
} from '../../schema/admissionregistration/v1.ts';
import type { HorizontalPodAutoscaler as HorizontalPodAutoscalerV1, Scale } from '../../schema/autoscaling/v1.ts';
import type { HorizontalPodAutoscaler, MetricSpec, MetricStatus } from '../../schema/autoscaling/v2.ts';
import type { LabelSelector } from '../../schema/meta/v1.ts';
import { ageOf, nameOf, printer, type Loose, type Printers } from './cells.ts';

const webhooks = printer<MutatingWebhookConfiguration>((config, now) => [nameOf(config), config.webhooks?.length ?? 0, ageOf(config, now)]);
const binding = printer<MutatingAdmissionPolicyBinding>((object, now) => [
  nameOf(object), object.spec?.policyName ?? '', paramRefText(object), ageOf(object, now),
]);

export const admissionPrinters: Printers = {
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': webhooks,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': webhooks,
  'admissionregistration.k8s.io/MutatingAdmissionPolicyBinding': binding,
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding': binding,
  'admissionregistration.k8s.io/MutatingAdmissionPolicy': printer<MutatingAdmissionPolicy>((policy, now) => [
    nameOf(policy), policy.spec?.mutations?.length ?? 0, paramKindText(policy), ageOf(policy, now),
  ]),
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy': printer<ValidatingAdmissionPolicy>((policy, now) => [
    nameOf(policy), policy.spec?.validations?.length ?? 0, paramKindText(policy), ageOf(policy, now),
  ]),
};

export const autoscalingPrinters: Printers = {
  'autoscaling/Scale': printer<Scale>((scale, now) => [nameOf(scale), scale.spec?.replicas ?? 0, scale.status?.replicas ?? 0, ageOf(scale, now)]),
  'autoscaling/HorizontalPodAutoscaler': printer<HorizontalPodAutoscaler & HorizontalPodAutoscalerV1>((scaler, now) => {
    const { spec, status } = scaler;
    const { metrics, current } = metricsOf(scaler);
    return [
      nameOf(scaler), `${spec?.scaleTargetRef?.kind ?? ''}/${spec?.scaleTargetRef?.name ?? ''}`, metricsText(metrics, current),
      typeof spec?.minReplicas === 'number' ? String(spec.minReplicas) : '<unset>', spec?.maxReplicas ?? 0,
      status?.currentReplicas ?? 0, ageOf(scaler, now),
    ];
  }),
};

type Metrics = readonly Loose<MetricSpec>[];
type CurrentMetrics = readonly (Loose<MetricStatus> | undefined)[];

/** autoscaling/v1 knows the CPU's utilization alone, under names of its own. */
function metricsOf({ spec, status }: Loose<HorizontalPodAutoscaler & HorizontalPodAutoscalerV1>): { metrics: Metrics; current: CurrentMetrics } {
  const target = spec?.targetCPUUtilizationPercentage;
  if (typeof target !== 'number') return { metrics: spec?.metrics ?? [], current: status?.currentMetrics ?? [] };
  const used = status?.currentCPUUtilizationPercentage;
  return {
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { averageUtilization: target } } }],
    current: typeof used === 'number' ? [{ type: 'Resource', resource: { current: { averageUtilization: used } } }] : [],
  };
}

/** The first two metrics, and how many more there are. */
function metricsText(metrics: Metrics, current: CurrentMetrics): string {
  if (metrics.length === 0) return '<none>';
  const text = metrics.slice(0, 2).map((metric, i) => metricText(metric, current[i])).join(', ');
  return metrics.length > 2 ? `${text} + ${metrics.length - 2} more...` : text;
}

function metricText(metric: Loose<MetricSpec>, status: Loose<MetricStatus> | undefined): string {
  switch (metric.type) {
    case 'External': return valueText(metric.external?.target, status?.external?.current);
    case 'Object': return valueText(metric.object?.target, status?.object?.current);
    case 'Pods': return `${status?.pods?.current?.averageValue ?? '<unknown>'}/${metric.pods?.target?.averageValue ?? ''}`;
    case 'Resource': return `${metric.resource?.name ?? ''}: ${resourceText(metric.resource?.target, status?.resource?.current)}`;
    case 'ContainerResource':
      return `${metric.containerResource?.name ?? ''}: ${resourceText(metric.containerResource?.target, status?.containerResource?.current)}`;
    default: return '<unknown type>';
  }
}

type Amounts = { readonly value?: string | null; readonly averageValue?: string | null; readonly averageUtilization?: number | null } | null | undefined;

function valueText(target: Amounts, current: Amounts): string {
  if (target?.averageValue) return `${current?.averageValue ?? '<unknown>'}/${target.averageValue} (avg)`;
  return `${current?.value ?? '<unknown>'}/${target?.value ?? ''}`;
}

function resourceText(target: Amounts, current: Amounts): string {
  if (target?.averageValue) return `${current?.averageValue ?? '<unknown>'}/${target.averageValue}`;
  const percent = (amount: number | null | undefined, absent: string) => (typeof amount === 'number' ? `${amount}%` : absent);
  return `${percent(current?.averageUtilization, '<unknown>')}/${percent(target?.averageUtilization, '<auto>')}`;
}

function paramKindText({ spec }: Loose<MutatingAdmissionPolicy> | Loose<ValidatingAdmissionPolicy>): string {
  const kind = spec?.paramKind;
  return kind ? `${kind.apiVersion ?? ''}/${kind.kind ?? ''}` : '<unset>';
}

function paramRefText({ spec }: Loose<MutatingAdmissionPolicyBinding>): string {
  const ref = spec?.paramRef;
  if (ref?.name) return `${ref.namespace || '*'}/${ref.name}`;
  return ref?.selector ? goSelector(ref.selector) : '<unset>';
}

/** A LabelSelector as Go prints the struct; upstream shows it so. */
function goSelector({ matchLabels, matchExpressions }: Loose<LabelSelector>): string {
  const labels = Object.keys(matchLabels ?? {}).sort().map((key) => `${key}: ${matchLabels![key]},`).join('');
  const expressions = (matchExpressions ?? []).map(({ key, operator, values }) =>
    `LabelSelectorRequirement{Key:${key ?? ''},Operator:${operator ?? ''},Values:[${(values ?? []).join(' ')}],},`).join('');
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{${expressions}},}`;
}
