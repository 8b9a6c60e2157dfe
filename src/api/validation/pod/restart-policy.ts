/** Restart policies: of the pod, of single containers, by exit code, and on resize. */
import type { Container, ContainerResizePolicy } from '../../../schema/core/v1.ts';
import { duplicate, invalid, notSupported, required, tooMany, type FieldError } from '../../field-error.ts';

const podPolicies = ['Always', 'OnFailure', 'Never'];
const containerPolicies = ['Always', 'Never', 'OnFailure'];
const ruleActions = ['Restart', 'RestartAllContainers'];
const exitCodeOperators = ['In', 'NotIn'];
const rulesMax = 20;
const exitCodesMax = 255;
const resizableResources = ['cpu', 'memory'];
const resizeRestartPolicies = ['NotRequired', 'RestartContainer'];

export function validatePodRestartPolicy(policy: string | undefined, path: string, errors: FieldError[]): void {
  if (!policy) errors.push(required(path));
  else if (!podPolicies.includes(policy)) errors.push(notSupported(path, policy, podPolicies));
}

export function validateContainerRestartPolicy(container: Container, path: string, errors: FieldError[]): void {
  const policy = container.restartPolicy;
  const rules = container.restartPolicyRules ?? [];
  if (policy === undefined) {
    if (rules.length === 0) return;
    errors.push(policyRequired(path));
  } else if (!containerPolicies.includes(policy)) {
    errors.push(notSupported(`${path}.restartPolicy`, policy, containerPolicies));
  }
  if (rules.length > rulesMax) errors.push(tooMany(`${path}.restartPolicyRules`, rules.length, rulesMax));
  rules.forEach((rule, i) => {
    const at = `${path}.restartPolicyRules[${i}]`;
    if (!ruleActions.includes(rule.action ?? '')) errors.push(notSupported(`${at}.action`, rule.action ?? '', ruleActions));
    if (!rule.exitCodes) {
      errors.push(required(`${at}.exitCodes`, 'must be specified'));
      return;
    }
    const { operator = '', values = [] } = rule.exitCodes;
    if (!exitCodeOperators.includes(operator)) errors.push(notSupported(`${at}.exitCodes.operator`, operator, exitCodeOperators));
    if (values.length > exitCodesMax) errors.push(tooMany(`${at}.exitCodes.values`, values.length, exitCodesMax));
  });
}

const policyRequired = (path: string): FieldError =>
  required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used');

/**
 * Init containers follow the same rules since sidecars may have some too (gate RestartAllContainersOnContainerExits),
 * but rules without a policy are not looked at.
 */
export function validateInitContainerRestartPolicy(container: Container, path: string, errors: FieldError[]): void {
  if (container.restartPolicy !== undefined) validateContainerRestartPolicy(container, path, errors);
  else if (container.restartPolicyRules?.length) errors.push(policyRequired(path));
}

/** Whether a container restarts when its resources change in place. */
export function validateResizePolicy(
  policies: readonly ContainerResizePolicy[] | undefined, podRestartPolicy: string | undefined, path: string, errors: FieldError[],
): void {
  const resources = new Set<string>();
  policies?.forEach(({ resourceName, restartPolicy }, i) => {
    if (resources.has(resourceName)) errors.push(duplicate(`${path}[${i}]`, resourceName));
    resources.add(resourceName);
    if (!resourceName) errors.push(required(path));
    else if (!resizableResources.includes(resourceName)) errors.push(notSupported(path, resourceName, resizableResources));
    if (!restartPolicy) errors.push(required(path));
    else if (!resizeRestartPolicies.includes(restartPolicy)) errors.push(notSupported(path, restartPolicy, resizeRestartPolicies));
    if (podRestartPolicy === 'Never' && restartPolicy !== 'NotRequired') {
      errors.push(invalid(path, restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"));
    }
  });
}
