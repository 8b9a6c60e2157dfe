/** The checks of the level `restricted`, which come on top of those of `baseline`. */
import type { Container, Volume } from '../../schema/core/v1.ts';
import {
  containers, isRelaxed, joinQuoted, namesOf, plural, procMount, setters, sorted, unconfinedSeccomp,
  type Check, type CheckedPod, type Violation,
} from './pod-security-checks.ts';

const allowedVolumes = [
  'configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'image', 'persistentVolumeClaim', 'projected', 'secret',
] as const;

/** Windows has none of what these three ask for (since v1.25). */
const isWindows = ({ spec }: CheckedPod, minor: number): boolean => minor >= 25 && spec.os?.name === 'windows';

export const restrictedChecks: readonly Check[] = [
  {
    id: 'allowPrivilegeEscalation',
    since: 8,
    run(pod, minor) {
      const bad = containers(pod.spec).filter(({ securityContext }) => securityContext?.allowPrivilegeEscalation !== false);
      return bad.length === 0 || isWindows(pod, minor) ? undefined : {
        reason: 'allowPrivilegeEscalation != false', detail: `${namesOf(bad)} must set securityContext.allowPrivilegeEscalation=false`,
      };
    },
  },
  {
    id: 'capabilities_restricted', since: 22, overrides: 'capabilities_baseline',
    run: (pod, minor) => (isWindows(pod, minor) ? undefined : capabilities(pod)),
  },
  { id: 'procMount_restricted', since: 35, overrides: 'procMount', run: procMount },
  { id: 'restrictedVolumes', since: 0, overrides: 'hostPathVolumes', run: volumes },
  { id: 'runAsNonRoot', since: 0, run: (pod, minor) => (isRelaxed(pod, minor) ? undefined : runAsNonRoot(pod)) },
  {
    id: 'runAsUser',
    since: 23,
    run(pod, minor) {
      const who = setters(pod.spec.securityContext?.runAsUser === 0,
        containers(pod.spec).filter(({ securityContext }) => securityContext?.runAsUser === 0));
      return who === '' || isRelaxed(pod, minor) ? undefined : { reason: 'runAsUser=0', detail: `${who} must not set runAsUser=0` };
    },
  },
  {
    id: 'seccompProfile_restricted', since: 19, overrides: 'seccompProfile_baseline',
    run: (pod, minor) => (isWindows(pod, minor) ? undefined : seccomp(pod)),
  },
];

function capabilities({ spec }: CheckedPod): Violation | undefined {
  const added = ({ securityContext }: Container) => (securityContext?.capabilities?.add ?? []).filter((name) => name !== 'NET_BIND_SERVICE');
  const keeping = containers(spec).filter(({ securityContext }) => !securityContext?.capabilities?.drop?.includes('ALL'));
  const adding = containers(spec).filter((container) => added(container).length > 0);
  const details = [
    ...(keeping.length > 0 ? [`${namesOf(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
    ...(adding.length > 0
      ? [`${namesOf(adding)} must not include ${joinQuoted(sorted(adding.flatMap(added)))} in securityContext.capabilities.add`] : []),
  ];
  return details.length === 0 ? undefined : { reason: 'unrestricted capabilities', detail: details.join('; ') };
}

function volumes({ spec }: CheckedPod): Violation | undefined {
  const bad = (spec.volumes ?? []).filter((volume) => !allowedVolumes.some((source) => volume[source] !== undefined));
  if (bad.length === 0) return undefined;
  const types = sorted(bad.map(sourceOf));
  return {
    reason: 'restricted volume types',
    detail: `${plural('volume', 'volumes', bad.length)} ${joinQuoted(bad.map(({ name }) => name))} ${plural('uses', 'use', bad.length)} `
      + `${plural('restricted volume type', 'restricted volume types', types.length)} ${joinQuoted(types)}`,
  };
}

const sourceOf = (volume: Volume): string => Object.keys(volume).find((member) => member !== 'name') ?? 'unknown';

function runAsNonRoot({ spec }: CheckedPod): Violation | undefined {
  const reason = 'runAsNonRoot != true';
  const pod = spec.securityContext?.runAsNonRoot;
  const who = setters(pod === false, containers(spec).filter(({ securityContext }) => securityContext?.runAsNonRoot === false));
  if (who !== '') return { reason, detail: `${who} must not set securityContext.runAsNonRoot=false` };
  const silent = pod ? [] : containers(spec).filter(({ securityContext }) => securityContext?.runAsNonRoot === undefined);
  return silent.length === 0 ? undefined : { reason, detail: `pod or ${namesOf(silent)} must set securityContext.runAsNonRoot=true` };
}

function seccomp(pod: CheckedPod): Violation | undefined {
  const unconfined = unconfinedSeccomp(pod);
  if (unconfined) return unconfined;
  const silent = pod.spec.securityContext?.seccompProfile ? []
    : containers(pod.spec).filter(({ securityContext }) => !securityContext?.seccompProfile);
  return silent.length === 0 ? undefined : {
    reason: 'seccompProfile', detail: `pod or ${namesOf(silent)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  };
}
