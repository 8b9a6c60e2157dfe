/** Defaults of admission webhooks and policies (pkg/apis/admissionregistration/v1/defaults.go). */
import {
  MatchResources, MutatingAdmissionPolicySpec, MutatingWebhook, NamedRuleWithOperations, Rule as AdmissionRule, RuleWithOperations, ServiceReference,
  ValidatingAdmissionPolicySpec, ValidatingWebhook,
} from '../../schema/admissionregistration/v1.ts';
import { rule, type Rule } from './rule.ts';

const defaultServicePort = 443;
const defaultTimeoutSeconds = 10;

export const admissionDefaults: readonly Rule[] = [
  rule(ValidatingWebhook, defaultWebhook),
  rule(MutatingWebhook, (webhook) => {
    defaultWebhook(webhook);
    webhook.reinvocationPolicy ??= 'Never';
  }),
  rule(AdmissionRule, defaultScope),
  rule(RuleWithOperations, defaultScope),
  rule(NamedRuleWithOperations, defaultScope),
  rule(ServiceReference, (reference) => {
    reference.port ??= defaultServicePort;
  }),
  rule(ValidatingAdmissionPolicySpec, defaultFailurePolicy),
  rule(MutatingAdmissionPolicySpec, defaultFailurePolicy),
  rule(MatchResources, defaultMatching),
];

interface Matching { matchPolicy?: string; namespaceSelector?: object; objectSelector?: object }

function defaultWebhook(webhook: Matching & { failurePolicy?: string; timeoutSeconds?: number }): void {
  defaultFailurePolicy(webhook);
  defaultMatching(webhook);
  webhook.timeoutSeconds ??= defaultTimeoutSeconds;
}

function defaultMatching(matching: Matching): void {
  matching.matchPolicy ??= 'Equivalent';
  matching.namespaceSelector ??= {};
  matching.objectSelector ??= {};
}

function defaultFailurePolicy(policy: { failurePolicy?: string }): void {
  policy.failurePolicy ??= 'Fail';
}

function defaultScope(scoped: { scope?: string }): void {
  scoped.scope ??= '*';
}
