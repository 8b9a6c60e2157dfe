/** `spec.affinity`: which nodes, and near or away from which pods. */
import type {
  Affinity, NodeAffinity, NodeSelector, NodeSelectorRequirement, NodeSelectorTerm, PodAffinity, PodAffinityTerm,
} from '../../../schema/core/v1.ts';
import type { LabelSelector } from '../../../schema/meta/v1.ts';
import { forbidden, invalid, required, type FieldError } from '../../field-error.ts';
import { validateLabelName, validateLabelSelector } from '../labels.ts';
import { dns1123Label, labelValue, nameIsDNSSubdomain } from '../names.ts';
import { invalidForEach } from '../rules.ts';

const requiredTerms = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferredTerms = 'preferredDuringSchedulingIgnoredDuringExecution';

export function validateAffinity(affinity: Affinity | undefined, path: string, errors: FieldError[]): void {
  if (affinity?.nodeAffinity) validateNodeAffinity(affinity.nodeAffinity, `${path}.nodeAffinity`, errors);
  if (affinity?.podAffinity) validatePodAffinity(affinity.podAffinity, `${path}.podAffinity`, errors);
  if (affinity?.podAntiAffinity) validatePodAffinity(affinity.podAntiAffinity, `${path}.podAntiAffinity`, errors);
}

function validateNodeAffinity(affinity: NodeAffinity, path: string, errors: FieldError[]): void {
  const must = affinity[requiredTerms];
  if (must) validateNodeSelector(must, `${path}.${requiredTerms}`, errors);
  affinity[preferredTerms]?.forEach((term, i) => {
    const at = `${path}.${preferredTerms}[${i}]`;
    validateWeight(term.weight, at, errors);
    // Preferences may have impossible values: they only ever fail to help.
    validateNodeSelectorTerm(term.preference, false, `${at}.preference`, errors);
  });
}

function validateWeight(weight: number, path: string, errors: FieldError[]): void {
  if (weight <= 0 || weight > 100) errors.push(invalid(`${path}.weight`, weight, 'must be in the range 1-100'));
}

export function validateNodeSelector(selector: NodeSelector, path: string, errors: FieldError[]): void {
  const at = `${path}.nodeSelectorTerms`;
  const terms = selector.nodeSelectorTerms ?? [];
  if (terms.length === 0) errors.push(required(at, 'must have at least one node selector term'));
  terms.forEach((term, i) => validateNodeSelectorTerm(term, true, `${at}[${i}]`, errors));
}

function validateNodeSelectorTerm(term: NodeSelectorTerm, checkValues: boolean, path: string, errors: FieldError[]): void {
  term.matchExpressions?.forEach((requirement, i) =>
    validateNodeRequirement(requirement, checkValues, `${path}.matchExpressions[${i}]`, errors));
  term.matchFields?.forEach((requirement, i) => validateNodeFieldRequirement(requirement, `${path}.matchFields[${i}]`, errors));
}

function validateNodeRequirement(requirement: NodeSelectorRequirement, checkValues: boolean, path: string, errors: FieldError[]): void {
  const values = requirement.values ?? [];
  switch (requirement.operator) {
    case 'In':
    case 'NotIn':
      if (values.length === 0) errors.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case 'Exists':
    case 'DoesNotExist':
      if (values.length > 0) {
        errors.push(forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      }
      break;
    case 'Gt':
    case 'Lt':
      if (values.length !== 1) {
        errors.push(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
      }
      break;
    default:
      errors.push(invalid(`${path}.operator`, requirement.operator, 'not a valid selector operator'));
  }
  validateLabelName(requirement.key, `${path}.key`, errors);
  if (checkValues) values.forEach((value, i) => invalidForEach(labelValue(value), value, `${path}.values[${i}]`, errors));
}

/** The only field of a node that can be selected is its name. */
function validateNodeFieldRequirement(requirement: NodeSelectorRequirement, path: string, errors: FieldError[]): void {
  const values = requirement.values ?? [];
  if (requirement.operator !== 'In' && requirement.operator !== 'NotIn') {
    errors.push(invalid(`${path}.operator`, requirement.operator, 'not a valid selector operator'));
  } else if (values.length !== 1) {
    errors.push(required(`${path}.values`, "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"));
  }
  if (requirement.key !== 'metadata.name') {
    errors.push(invalid(`${path}.key`, requirement.key, 'not a valid field selector key'));
    return;
  }
  values.forEach((value, i) => invalidForEach(nameIsDNSSubdomain(value), value, `${path}.values[${i}]`, errors));
}

/** Attraction and repulsion have the same shape. */
function validatePodAffinity(affinity: PodAffinity, path: string, errors: FieldError[]): void {
  affinity[requiredTerms]?.forEach((term, i) => validatePodAffinityTerm(term, `${path}.${requiredTerms}[${i}]`, errors));
  affinity[preferredTerms]?.forEach((weighted, i) => {
    const at = `${path}.${preferredTerms}[${i}]`;
    validateWeight(weighted.weight, at, errors);
    validatePodAffinityTerm(weighted.podAffinityTerm, `${at}.podAffinityTerm`, errors);
  });
}

function validatePodAffinityTerm(term: PodAffinityTerm, path: string, errors: FieldError[]): void {
  validateLabelSelector(term.labelSelector, `${path}.labelSelector`, errors);
  validateLabelSelector(term.namespaceSelector, `${path}.namespaceSelector`, errors);
  for (const name of term.namespaces ?? []) invalidForEach(dns1123Label(name), name, `${path}.namespace`, errors);
  validateMatchLabelKeys(term, path, errors);
  if (!term.topologyKey) errors.push(required(`${path}.topologyKey`, 'can not be empty'));
  validateLabelName(term.topologyKey, `${path}.topologyKey`, errors);
}

interface MatchLabelKeys {
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
  readonly labelSelector?: LabelSelector;
}

/**
 * Keys whose values are taken from the pod's own labels. At this point the selector already holds the expressions made
 * of them, so a key counts as a clash when it occurs once more.
 */
export function validateMatchLabelKeys(term: MatchLabelKeys, path: string, errors: FieldError[]): void {
  const { matchLabelKeys = [], mismatchLabelKeys = [], labelSelector } = term;
  validateLabelKeys(matchLabelKeys, labelSelector, `${path}.matchLabelKeys`, errors);
  validateLabelKeys(mismatchLabelKeys, labelSelector, `${path}.mismatchLabelKeys`, errors);
  if (labelSelector) {
    const selected = new Set(Object.keys(labelSelector.matchLabels ?? {}));
    for (const { key } of labelSelector.matchExpressions ?? []) {
      if (selected.has(key) && matchLabelKeys.includes(key)) {
        errors.push(invalid(`${path}[${matchLabelKeys.lastIndexOf(key)}]`, key, 'exists in both matchLabelKeys and labelSelector'));
      }
      selected.add(key);
    }
  }
  matchLabelKeys.forEach((key, i) => {
    if (mismatchLabelKeys.includes(key)) {
      errors.push(invalid(`${path}.matchLabelKeys[${i}]`, key, 'exists in both matchLabelKeys and mismatchLabelKeys'));
    }
  });
}

function validateLabelKeys(keys: readonly string[], selector: LabelSelector | undefined, path: string, errors: FieldError[]): void {
  if (keys.length === 0) return;
  if (!selector) errors.push(forbidden(path, 'must not be specified when labelSelector is not set'));
  else keys.forEach((key, i) => validateLabelName(key, `${path}[${i}]`, errors));
}
