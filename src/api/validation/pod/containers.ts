/** Containers: the rules that all have in common, and those of regular, init and ephemeral ones. */
import {
  Container as ContainerType, type Container, type EphemeralContainer, type PodSpec,
} from '../../../schema/core/v1.ts';
import { isSidecar } from '../../../schema/pod-resources.ts';
import { structType } from '../../../schema/struct-type.ts';
import { duplicate, forbidden, invalid, notFound, notSupported, required, type FieldError } from '../../field-error.ts';
import { dns1123Label } from '../names.ts';
import { invalidForEach } from '../rules.ts';
import { validateEnv, validateEnvFrom } from './env.ts';
import { validateVolumeDevices, validateVolumeMounts } from './mounts.ts';
import { validateHostPortConflicts, validatePorts } from './ports.ts';
import { validateLifecycle, validateLivenessProbe, validateReadinessProbe } from './probes.ts';
import { validatePullPolicy } from './pull-policy.ts';
import { validateContainerResources } from './resources.ts';
import { validateContainerRestartPolicy, validateInitContainerRestartPolicy, validateResizePolicy } from './restart-policy.ts';
import { validateSecurityContext } from './security-context.ts';
import type { KnownVolumes } from './volumes.ts';

const terminationMessagePolicies = ['File', 'FallbackToLogsOnError'];

/** What containers refer to in their pod. */
export interface PodParts {
  readonly spec: PodSpec;
  readonly volumes: KnownVolumes;
  /** Names of spec.resourceClaims. */
  readonly claimNames: ReadonlySet<string>;
}

export function validateContainers(pod: PodParts, path: string, errors: FieldError[]): void {
  const { containers, terminationGracePeriodSeconds } = pod.spec;
  if (!containers?.length) {
    errors.push(required(path));
    return;
  }
  const names = new Set<string>();
  containers.forEach((container, i) => {
    const at = `${path}[${i}]`;
    validateContainerCommon(container, pod, at, errors);
    if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name));
    names.add(container.name);
    validateHooksAndProbes(container, terminationGracePeriodSeconds, at, errors);
    validateContainerRestartPolicy(container, at, errors);
  });
  validateHostPortConflicts(containers, path, errors);
}

function validateHooksAndProbes(container: Container, graceSeconds: number | undefined, path: string, errors: FieldError[]): void {
  if (container.lifecycle) validateLifecycle(container.lifecycle, graceSeconds, `${path}.lifecycle`, errors);
  validateLivenessProbe(container.livenessProbe, `${path}.livenessProbe`, errors);
  validateReadinessProbe(container.readinessProbe, `${path}.readinessProbe`, errors);
  validateLivenessProbe(container.startupProbe, `${path}.startupProbe`, errors);
}

export function validateInitContainers(pod: PodParts, path: string, errors: FieldError[]): void {
  const names = new Set(pod.spec.containers?.map((container) => container.name));
  pod.spec.initContainers?.forEach((container, i) => {
    const at = `${path}[${i}]`;
    validateContainerCommon(container, pod, at, errors);
    validateInitContainerRestartPolicy(container, at, errors);
    if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name));
    else if (container.name) names.add(container.name);
    // They run one by one, so ports clash within one only; upstream reports that at index 0.
    validateHostPortConflicts([container], path, errors);
    if (isSidecar(container)) validateHooksAndProbes(container, pod.spec.terminationGracePeriodSeconds, at, errors);
    else validateRunsToCompletion(container, at, errors);
  });
}

/** Init containers that end have no hooks and probes. */
function validateRunsToCompletion(container: Container, path: string, errors: FieldError[]): void {
  for (const member of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const) {
    if (container[member] !== undefined) {
      errors.push(forbidden(`${path}.${member}`, 'may not be set for init containers without restartPolicy=Always'));
    }
  }
  container.resizePolicy?.forEach(({ restartPolicy }, i) => {
    if (restartPolicy === 'RestartContainer') {
      errors.push(invalid(`${path}.resizePolicy[${i}].restartPolicy`, restartPolicy,
        "must not be set to 'RestartContainer' for non-sidecar initContainers"));
    }
  });
}

