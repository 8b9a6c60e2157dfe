/**
 * Webhooks and admission policies: their configurations can be stored, but nobody is called and nothing is evaluated. A
 * write that one of them would look at is refused by its name, rather than admitted as if it had agreed.
 */
import type { LabelSelector } from '../../schema/meta/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { fromLabelSelector, type LabelSelectorObject } from '../../schema/values/label-selector.ts';
import type { AdmissionContext, AdmissionRequest, AdmissionStep } from '../admission.ts';
import { notEmulated } from '../errors.ts';

const group = 'admissionregistration.k8s.io';

/** The part that webhooks, policies and bindings share. */
interface Match {
  readonly rules?: readonly Rule[] | undefined;
  readonly excluded?: readonly Rule[] | undefined;
  readonly namespaceSelector?: LabelSelector | undefined;
  readonly objectSelector?: LabelSelector | undefined;
  readonly matchPolicy?: string | undefined;
}

interface Rule {
  readonly operations?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly scope?: string;
}

interface MatchResources extends Match {
  readonly resourceRules?: readonly Rule[];
  readonly excludeResourceRules?: readonly Rule[];
}

type Webhooks = KubeObject & { readonly webhooks?: readonly (Match & { readonly name: string })[] };
type Policy = KubeObject & { readonly spec?: { readonly matchConstraints?: MatchResources } };
type Binding = KubeObject & { readonly spec?: { readonly policyName?: string; readonly matchResources?: MatchResources } };

export const mutatingAdmissionPolicy: AdmissionStep =
  { name: 'MutatingAdmissionPolicy', admit: refusePolicies('MutatingAdmissionPolicy', 'mutatingadmissionpolicies') };
export const mutatingAdmissionWebhook: AdmissionStep =
  { name: 'MutatingAdmissionWebhook', admit: refuseWebhooks('mutating', 'mutatingwebhookconfigurations') };
export const validatingAdmissionPolicy: AdmissionStep =
  { name: 'ValidatingAdmissionPolicy', validate: refusePolicies('ValidatingAdmissionPolicy', 'validatingadmissionpolicies') };
export const validatingAdmissionWebhook: AdmissionStep =
  { name: 'ValidatingAdmissionWebhook', validate: refuseWebhooks('validating', 'validatingwebhookconfigurations') };

type Refuse = (request: AdmissionRequest, context: AdmissionContext) => void;

function refuseWebhooks(kind: string, resource: string): Refuse {
  return (request, context) => {
    if (request.group === group) return;
    for (const { metadata, webhooks = [] } of context.list(group, resource, '') as readonly Webhooks[]) {
      const match = webhooks.find((webhook) => applies(webhook, false, request, context));
      if (match) throw notEmulated(`Calling the ${kind} webhook "${match.name}" of "${metadata.name}"`);
    }
  };
}

/** A policy works through its bindings; both have a say in what it looks at. */
function refusePolicies(kind: string, resource: string): Refuse {
  return (request, context) => {
    if (request.group === group) return;
    const bindings = context.list(group, resource.replace(/ies$/, 'ybindings'), '') as readonly Binding[];
    for (const { spec } of bindings) {
      const policy = context.get(group, resource, '', spec?.policyName ?? '') as Policy | undefined;
      if (!policy || !constrains(policy.spec?.matchConstraints, request, context)) continue;
      if (spec?.matchResources && !constrains(spec.matchResources, request, context)) continue;
      throw notEmulated(`Evaluating the ${kind} "${policy.metadata.name}"`);
    }
  };
}

function constrains(resources: MatchResources | undefined, request: AdmissionRequest, context: AdmissionContext): boolean {
  if (!resources) return false;
  return applies({ ...resources, rules: resources.resourceRules, excluded: resources.excludeResourceRules }, true, request, context);
}

/** `withoutRules`: no rules in a policy or binding mean everything; a webhook without rules is never called. */
function applies(match: Match, withoutRules: boolean, request: AdmissionRequest, context: AdmissionContext): boolean {
  const exact = match.matchPolicy === 'Exact';
  const matchesRule = (rule: Rule) => ruleMatches(rule, request, exact);
  const byRules = match.rules?.length ? match.rules.some(matchesRule) : withoutRules;
  return byRules && !match.excluded?.some(matchesRule)
    && selects(match.objectSelector, request.object, request.oldObject)
    && selects(match.namespaceSelector, ...namespacesOf(request, context));
}

function ruleMatches(rule: Rule, request: AdmissionRequest, exact: boolean): boolean {
  const isNamespaced = request.namespace !== '' && request.kind !== 'Namespace';
  const among = (list: readonly string[] | undefined, value: string) => list?.some((one) => one === '*' || one === value) ?? false;
  return among(rule.operations, request.operation) && among(rule.apiGroups, request.group)
    && (!exact || among(rule.apiVersions, request.version))
    && (rule.resources ?? []).some((text) => {
      const [resource = '', subresource = ''] = text.split('/');
      return among([resource], request.resource) && among([subresource], request.subresource);
    })
    && (rule.resourceNames === undefined || rule.resourceNames.includes(request.name))
    && (rule.scope === undefined || rule.scope === '*' || (rule.scope === 'Namespaced') === isNamespaced);
}

/** The objects whose labels count as those of the namespace; none for what lives in no namespace. */
function namespacesOf(request: AdmissionRequest, context: AdmissionContext): (KubeObject | undefined)[] {
  if (request.kind === 'Namespace' && request.group === '') return [request.object ?? request.oldObject];
  return request.namespace === '' ? [] : [context.get('', 'namespaces', '', request.namespace)];
}

/** A selector that is not set selects everything; so does any selector where there is nothing to look at. */
function selects(selector: LabelSelector | undefined, ...objects: readonly (KubeObject | undefined)[]): boolean {
  const present = objects.filter((object) => object !== undefined);
  if (!selector || present.length === 0) return true;
  const parsed = fromLabelSelector(selector as LabelSelectorObject);
  return present.some(({ metadata }) => parsed?.matches(metadata.labels ?? {}));
}
