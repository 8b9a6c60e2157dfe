/** `spec.os` and what may not be set for the other operating system; Windows' own security options. */
import type { PodSpec, WindowsSecurityContextOptions } from '../../../schema/core/v1.ts';
import { forbidden, invalid, notSupported, required, type FieldError } from '../../field-error.ts';
import { dns1123Subdomain } from '../names.ts';
import { invalidForEach } from '../rules.ts';
import { containersOf } from './containers-of.ts';

const systems = ['linux', 'windows'];
const credentialSpecBytesMax = 64 * 1024;
const domainBytesMax = 256;
const userBytesMax = 104;
const netBiosPattern = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const dnsLabel = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?';
const dnsPattern = new RegExp(`^${dnsLabel}(?:\\.${dnsLabel})*$`);
const isControl = (char: string): boolean => char < ' ' || char === '\u007f';

export function validateOS(spec: PodSpec, path: string, errors: FieldError[]): void {
  const name = spec.os?.name;
  if (!spec.os) return;
  if (!name) errors.push(required(`${path}.os.name`));
  else if (!systems.includes(name)) errors.push(notSupported(`${path}.os`, name, systems));
  else if (name === 'linux') forbidWindowsOptions(spec, path, errors);
  else forbidLinuxFields(spec, path, errors);
}

function forbidWindowsOptions(spec: PodSpec, path: string, errors: FieldError[]): void {
  const detail = 'windows options cannot be set for a linux pod';
  if (spec.securityContext?.windowsOptions) errors.push(forbidden(`${path}.securityContext.windowsOptions`, detail));
  for (const [container, at] of containersOf(spec, path)) {
    if (container.securityContext?.windowsOptions) errors.push(forbidden(`${at}.securityContext.windowsOptions`, detail));
  }
}

/** In upstream's order, which mixes members of the spec and of its security context. */
const linuxPodFields = [
  'securityContext.appArmorProfile', 'securityContext.seLinuxOptions', 'hostUsers', 'hostPID', 'hostIPC',
  'securityContext.seccompProfile', 'securityContext.fsGroup', 'securityContext.fsGroupChangePolicy', 'securityContext.sysctls',
  'shareProcessNamespace', 'securityContext.runAsUser', 'securityContext.runAsGroup', 'securityContext.supplementalGroups',
  'securityContext.supplementalGroupsPolicy', 'securityContext.seLinuxChangePolicy',
];
const linuxContainerFields = [
  'appArmorProfile', 'seLinuxOptions', 'seccompProfile', 'capabilities', 'readOnlyRootFilesystem', 'privileged',
  'allowPrivilegeEscalation', 'procMount', 'runAsUser', 'runAsGroup',
] as const;

function forbidLinuxFields(spec: PodSpec, path: string, errors: FieldError[]): void {
  const detail = 'cannot be set for a windows pod';
  const context = (spec.securityContext ?? {}) as Readonly<Record<string, unknown>>;
  const members = spec as Readonly<Record<string, unknown>>;
  for (const name of linuxPodFields) {
    const inContext = name.startsWith('securityContext.');
    const value = inContext ? context[name.slice('securityContext.'.length)] : members[name];
    if (value !== undefined) errors.push(forbidden(`${path}.${name}`, detail));
  }
  for (const [container, at] of containersOf(spec, path)) {
    for (const member of linuxContainerFields) {
      if (container.securityContext?.[member] !== undefined) errors.push(forbidden(`${at}.securityContext.${member}`, detail));
    }
  }
}

export function validateWindowsOptions(options: WindowsSecurityContextOptions | undefined, path: string, errors: FieldError[]): void {
  if (!options) return;
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options;
  if (gmsaCredentialSpecName !== undefined) {
    invalidForEach(dns1123Subdomain(gmsaCredentialSpecName), gmsaCredentialSpecName, `${path}.gmsaCredentialSpecName`, errors);
  }
  const at = `${path}.gmsaCredentialSpec`;
  if (gmsaCredentialSpec === '') errors.push(invalid(at, '', 'gmsaCredentialSpec cannot be an empty string'));
  else if (Buffer.byteLength(gmsaCredentialSpec ?? '') > credentialSpecBytesMax) {
    errors.push(invalid(at, gmsaCredentialSpec, 'gmsaCredentialSpec size must be under 64 KiB'));
  }
  if (runAsUserName !== undefined) invalidForEach(userNameMistakes(runAsUserName), runAsUserName, `${path}.runAsUserName`, errors);
}

/** `user` or `domain\user`. */
function userNameMistakes(name: string): string[] {
  if (name === '') return ['runAsUserName cannot be an empty string'];
  if ([...name].some(isControl)) return ['runAsUserName cannot contain control characters'];
  const parts = name.split('\\');
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash'];
  const user = parts.at(-1)!;
  const domain = parts.length === 2 ? parts[0]! : undefined;
  const texts: string[] = [];
  if (domain !== undefined) {
    if (Buffer.byteLength(domain) >= domainBytesMax) texts.push(`runAsUserName's Domain length must be under ${domainBytesMax} characters`);
    if (!netBiosPattern.test(domain) && !dnsPattern.test(domain)) {
      texts.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
    }
  }
  if (user === '') texts.push("runAsUserName's User cannot be empty");
  else if (Buffer.byteLength(user) > userBytesMax) {
    texts.push(`runAsUserName's User length must not be longer than ${userBytesMax} characters`);
  }
  if (/^[. ]+$/.test(user)) texts.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) {
    texts.push('runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]');
  }
  return texts;
}

/** Host process containers: all or none, and only on the host's network. */
export function validateHostProcess(spec: PodSpec, path: string, errors: FieldError[]): void {
  const podValue = spec.securityContext?.windowsOptions?.hostProcess;
  let containers = 0;
  let hostProcesses = 0;
  for (const [container, at] of containersOf(spec, path)) {
    containers++;
    const value = container.securityContext?.windowsOptions?.hostProcess;
    if (podValue !== undefined && value !== undefined && podValue !== value) {
      errors.push(invalid(`${at}.securityContext.windowsOptions.hostProcess`, value,
        `pod hostProcess value must be identical if both are specified, was ${podValue}`));
    }
    if (value ?? podValue) hostProcesses++;
  }
  if (hostProcesses === 0) return;
  if (hostProcesses !== containers) {
    errors.push(invalid(path, '', 'If pod contains any hostProcess containers then all containers must be HostProcess containers'));
  }
  if (!spec.hostNetwork) {
    errors.push(invalid(`${path}.hostNetwork`, false, 'hostNetwork must be true if pod contains any hostProcess containers'));
  }
}