/** Members of a container that upstream does not allow for ephemeral ones; new ones need a decision there. */
const forbiddenForEphemeral = new Set([
  'ports', 'resources', 'resizePolicy', 'restartPolicy', 'restartPolicyRules', 'livenessProbe', 'readinessProbe', 'startupProbe',
  'lifecycle',
]);

export function validateEphemeralContainers(pod: PodParts, path: string, errors: FieldError[]): void {
  const { containers, initContainers, ephemeralContainers } = pod.spec;
  if (!ephemeralContainers?.length) return;
  const targets = new Set([...(containers ?? []), ...(initContainers ?? [])].map((container) => container.name));
  const names = new Set(targets);
  ephemeralContainers.forEach((container, i) => {
    const at = `${path}[${i}]`;
    validateContainerCommon(container as Container, pod, at, errors);
    validateImageTrimmed(container, at, errors);
    if (names.has(container.name)) errors.push(duplicate(`${at}.name`, container.name));
    names.add(container.name);
    const target = container.targetContainerName;
    if (target && !targets.has(target)) errors.push(notFound(`${at}.targetContainerName`, target));
    validateEphemeralMembers(container, at, errors);
  });
}

function validateEphemeralMembers(container: EphemeralContainer, path: string, errors: FieldError[]): void {
  const detail = 'cannot be set for an Ephemeral Container';
  for (const { name } of structType(ContainerType).fields) {
    const value = container[name as keyof EphemeralContainer];
    const isSet = value !== undefined && !(name === 'resources' && Object.keys(value).length === 0);
    if (forbiddenForEphemeral.has(name) && isSet) errors.push(forbidden(`${path}.${name}`, detail));
  }
  container.volumeMounts?.forEach((mount, i) => {
    if (mount.subPath) errors.push(forbidden(`${path}.volumeMounts[${i}].subPath`, detail));
    if (mount.subPathExpr) errors.push(forbidden(`${path}.volumeMounts[${i}].subPathExpr`, detail));
  });
}

function validateContainerCommon(container: Container, pod: PodParts, path: string, errors: FieldError[]): void {
  if (!container.name) errors.push(required(`${path}.name`));
  else invalidForEach(dns1123Label(container.name), container.name, `${path}.name`, errors);
  if (!container.image) errors.push(required(`${path}.image`));
  const policy = container.terminationMessagePolicy;
  if (!policy) errors.push(required(`${path}.terminationMessagePolicy`));
  else if (!terminationMessagePolicies.includes(policy)) {
    errors.push(notSupported(`${path}.terminationMessagePolicy`, policy, terminationMessagePolicies));
  }
  validatePorts(container.ports, `${path}.ports`, errors);
  validateEnv(container.env, `${path}.env`, errors);
  validateEnvFrom(container.envFrom, `${path}.envFrom`, errors);
  validateVolumeMounts(container, pod.volumes, `${path}.volumeMounts`, errors);
  validateVolumeDevices(container, pod.volumes, `${path}.volumeDevices`, errors);
  validatePullPolicy(container.imagePullPolicy, `${path}.imagePullPolicy`, errors);
  validateContainerResources(container.resources, pod.claimNames, `${path}.resources`, errors);
  validateResizePolicy(container.resizePolicy, pod.spec.restartPolicy, `${path}.resizePolicy`, errors);
  validateSecurityContext(container.securityContext, pod.spec.hostUsers ?? true, `${path}.securityContext`, errors);
}

/** Templates may still have spaces around an image, pods may not. */
export function validateImageTrimmed(container: Pick<Container, 'image'>, path: string, errors: FieldError[]): void {
  const image = container.image ?? '';
  if (image.trim() !== image) errors.push(invalid(`${path}.image`, image, 'must not have leading or trailing whitespace'));
}
