/** RuntimeClass: the overhead and the nodes that a Pod's runtime needs. */
import type { Pod, Toleration } from '../../schema/core/v1.ts';
import type { RuntimeClass } from '../../schema/node/v1.ts';
import { equal } from '../../lib/json.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import type { AdmissionContext, AdmissionRequest, AdmissionStep } from '../admission.ts';
import { asSent } from '../codec/emptied.ts';
import { plainError } from '../errors.ts';
import { keysOf } from '../validation/rules.ts';
import { createdPod, refusal, unaskable } from './refusal.ts';

type ResourceList = Readonly<Record<string, string>>;

export const runtimeClass: AdmissionStep = {
  name: 'RuntimeClass',
  resources: ['pods'],
  admit(request, context) {
    const pod = createdPod(request);
    const runtime = pod && classOf(pod, request, context);
    if (!runtime) return;
    setOverhead(pod, runtime, request);
    setScheduling(pod, runtime, request);
  },
  validate(request, context) {
    const pod = createdPod(request);
    if (!pod) return;
    const { overhead } = classOf(pod, request, context) ?? {};
    if (overhead && !sameResources(overhead.podFixed ?? {}, pod.spec.overhead ?? {})) throw refusal(request, differentOverhead);
    // An empty map is an overhead, too.
    if (!overhead && asSent(pod.spec, 'overhead')) {
      throw refusal(request, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead');
    }
  },
};

const differentOverhead = "pod rejected: Pod's Overhead doesn't match RuntimeClass's defined Overhead";

function classOf(pod: Pod, request: AdmissionRequest, context: AdmissionContext): RuntimeClass | undefined {
  const name = pod.spec.runtimeClassName;
  if (name === undefined) return undefined;
  const found = context.get('node.k8s.io', 'runtimeclasses', '', name);
  if (!found) {
    const fault = unaskable(name);
    throw fault === undefined ? refusal(request, `pod rejected: RuntimeClass "${name}" not found`) : plainError(fault);
  }
  return found as unknown as RuntimeClass;
}

function setOverhead(pod: Pod, runtime: RuntimeClass, request: AdmissionRequest): void {
  const overhead = runtime.overhead?.podFixed;
  if (!runtime.overhead) return;
  const given = pod.spec.overhead;
  if (given && Object.keys(given).length > 0 && !sameResources(overhead ?? {}, given)) throw refusal(request, differentOverhead);
  if (overhead) pod.spec.overhead = { ...overhead };
}

function sameResources(a: ResourceList, b: ResourceList): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length
    && names.every((name) => Object.hasOwn(b, name) && parseQuantity(a[name]!).cmp(parseQuantity(b[name]!)) === 0);
}

function setScheduling({ spec }: Pod, { scheduling }: RuntimeClass, request: AdmissionRequest): void {
  if (!scheduling) return;
  const selector = scheduling.nodeSelector;
  for (const key of keysOf(selector)) {
    const own = spec.nodeSelector && Object.hasOwn(spec.nodeSelector, key) ? spec.nodeSelector[key] : undefined;
    if (own !== undefined && own !== selector![key]) {
      throw refusal(request, `conflict: runtimeClass.scheduling.nodeSelector[${key}] = ${selector![key]}; `
        + `pod.spec.nodeSelector[${key}] = ${own}`);
    }
  }
  if (selector) spec.nodeSelector = { ...spec.nodeSelector, ...selector };
  if (scheduling.tolerations || spec.tolerations) {
    spec.tolerations = mergeTolerations([...(spec.tolerations ?? []), ...(scheduling.tolerations ?? [])]);
  }
}

/** Leaves out tolerations that another one covers; of equal ones the first stays. */
function mergeTolerations(all: readonly Toleration[]): Toleration[] {
  const merged: Toleration[] = [];
  all.forEach((toleration, i) => {
    if (merged.some((other) => covers(other, toleration))) return;
    if (all.slice(i + 1).some((later) => !equal(later, toleration) && covers(later, toleration))) return;
    merged.push(toleration);
  });
  return merged;
}

function covers(wide: Toleration, narrow: Toleration): boolean {
  if (equal(wide, narrow)) return true;
  if ((narrow.key ?? '') !== (wide.key ?? '') && (wide.key || wide.operator !== 'Exists')) return false;
  if (wide.effect && (narrow.effect ?? '') !== wide.effect) return false;
  if (wide.effect === 'NoExecute' && wide.tolerationSeconds !== undefined
    && (narrow.tolerationSeconds === undefined || narrow.tolerationSeconds > wide.tolerationSeconds)) return false;
  if (wide.operator === 'Exists') return true;
  return (!wide.operator || wide.operator === 'Equal')
    && (narrow.operator ?? '') === (wide.operator ?? '') && (narrow.value ?? '') === (wide.value ?? '');
}
