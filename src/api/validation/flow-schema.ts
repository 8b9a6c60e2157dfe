/** FlowSchemas (pkg/apis/flowcontrol/validation). */
import { mandatoryFlowSchemas } from '../../schema/flow-control-objects.ts';
import {
  FlowDistinguisherMethod, FlowSchemaSpec, type FlowSchema, type NonResourcePolicyRule, type PolicyRulesWithSubjects, type ResourcePolicyRule,
  type ServiceAccountSubject, type Subject,
} from '../../schema/flowcontrol/v1.ts';
import { forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { dns1123Label, dns1123Subdomain } from './names.ts';
import { validateFlowControlConditions } from './priority-level.ts';
import { invalidForEach } from './rules.ts';
import { semanticEqual } from './semantic-equal.ts';

const precedenceMax = 10_000;
const methods = ['ByNamespace', 'ByUser'];
const subjectKinds = ['Group', 'ServiceAccount', 'User'];
const verbNames = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch'];

export function validateFlowSchema({ metadata, spec, status }: FlowSchema, errors: FieldError[]): void {
  const name = metadata.name ?? '';
  validateSpec(name, spec, errors);
  if (Object.hasOwn(mandatoryFlowSchemas, name) && !semanticEqual(FlowSchemaSpec, spec, mandatoryFlowSchemas[name])) {
    errors.push(invalid('spec', internalForm(FlowSchemaSpec, spec), `spec of '${name}' must equal the fixed value`));
  }
  validateFlowControlConditions(status?.conditions, errors);
}

function validateSpec(name: string, spec: FlowSchemaSpec, errors: FieldError[]): void {
  const { matchingPrecedence: precedence, distinguisherMethod: method, priorityLevelConfiguration: level } = spec;
  const complain = (text: string): void => void errors.push(invalid('spec.matchingPrecedence', precedence, text));
  if (precedence <= 0) complain('must be a positive value');
  if (precedence > precedenceMax) complain(`must not be greater than ${precedenceMax}`);
  if (precedence === 1 && name !== 'exempt') complain("only the schema named 'exempt' may have matchingPrecedence 1");
  if (method && !methods.includes(method.type)) {
    errors.push(notSupported('spec.distinguisherMethod.type', internalForm(FlowDistinguisherMethod, method), methods));
  }
  const path = 'spec.priorityLevelConfiguration.name';
  if (level.name) invalidForEach(dns1123Subdomain(level.name), level.name, path, errors);
  else errors.push(required(path, 'must reference a priority level'));
  spec.rules?.forEach((rule, i) => validateRule(rule, `spec.rules[${i}]`, errors));
}

function validateRule({ subjects, resourceRules, nonResourceRules }: PolicyRulesWithSubjects, path: string, errors: FieldError[]): void {
  if (!subjects?.length) errors.push(required(`${path}.subjects`, 'subjects must contain at least one value'));
  subjects?.forEach((subject, i) => validateSubject(subject, `${path}.subjects[${i}]`, errors));
  if (!resourceRules?.length && !nonResourceRules?.length) {
    errors.push(required(path, 'at least one of resourceRules and nonResourceRules has to be non-empty'));
  }
  resourceRules?.forEach((rule, i) => validateResourceRule(rule, `${path}.resourceRules[${i}]`, errors));
  nonResourceRules?.forEach((rule, i) => validateNonResourceRule(rule, `${path}.nonResourceRules[${i}]`, errors));
}

/** The members that a subject may have, each with its kind. */
const subjectMembers = { serviceAccount: 'ServiceAccount', user: 'User', group: 'Group' } as const;
type SubjectMember = keyof typeof subjectMembers;

function validateSubject(subject: Subject, path: string, errors: FieldError[]): void {
  if (!subjectKinds.includes(subject.kind)) {
    errors.push(notSupported(`${path}.kind`, subject.kind, subjectKinds));
    return;
  }
  const members = Object.keys(subjectMembers) as SubjectMember[];
  const own = members.find((member) => subjectMembers[member] === subject.kind)!;
  const named = subject[own];
  if (!named) errors.push(required(`${path}.${own}`, `${own} is required when subject kind is '${subject.kind}'`));
  else if (own === 'serviceAccount') validateServiceAccount(subject.serviceAccount!, `${path}.serviceAccount`, errors);
  else if (!named.name) errors.push(required(`${path}.${own}.name`));
  for (const member of members) {
    if (member !== own && subject[member]) {
      errors.push(forbidden(`${path}.${member}`, `${member} is forbidden when subject kind is not '${subjectMembers[member]}'`));
    }
  }
}

function validateServiceAccount({ name, namespace }: ServiceAccountSubject, path: string, errors: FieldError[]): void {
  if (!name) errors.push(required(`${path}.name`));
  else if (name !== '*') invalidForEach(dns1123Subdomain(name), name, `${path}.name`, errors);
  if (namespace) invalidForEach(dns1123Label(namespace), namespace, `${path}.namespace`, errors);
  else errors.push(required(`${path}.namespace`, 'must specify namespace for service account'));
}

/** `*` stands alone. Answers whether the list has other values only. */
function validateWildcard(values: readonly string[], path: string, what: string, errors: FieldError[]): boolean {
  const hasWildcard = values.includes('*');
  if (hasWildcard && values.length > 1) errors.push(invalid(path, values, `if '*' is present, must not specify other ${what}`));
  return !hasWildcard;
}

function validateVerbs(verbs: readonly string[] | null, path: string, errors: FieldError[]): void {
  if (!verbs?.length) errors.push(required(path, 'verbs must contain at least one value'));
  else if (validateWildcard(verbs, path, 'verbs', errors) && !verbs.every((verb) => verbNames.includes(verb))) {
    errors.push(notSupported(path, verbs, verbNames));
  }
}

function validateResourceRule(rule: ResourcePolicyRule, path: string, errors: FieldError[]): void {
  const { verbs, apiGroups, resources, clusterScope } = rule;
  const namespaces = rule.namespaces ?? [];
  validateVerbs(verbs, `${path}.verbs`, errors);
  if (!apiGroups?.length) errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
  else validateWildcard(apiGroups, `${path}.apiGroups`, 'api groups', errors);
  if (!resources?.length) errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
  else validateWildcard(resources, `${path}.resources`, 'resources', errors);
  if (namespaces.length === 0 && !clusterScope) {
    errors.push(required(`${path}.namespaces`, 'resource rules that are not cluster scoped must supply at least one namespace'));
  } else if (validateWildcard(namespaces, `${path}.namespaces`, 'namespaces', errors)) {
    namespaces.forEach((namespace, i) => {
      const complaints = dns1123Label(namespace).map((text) => `each member of this list must be '*' or a DNS-1123 label; ${text}`);
      invalidForEach(complaints, namespace, `${path}.namespaces[${i}]`, errors);
    });
  }
}

function validateNonResourceRule({ verbs, nonResourceURLs }: NonResourcePolicyRule, path: string, errors: FieldError[]): void {
  validateVerbs(verbs, `${path}.verbs`, errors);
  const at = `${path}.nonResourceURLs`;
  if (!nonResourceURLs?.length) errors.push(required(at, 'nonResourceURLs must contain at least one value'));
  else if (validateWildcard(nonResourceURLs, at, 'non-resource URLs', errors)) {
    nonResourceURLs.forEach((url, i) => invalidForEach(urlComplaints(url), url, `${at}[${i}]`, errors));
  }
}

function urlComplaints(url: string): string[] {
  if (url === '') return ['must not be empty'];
  if (url === '/') return [];
  if (!url.startsWith('/')) return ['must start with slash'];
  if (url.includes(' ')) return ['must not contain white-space'];
  if (url.includes('//')) return ['must not contain double slash'];
  const wildcard = url.indexOf('*');
  return wildcard >= 0 && (wildcard !== url.length - 1 || !url.endsWith('/*')) ? ['wildcard can only do suffix matching'] : [];
}
