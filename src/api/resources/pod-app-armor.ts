/** AppArmor profiles given as annotations, the form before v1.30, become fields of their containers. */
import type { AppArmorProfile, Container, Pod } from '../../schema/core/v1.ts';
import { equal } from '../../lib/json.ts';
import { annotation, appArmorContainerPrefix } from '../validation/pod/annotations.ts';
import { containersOf } from '../validation/pod/containers-of.ts';

/** Copies profiles from annotations to containers that have none of their own, in place. */
export function syncAppArmor(pod: Pod): void {
  if (pod.spec.os?.name === 'windows') return;
  for (const [container, profile] of annotatedContainers(pod)) {
    if (container.securityContext?.appArmorProfile || !profile || equal(profile, pod.spec.securityContext?.appArmorProfile)) continue;
    container.securityContext = { ...container.securityContext, appArmorProfile: profile };
  }
}

/** Containers whose annotation asks for a profile that their pod does not have, or for none that exists. */
export function appArmorWarnings(pod: Pod): string[] {
  if (pod.spec.os?.name === 'windows') return [];
  return annotatedContainers(pod)
    .filter(([container, profile]) => equal(container.securityContext?.appArmorProfile, profile)
      && !(profile && equal(profile, pod.spec.securityContext?.appArmorProfile)))
    .map(([{ name }]) => `metadata.annotations[${appArmorContainerPrefix}${name}]: `
      + 'deprecated since v1.30; use the "appArmorProfile" field instead');
}

/** The profile is undefined where the annotation names none. */
function annotatedContainers({ metadata, spec }: Pod): [container: Container, profile: AppArmorProfile | undefined][] {
  if (!metadata.annotations) return [];
  return [...containersOf(spec, 'spec')].flatMap(([container]) => {
    const text = annotation(metadata.annotations, appArmorContainerPrefix + container.name);
    return text === undefined ? [] : [[container, profileOf(text)]];
  });
}

function profileOf(text: string): AppArmorProfile | undefined {
  if (text === 'unconfined') return { type: 'Unconfined' };
  if (text === 'runtime/default') return { type: 'RuntimeDefault' };
  const localhostProfile = text.startsWith('localhost/') ? text.slice('localhost/'.length) : '';
  return localhostProfile !== '' && localhostProfile.trim() === localhostProfile ? { type: 'Localhost', localhostProfile } : undefined;
}
