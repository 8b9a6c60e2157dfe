/** Annotations of a pod that mean something to Kubernetes, among them the old form of seccomp and AppArmor profiles. */
import type { AppArmorProfile, Container, PodSpec, SeccompProfile, Toleration } from '../../../schema/core/v1.ts';
import { quote } from '../../../lib/go-format.ts';
import { forbidden, invalid, type FieldError } from '../../field-error.ts';
import { validateLocalDescendingPath } from '../paths.ts';
import { keysOf } from '../rules.ts';
import { containersOf } from './containers-of.ts';
import { validateTolerations } from './tolerations.ts';

export type Annotations = Readonly<Record<string, string>> | undefined;

export const mirrorPodAnnotation = 'kubernetes.io/config.mirror';
export const seccompPodAnnotation = 'seccomp.security.alpha.kubernetes.io/pod';
export const seccompContainerPrefix = 'container.seccomp.security.alpha.kubernetes.io/';
export const appArmorContainerPrefix = 'container.apparmor.security.beta.kubernetes.io/';
const deletionCostAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
const tolerationsAnnotation = 'scheduler.alpha.kubernetes.io/tolerations';

/** An annotation's own value; undefined when it is not set. */
export function annotation(annotations: Annotations, name: string): string | undefined {
  return annotations && Object.hasOwn(annotations, name) ? annotations[name] : undefined;
}

export function validatePodAnnotations(annotations: Annotations, spec: PodSpec, path: string, errors: FieldError[]): void {
  if (!annotations) return;
  const mirror = annotation(annotations, mirrorPodAnnotation);
  if (mirror !== undefined && !spec.nodeName) {
    errors.push(invalid(`${path}[${mirrorPodAnnotation}]`, mirror, 'must set spec.nodeName if mirror pod annotation is set'));
  }
  const tolerations = annotation(annotations, tolerationsAnnotation);
  if (tolerations) validateTolerationsText(tolerations, path, errors);
  const cost = annotation(annotations, deletionCostAnnotation);
  if (cost !== undefined && !isInt32(cost)) errors.push(invalid(`${path}[${deletionCostAnnotation}]`, cost, 'must be a 32bit integer'));
  validateSeccompAnnotations(annotations, path, errors);
  for (const name of keysOf(annotations)) {
    if (name.startsWith(appArmorContainerPrefix)) validateAppArmorAnnotation(name, annotations[name]!, spec, path, errors);
  }
}

function isInt32(text: string): boolean {
  return /^(-\d+|0|[1-9]\d*)$/.test(text) && Number(text) >= -(2 ** 31) && Number(text) < 2 ** 31;
}

function validateTolerationsText(text: string, path: string, errors: FieldError[]): void {
  try {
    validateTolerations(JSON.parse(text) as Toleration[], `${path}.${tolerationsAnnotation}`, errors);
  } catch (error) {
    errors.push(invalid(path, tolerationsAnnotation, (error as Error).message));
  }
}

function validateSeccompAnnotations(annotations: NonNullable<Annotations>, path: string, errors: FieldError[]): void {
  for (const name of keysOf(annotations)) {
    if (name !== seccompPodAnnotation && !name.startsWith(seccompContainerPrefix)) continue;
    const profile = annotations[name]!;
    if (profile.startsWith('localhost/')) validateLocalDescendingPath(profile.slice('localhost/'.length), `${path}.${name}`, errors);
    else if (!['runtime/default', 'docker/default', 'unconfined'].includes(profile)) {
      errors.push(invalid(`${path}.${name}`, profile, 'must be a valid seccomp profile'));
    }
  }
}

function validateAppArmorAnnotation(name: string, profile: string, spec: PodSpec, path: string, errors: FieldError[]): void {
  const containerName = name.slice(appArmorContainerPrefix.length);
  const known = [...containersOf(spec, '')].some(([container]) => container.name === containerName);
  if (!known) errors.push(invalid(`${path}[${name}]`, containerName, 'container not found'));
  if (profile !== '' && profile !== 'runtime/default' && profile !== 'unconfined' && !profile.startsWith('localhost/')) {
    errors.push(invalid(`${path}[${name}]`, profile, `invalid AppArmor profile name: ${quote(profile)}`));
  }
}

/** Mirror pods and AppArmor annotations stay what they were; then the rules of new annotations again. */
export function validatePodAnnotationsUpdate(annotations: Annotations, old: Annotations, spec: PodSpec, path: string, errors: FieldError[]): void {
  for (const name of keysOf(old)) {
    if (annotation(annotations, name) === old![name]) continue;
    if (name.startsWith(appArmorContainerPrefix)) {
      errors.push(forbidden(`${path}[${name}]`, 'may not remove or update AppArmor annotations'));
    }
    if (name === mirrorPodAnnotation) errors.push(forbidden(`${path}[${name}]`, 'may not remove or update mirror pod annotation'));
  }
  for (const name of keysOf(annotations)) {
    if (annotation(old, name) !== undefined) continue;
    if (name.startsWith(appArmorContainerPrefix)) errors.push(forbidden(`${path}[${name}]`, 'may not add AppArmor annotations'));
    if (name === mirrorPodAnnotation) errors.push(forbidden(`${path}[${name}]`, 'may not add mirror pod annotation'));
  }
  validatePodAnnotations(annotations, spec, path, errors);
}

/** A profile given both as annotation and as field must be the same one. */
export function validateProfilesMatch(annotations: Annotations, spec: PodSpec, path: string, errors: FieldError[]): void {
  if (!annotations) return;
  const podProfile = annotation(annotations, seccompPodAnnotation);
  validateProfileMatch('seccomp', podProfile, spec.securityContext?.seccompProfile, `${path}.securityContext.seccompProfile`, errors);
  for (const [container, at] of containersOf(spec, path)) {
    const profile = annotation(annotations, seccompContainerPrefix + container.name);
    validateProfileMatch('seccomp', profile, container.securityContext?.seccompProfile, `${at}.securityContext.seccompProfile`, errors);
  }
  if (spec.os?.name === 'windows') return;
  for (const [container, at] of containersOf(spec, path)) {
    const profile = annotation(annotations, appArmorContainerPrefix + container.name);
    validateProfileMatch('apparmor', profile, appArmorProfileOf(container, spec), `${at}.securityContext.appArmorProfile`, errors);
  }
}

export const appArmorProfileOf = (container: Container, spec: PodSpec): AppArmorProfile | undefined =>
  container.securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile;

function validateProfileMatch(
  kind: 'seccomp' | 'apparmor', text: string | undefined, profile: SeccompProfile | AppArmorProfile | undefined, path: string,
  errors: FieldError[],
): void {
  if (text === undefined || !profile) return;
  const matches = {
    Unconfined: text === 'unconfined',
    RuntimeDefault: text === 'runtime/default' || (kind === 'seccomp' && text === 'docker/default'),
    Localhost: text.startsWith('localhost/'),
  }[profile.type];
  if (matches === false) errors.push(forbidden(`${path}.type`, `${kind} type in annotation and field must match`));
  else if (profile.type === 'Localhost' && text.slice('localhost/'.length) !== profile.localhostProfile) {
    errors.push(forbidden(`${path}.localhostProfile`, `${kind} profile in annotation and field must match`));
  }
}
