/** Security contexts of pods and containers. */
import {
  SeccompProfile as SeccompProfileType, SecurityContext as SecurityContextType,
  type AppArmorProfile, type PodSecurityContext, type PodSpec, type SeccompProfile, type SecurityContext,
} from '../../../schema/core/v1.ts';
import { duplicate, forbidden, invalid, notSupported, required, tooLong, type FieldError } from '../../field-error.ts';
import { internalForm } from '../internal-form.ts';
import { groupID, userID } from '../names.ts';
import { validateLocalDescendingPath } from '../paths.ts';
import { invalidForEach } from '../rules.ts';
import { containersOf } from './containers-of.ts';
import { validateWindowsOptions } from './windows.ts';

const profileTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const procMounts = ['Default', 'Unmasked'];
const fsGroupChangePolicies = ['Always', 'OnRootMismatch'];
const supplementalGroupsPolicies = ['Merge', 'Strict'];
/** Without the gate SELinuxMount there is no choice (`MountOption`) yet. */
const seLinuxChangePolicies = ['Recursive'];
const appArmorProfileBytesMax = 4095;
const sysctlBytesMax = 253;
const sysctlPattern = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;
/** The pattern as Go prints it. */
const sysctlPatternText = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$';

export function validatePodSecurityContext(spec: PodSpec, specPath: string, errors: FieldError[]): void {
  const context = spec.securityContext;
  const path = `${specPath}.securityContext`;
  if (!context) return;
  for (const [member, rule] of [['fsGroup', groupID], ['runAsUser', userID], ['runAsGroup', groupID]] as const) {
    const id = context[member];
    if (id !== undefined) invalidForEach(rule(id), id, `${path}.${member}`, errors);
  }
  context.supplementalGroups?.forEach((id, i) => invalidForEach(groupID(id), id, `${path}.supplementalGroups[${i}]`, errors));
  if (spec.shareProcessNamespace && spec.hostPID) {
    errors.push(invalid(`${path}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled'));
  }
  validateSysctls(spec, context, `${path}.sysctls`, errors);
  validateChoice(context.fsGroupChangePolicy, fsGroupChangePolicies, `${path}.fsGroupChangePolicy`, errors);
  validateSeccompProfile(context.seccompProfile, `${path}.seccompProfile`, errors);
  validateWindowsOptions(context.windowsOptions, `${path}.windowsOptions`, errors);
  validateAppArmorProfile(context.appArmorProfile, `${path}.appArmorProfile`, errors);
  validateChoice(context.supplementalGroupsPolicy, supplementalGroupsPolicies, `${path}.supplementalGroupsPolicy`, errors);
  validateChoice(context.seLinuxChangePolicy, seLinuxChangePolicies, `${path}.seLinuxChangePolicy`, errors);
}

function validateChoice(value: string | undefined, choices: readonly string[], path: string, errors: FieldError[]): void {
  if (value !== undefined && !choices.includes(value)) errors.push(notSupported(path, value, choices));
}

function validateSysctls(spec: PodSpec, context: PodSecurityContext, path: string, errors: FieldError[]): void {
  const names = new Set<string>();
  context.sysctls?.forEach(({ name }, i) => {
    const at = `${path}[${i}].name`;
    if (!name) errors.push(required(at));
    else if (name.length > sysctlBytesMax || !sysctlPattern.test(name)) {
      errors.push(invalid(at, name, `must have at most ${sysctlBytesMax} characters and match regex ${sysctlPatternText}`));
    } else if (names.has(name)) errors.push(duplicate(at, name));
    const namespace = sysctlNamespace(name);
    if (spec.hostNetwork && namespace === 'net') errors.push(invalid(at, name, "may not be specified when 'hostNetwork' is true"));
    else if (spec.hostIPC && namespace === 'ipc') errors.push(invalid(at, name, "may not be specified when 'hostIPC' is true"));
    names.add(name);
  });
}

const ipcSysctls = new Set([
  'kernel.sem', 'kernel.shmall', 'kernel.shmmax', 'kernel.shmmni', 'kernel.shm_rmid_forced', 'kernel.shm',
  'kernel.msgmax', 'kernel.msgmnb', 'kernel.msgmni', 'kernel.msg',
]);

/** Which kernel namespace a sysctl belongs to (component-helpers/node/util/sysctl). */
function sysctlNamespace(name: string): 'net' | 'ipc' | undefined {
  const dotted = dottedSysctl(name).split('*', 1)[0]!;
  if (dotted.startsWith('net.')) return 'net';
  return ipcSysctls.has(dotted) || dotted.startsWith('fs.mqueue.') ? 'ipc' : undefined;
}

/** Names may be written with slashes: the first separator tells which of the two it is. */
export function dottedSysctl(name: string): string {
  const separator = /[./]/.exec(name)?.[0];
  return separator === '/' ? name.replace(/[./]/g, (char) => (char === '.' ? '/' : '.')) : name;
}

/** `hostUsers`: the pod uses the host's user namespace, which is the default. */
export function validateSecurityContext(context: SecurityContext | undefined, hostUsers: boolean, path: string, errors: FieldError[]): void {
  if (!context) return;
  for (const member of ['runAsUser', 'runAsGroup'] as const) {
    const id = context[member];
    if (id !== undefined) invalidForEach(userID(id), id, `${path}.${member}`, errors);
  }
  validateChoice(context.procMount, procMounts, `${path}.procMount`, errors);
  if (hostUsers && context.procMount === 'Unmasked') {
    errors.push(invalid(`${path}.procMount`, context.procMount, '`hostUsers` must be false to use `Unmasked`'));
  }
  validateSeccompProfile(context.seccompProfile, `${path}.seccompProfile`, errors);
  validatePrivilegeEscalation(context, path, errors);
  validateWindowsOptions(context.windowsOptions, `${path}.windowsOptions`, errors);
  validateAppArmorProfile(context.appArmorProfile, `${path}.appArmorProfile`, errors);
}

function validatePrivilegeEscalation(context: SecurityContext, path: string, errors: FieldError[]): void {
  if (context.allowPrivilegeEscalation !== false) return;
  const clashes = [
    ...(context.privileged ? ['`privileged` to true'] : []),
    ...(context.capabilities?.add ?? []).filter((name) => name === 'CAP_SYS_ADMIN').map((name) => `\`capabilities.Add\` ${name}`),
  ];
  for (const clash of clashes) {
    errors.push(invalid(path, internalForm(SecurityContextType, context), `cannot set \`allowPrivilegeEscalation\` to false and ${clash}`));
  }
}

function validateSeccompProfile(profile: SeccompProfile | undefined, path: string, errors: FieldError[]): void {
  if (!profile) return;
  if (!profile.type) errors.push(required(`${path}.type`, 'type is required when seccompProfile is set'));
  else if (!profileTypes.includes(profile.type)) errors.push(notSupported(`${path}.type`, profile.type, profileTypes));
  const at = `${path}.localhostProfile`;
  if (profile.type !== 'Localhost') {
    if (profile.localhostProfile !== undefined) {
      errors.push(invalid(at, internalForm(SeccompProfileType, profile), 'can only be set when seccomp type is Localhost'));
    }
  } else if (profile.localhostProfile === undefined) {
    errors.push(required(at, 'must be set when seccomp type is Localhost'));
  } else {
    validateLocalDescendingPath(profile.localhostProfile, at, errors);
  }
}

function validateAppArmorProfile(profile: AppArmorProfile | undefined, path: string, errors: FieldError[]): void {
  if (!profile) return;
  const { type, localhostProfile } = profile;
  const at = `${path}.localhostProfile`;
  if (type === 'Localhost') validateAppArmorFile(localhostProfile, at, errors);
  else if (!type) errors.push(required(`${path}.type`, 'type is required when appArmorProfile is set'));
  else if (!profileTypes.includes(type)) errors.push(notSupported(`${path}.type`, type, profileTypes));
  else if (localhostProfile !== undefined) errors.push(invalid(at, localhostProfile, 'can only be set when AppArmor type is Localhost'));
}

function validateAppArmorFile(file: string | undefined, path: string, errors: FieldError[]): void {
  if (file !== undefined && file.trim() !== file) errors.push(invalid(path, file, 'must not be padded with whitespace'));
  else if (!file) errors.push(required(path, 'must be set when AppArmor type is Localhost'));
  if (Buffer.byteLength(file ?? '') > appArmorProfileBytesMax) errors.push(tooLong(path, appArmorProfileBytesMax));
}

/** A user namespace of its own excludes other namespaces of the host. Upstream's paths are capitalised. */
export function validateHostUsers(spec: PodSpec, path: string, errors: FieldError[]): void {
  if (spec.hostUsers !== false) return;
  const detail = 'when `hostUsers` is false';
  if (spec.hostNetwork) errors.push(forbidden(`${path}.hostNetwork`, detail));
  if (spec.hostPID) errors.push(forbidden(`${path}.HostPID`, detail));
  if (spec.hostIPC) errors.push(forbidden(`${path}.HostIPC`, detail));
  for (const [container, at] of containersOf(spec, path)) {
    if (container.volumeDevices?.length) errors.push(forbidden(`${at}.volumeDevices`, detail));
  }
}
