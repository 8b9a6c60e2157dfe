/** Configurations of webhooks, validating and mutating (pkg/apis/admissionregistration/validation). */
import type { MutatingWebhook, MutatingWebhookConfiguration, ValidatingWebhookConfiguration } from '../../schema/admissionregistration/v1.ts';
import { equal } from '../../lib/json.ts';
import { duplicate, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { failurePolicies, matchPolicies, reinvocationPolicies, validateMatchConditions, validateOneOf, validateRule } from './admission-rules.ts';
import { validateLabelSelector } from './labels.ts';
import { dns1035Label, dns1123Subdomain } from './names.ts';
import { invalidForEach } from './rules.ts';
import { validateWebhookService, validateWebhookURL } from './webhook-client.ts';

type Configuration = MutatingWebhookConfiguration | ValidatingWebhookConfiguration;
/** A validating one has no reinvocation policy. */
type Webhook = MutatingWebhook;

const reviewVersions = ['v1', 'v1beta1'];
const allSideEffects = ['None', 'NoneOnDryRun', 'Some', 'Unknown'];
const harmlessSideEffects = ['None', 'NoneOnDryRun'];
const timeoutSecondsMax = 30;

/** What a stored configuration did not keep to need not be kept to by its successor either. */
interface Leniency {
  readonly anySideEffects: boolean;
  readonly anyReviewVersions: boolean;
  readonly repeatedNames: boolean;
  readonly invalidLabelValues: boolean;
  readonly sameConditions: boolean;
}

const none: Leniency = { anySideEffects: false, anyReviewVersions: false, repeatedNames: false, invalidLabelValues: false, sameConditions: false };

const webhooksOf = ({ webhooks = [] }: Configuration): readonly Webhook[] => webhooks as readonly Webhook[];

export function validateWebhooks(configuration: Configuration, old: Configuration | undefined, errors: FieldError[]): void {
  const leniency = old ? leniencyFor(webhooksOf(configuration), webhooksOf(old)) : none;
  const names = new Set<string>();
  webhooksOf(configuration).forEach((webhook, i) => {
    const path = `webhooks[${i}]`;
    validateWebhook(webhook, leniency, path, errors);
    validateReviewVersions(webhook.admissionReviewVersions ?? [], leniency, `${path}.admissionReviewVersions`, errors);
    if (leniency.repeatedNames || !webhook.name) return;
    if (names.has(webhook.name)) errors.push(duplicate(`${path}.name`, webhook.name));
    names.add(webhook.name);
  });
}

function leniencyFor(webhooks: readonly Webhook[], old: readonly Webhook[]): Leniency {
  return {
    anySideEffects: old.some(({ sideEffects }) => !harmlessSideEffects.includes(sideEffects ?? '')),
    anyReviewVersions: old.some(({ admissionReviewVersions: versions }) => versions?.length && !versions.some((one) => reviewVersions.includes(one))),
    repeatedNames: new Set(old.map(({ name }) => name)).size < old.length,
    invalidLabelValues: old.some(hasInvalidSelector),
    sameConditions: webhooks.length === old.length && webhooks.every((one, i) => equal(one.matchConditions, old[i]!.matchConditions)),
  };
}

function hasInvalidSelector({ namespaceSelector, objectSelector }: Webhook): boolean {
  const errors: FieldError[] = [];
  validateLabelSelector(namespaceSelector, '', errors);
  validateLabelSelector(objectSelector, '', errors);
  return errors.length > 0;
}

function validateWebhook(webhook: Webhook, leniency: Leniency, path: string, errors: FieldError[]): void {
  const { name, sideEffects, timeoutSeconds: timeout, clientConfig } = webhook;
  validateFullName(name, `${path}.name`, errors);
  webhook.rules?.forEach((rule, i) => validateRule(rule, `${path}.rules[${i}]`, errors));
  validateOneOf(webhook.failurePolicy, failurePolicies, `${path}.failurePolicy`, errors);
  validateOneOf(webhook.matchPolicy, matchPolicies, `${path}.matchPolicy`, errors);
  const allowed = leniency.anySideEffects ? allSideEffects : harmlessSideEffects;
  if (sideEffects === null) errors.push(required(`${path}.sideEffects`, `must specify one of ${allowed.join(', ')}`));
  else if (!allowed.includes(sideEffects)) errors.push(notSupported(`${path}.sideEffects`, sideEffects, allowed));
  if (timeout !== undefined && (timeout > timeoutSecondsMax || timeout < 1)) {
    errors.push(invalid(`${path}.timeoutSeconds`, timeout, 'the timeout value must be between 1 and 30 seconds'));
  }
  validateLabelSelector(webhook.namespaceSelector, `${path}.namespaceSelector`, errors, leniency.invalidLabelValues);
  validateLabelSelector(webhook.objectSelector, `${path}.objectSelector`, errors, leniency.invalidLabelValues);
  validateOneOf(webhook.reinvocationPolicy, reinvocationPolicies, `${path}.reinvocationPolicy`, errors);
  const { url, service } = clientConfig;
  if ((url === undefined) === (service === undefined)) errors.push(required(`${path}.clientConfig`, 'exactly one of url or service is required'));
  else if (url !== undefined) validateWebhookURL(url, `${path}.clientConfig.url`, errors);
  else validateWebhookService(service!, `${path}.clientConfig.service`, errors);
  if (!leniency.sameConditions) validateMatchConditions(webhook.matchConditions, { params: false, authorizer: true }, `${path}.matchConditions`, errors);
}

/** `hook.example.com` */
function validateFullName(name: string, path: string, errors: FieldError[]): void {
  const complaints = dns1123Subdomain(name);
  if (!name) errors.push(required(path));
  else if (complaints.length > 0) errors.push(invalid(path, name, complaints.join(',')));
  else if (name.split('.').length < 3) errors.push(invalid(path, name, 'should be a domain with at least three segments separated by dots'));
}

function validateReviewVersions(versions: readonly string[], leniency: Leniency, path: string, errors: FieldError[]): void {
  if (versions.length === 0) {
    errors.push(required(path, `must specify one of ${reviewVersions.join(', ')}`));
    return;
  }
  versions.forEach((version, i) => {
    if (versions.indexOf(version) < i) errors.push(invalid(`${path}[${i}]`, version, 'duplicate version'));
    else invalidForEach(dns1035Label(version), version, `${path}[${i}]`, errors);
  });
  if (!leniency.anyReviewVersions && !versions.some((version) => reviewVersions.includes(version))) {
    errors.push(invalid(path, versions, `must include at least one of ${reviewVersions.join(', ')}`));
  }
}
