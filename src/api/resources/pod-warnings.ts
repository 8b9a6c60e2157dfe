/** Warnings on creating Pods and templates of pods: accepted, but not what was meant (pkg/api/pod/warnings.go). */
import type { Container, NodeSelectorTerm, Pod, PodSpec, PodTemplateSpec } from '../../schema/core/v1.ts';
import { quote } from '../../lib/go-format.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import { warningsForIP } from '../validation/ip-addresses.ts';
import { labelValue } from '../validation/names.ts';
import { annotation, appArmorContainerPrefix, seccompContainerPrefix, seccompPodAnnotation, type Annotations } from '../validation/pod/annotations.ts';
import { containersOf } from '../validation/pod/containers-of.ts';
import { isFractional } from '../validation/resource-names.ts';
import { keysOf } from '../validation/rules.ts';
import { appArmorWarnings } from './pod-app-armor.ts';
import { portWarnings } from './pod-port-warnings.ts';
import { volumeWarnings } from './pod-volume-warnings.ts';

const deprecatedNodeLabels = new Map([
  ['beta.kubernetes.io/arch', 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ['beta.kubernetes.io/os', 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  ['failure-domain.beta.kubernetes.io/region', 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
  ['failure-domain.beta.kubernetes.io/zone', 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
  ['beta.kubernetes.io/instance-type', 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
  ['app.kubernetes.io/created-by', 'deprecated since v1.9'],
  ['scheduler.alpha.kubernetes.io/preferAvoidPods', 'deprecated since v1.22; use Taints and Tolerations instead'],
  ['node-role.kubernetes.io/master', 'use "node-role.kubernetes.io/control-plane" instead'],
]);
const deprecatedAnnotations: readonly (readonly [name: string, text: string])[] = [
  ['scheduler.alpha.kubernetes.io/critical-pod', 'non-functional in v1.16+; use the "priorityClassName" field instead'],
  ['security.alpha.kubernetes.io/sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'non-functional in v1.11+; use the "sysctls" field instead'],
];
const nullSelector = 'a null labelSelector results in matching no pod';
const useSeccompField = 'non-functional in v1.27+; use the "seccompProfile" field instead';

export function warningsForPod(pod: Pod): string[] {
  return [...appArmorWarnings(pod), ...specWarnings(pod.spec, pod.metadata.annotations, '')];
}

/** `path` is that of the template, such as `spec.template`. */
export function warningsForPodTemplate(template: PodTemplateSpec, path: string): string[] {
  return specWarnings(template.spec, template.metadata?.annotations, `${path}.`);
}

/** `root` ends in a dot unless it is empty. */
function specWarnings(spec: PodSpec, annotations: Annotations, root: string): string[] {
  const path = `${root}spec`;
  const warnings = [
    ...nodeLabelWarnings(spec, path),
    ...deprecatedAnnotations.filter(([name]) => annotation(annotations, name) !== undefined)
      .map(([name, text]) => `${root}metadata.annotations[${name}]: ${text}`),
    ...volumeWarnings(spec.volumes ?? [], `${path}.volumes`),
    ...duplicates(spec.hostAliases ?? [], ({ ip }) => ip, (i, ip) => `${path}.hostAliases[${i}].ip: duplicate ip ${quote(ip)}`),
    ...duplicates(spec.imagePullSecrets ?? [], ({ name = '' }) => name,
      (i, name) => `${path}.imagePullSecrets[${i}].name: duplicate name ${quote(name)}`),
  ];
  spec.imagePullSecrets?.forEach(({ name }, i) => {
    if (!name) warnings.push(`${path}.imagePullSecrets[${i}].name: invalid empty name ""`);
  });
  warnings.push(...fractionWarnings(spec.overhead, `${path}.overhead`));
  if (!spec.securityContext?.seccompProfile && annotation(annotations, seccompPodAnnotation) !== undefined) {
    warnings.push(`${root}metadata.annotations[${seccompPodAnnotation}]: ${useSeccompField}`);
  }
  for (const [container, at] of containersOf(spec, path)) {
    warnings.push(...containerWarnings(container, spec, annotations, at, root));
  }
  warnings.push(...portWarnings(spec, path));
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    warnings.push(`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`);
  }
  warnings.push(...podAffinityWarnings(spec, `${path}.affinity`));
  spec.dnsConfig?.nameservers?.forEach((ip, i) => warnings.push(...warningsForIP(ip, `${path}.dnsConfig.nameservers[${i}]`)));
  spec.hostAliases?.forEach(({ ip }, i) => warnings.push(...warningsForIP(ip, `${path}.hostAliases[${i}].ip`)));
  return warnings;
}

/** One warning for each item whose key an earlier item has. */
function duplicates<T>(items: readonly T[], keyOf: (item: T) => string, text: (index: number, key: string) => string): string[] {
  const seen = new Set<string>();
  return items.flatMap((item, i) => {
    const key = keyOf(item);
    if (seen.has(key)) return [text(i, key)];
    seen.add(key);
    return [];
  });
}

function nodeLabelWarnings(spec: PodSpec, path: string): string[] {
  const warnings = keysOf(spec.nodeSelector).filter((label) => deprecatedNodeLabels.has(label))
    .map((label) => `${path}.nodeSelector[${label}]: ${deprecatedNodeLabels.get(label)}`);
  const affinity = spec.affinity?.nodeAffinity;
  const at = `${path}.affinity.nodeAffinity`;
  affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms?.forEach((term, i) => warnings.push(
    ...nodeTermWarnings(term, false, `${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${i}]`)));
  affinity?.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ preference }, i) => warnings.push(
    ...nodeTermWarnings(preference, true, `${at}.preferredDuringSchedulingIgnoredDuringExecution[${i}].preference`)));
  spec.topologySpreadConstraints?.forEach(({ topologyKey, labelSelector }, i) => {
    const constraint = `${path}.topologySpreadConstraints[${i}]`;
    const text = deprecatedNodeLabels.get(topologyKey);
    if (text) warnings.push(`${constraint}.topologyKey: ${topologyKey} is ${text}`);
    if (!labelSelector) warnings.push(`${constraint}.labelSelector: ${nullSelector}`);
  });
  return warnings;
}

/** Labels of nodes that have better names today. */
export function nodeTermWarnings(term: NodeSelectorTerm, checkValues: boolean, path: string): string[] {
  return (term.matchExpressions ?? []).flatMap(({ key, values = [] }, i) => {
    const at = `${path}.matchExpressions[${i}]`;
    const text = deprecatedNodeLabels.get(key);
    const impossible = checkValues ? values.flatMap((value, j) =>
      labelValue(value).map((mistake) => `${at}.values[${j}]: ${value} is invalid, ${mistake}`)) : [];
    return [...(text ? [`${at}.key: ${key} is ${text}`] : []), ...impossible];
  });
}

/** Bytes come whole. */
function fractionWarnings(list: Readonly<Record<string, string>> | undefined, path: string): string[] {
  return ['memory', 'ephemeral-storage'].flatMap((name) => {
    const text = list?.[name];
    return text !== undefined && isFractional(parseQuantity(text))
      ? [`${path}[${name}]: fractional byte value ${quote(text)} is invalid, must be an integer`] : [];
  });
}

function containerWarnings(container: Container, spec: PodSpec, annotations: Annotations, path: string, root: string): string[] {
  const warnings: string[] = [];
  const seccomp = seccompContainerPrefix + container.name;
  if (!container.securityContext?.seccompProfile && annotation(annotations, seccomp) !== undefined) {
    warnings.push(`${root}metadata.annotations[${seccomp}]: ${useSeccompField}`);
  }
  // Pods themselves are warned of where the annotation becomes a field.
  const appArmor = appArmorContainerPrefix + container.name;
  if (root !== '' && !container.securityContext?.appArmorProfile && annotation(annotations, appArmor) !== undefined
    && !spec.securityContext?.appArmorProfile) {
    warnings.push(`${root}metadata.annotations[${appArmor}]: deprecated since v1.30; use the "appArmorProfile" field instead`);
  }
  const { limits, requests } = container.resources ?? {};
  for (const name of ['memory', 'ephemeral-storage'] as const) {
    for (const [side, list] of [['limits', limits], ['requests', requests]] as const) {
      if (list?.[name] !== undefined) warnings.push(...fractionWarnings({ [name]: list[name] }, `${path}.resources.${side}`));
    }
  }
  return [...warnings, ...hiddenVariableWarnings(container, path)];
}

/** A later definition of a variable is fine when it builds on the earlier one. */
function hiddenVariableWarnings(container: Container, path: string): string[] {
  const seen = new Set<string>();
  return (container.env ?? []).flatMap(({ name, value = '', valueFrom }, i) => {
    const reference = `$(${name})`;
    const hides = seen.has(name) && (valueFrom !== undefined || value === reference || !value.includes(reference));
    seen.add(name);
    return hides ? [`${path}.env[${i}]: hides previous definition of ${quote(name)}, which may be dropped when using apply`] : [];
  });
}

function podAffinityWarnings(spec: PodSpec, path: string): string[] {
  return (['podAffinity', 'podAntiAffinity'] as const).flatMap((member) => {
    const rules = spec.affinity?.[member];
    const at = `${path}.${member}`;
    const required = rules?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
    const preferred = rules?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    return [
      ...required.flatMap(({ labelSelector }, i) =>
        (labelSelector ? [] : [`${at}.requiredDuringSchedulingIgnoredDuringExecution[${i}].labelSelector: ${nullSelector}`])),
      ...preferred.flatMap(({ podAffinityTerm }, i) => (podAffinityTerm.labelSelector ? []
        : [`${at}.preferredDuringSchedulingIgnoredDuringExecution[${i}].podAffinityTerm.labelSelector: ${nullSelector}`])),
    ];
  });
}
