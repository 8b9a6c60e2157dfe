/** Deployments, ReplicaSets, ReplicationControllers, StatefulSets, DaemonSets and PodTemplates (pkg/registry/apps, core). */
import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from '../../schema/apps/v1.ts';
import type { PodTemplateSpec, ReplicationController } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import { equal } from '../../lib/json.ts';
import type { Strategy } from '../strategy.ts';
import { dns1123Label, nameIsDNSLabel, nameIsDNSLabelPrefix } from '../validation/names.ts';
import { validatePodTemplateSpec } from '../validation/pod/pod.ts';
import { validateDaemonSetStatus, validateDeploymentStatus, validateReplicaSetStatus, validateStatefulSetStatus } from '../validation/workload-status.ts';
import { validateStatefulSet, validateStatefulSetUpdate } from '../validation/stateful-set.ts';
import {
  validateDaemonSet, validateDeployment, validateReplicaSet, validateReplicationController, validateSelectorImmutable,
} from '../validation/workloads.ts';
import { genericStrategy, type Validation } from './generic-strategy.ts';
import { claimSpecWarnings } from './claims.ts';
import { convertPodSpec } from './pod-conversion.ts';
import { dropDisabledSpecFields } from './pod-disabled-fields.ts';
import { warningsForPodTemplate } from './pod-warnings.ts';

/** Where an object has its template of Pods. */
export interface TemplatePlace {
  readonly path: string;
  of(object: KubeObject): PodTemplateSpec | undefined;
}

const inSpec: TemplatePlace = { path: 'spec.template', of: (object) => (object as { spec?: { template?: PodTemplateSpec } }).spec?.template };

/** What all that make Pods from a template share. */
export function templatedStrategy(
  facts: ResourceFacts, validation: Validation, own: Partial<Strategy> = {}, { path, of: templateOf }: TemplatePlace = inSpec,
): Strategy {
  const generic = genericStrategy(facts, validation, own);
  const dropDisabled = (object: KubeObject): void => {
    const spec = templateOf(object)?.spec;
    if (spec) dropDisabledSpecFields(spec);
  };
  return {
    ...generic,
    convert: (object) => {
      const spec = templateOf(object)?.spec;
      if (spec) convertPodSpec(spec);
    },
    prepareForCreate: (object, context) => {
      dropDisabled(object);
      generic.prepareForCreate?.(object, context);
    },
    prepareForUpdate: (next, old, context) => {
      dropDisabled(next);
      generic.prepareForUpdate?.(next, old, context);
    },
    warningsOnCreate: (object) => {
      const template = templateOf(object);
      return [...podNameWarnings(facts, object), ...(template ? warningsForPodTemplate(template, path) : [])];
    },
    warningsOnUpdate: (next, old) => {
      const template = templateOf(next);
      return template && !equal(template, templateOf(old)) ? warningsForPodTemplate(template, path) : [];
    },
    ...own,
    ...generic.subresources && { subresources: generic.subresources },
  };
}

/** Those that give their Pods names made of their own. */
const namesPods: ReadonlySet<string> = new Set(['replicationcontrollers', 'replicasets', 'deployments', 'jobs', 'cronjobs']);

function podNameWarnings({ resource }: ResourceFacts, { metadata }: KubeObject): string[] {
  const texts = namesPods.has(resource) ? dns1123Label(metadata.name ?? '') : [];
  return texts.length === 0 ? [] : ['metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; '
    + `a DNS label is recommended: [${texts.join(' ')}]`];
}

const as = <T>(object: KubeObject): T => object as unknown as T;

export const deploymentStrategy = (facts: ResourceFacts): Strategy => templatedStrategy(facts, {
  object: (object, errors) => validateDeployment(as<Deployment>(object), errors),
  update: (next, old, errors) => validateSelectorImmutable(as<Deployment>(next).spec, as<Deployment>(old).spec, errors),
  updateSteps: ['change', 'object', 'update'],
  status: (next, old, errors) => validateDeploymentStatus(as<Deployment>(next).status, as<Deployment>(old).status, errors),
});

export const replicaSetStrategy = (facts: ResourceFacts): Strategy => templatedStrategy(facts, {
  object: (object, errors) => validateReplicaSet(as<ReplicaSet>(object), errors),
  update: (next, old, errors) => validateSelectorImmutable(as<ReplicaSet>(next).spec!, as<ReplicaSet>(old).spec!, errors),
  updateSteps: ['change', 'object', 'update'],
  status: (next, _old, errors) => validateReplicaSetStatus(as<ReplicaSet>(next).status!, errors),
});

export const replicationControllerStrategy = (facts: ResourceFacts): Strategy => templatedStrategy(facts, {
  object: (object, errors) => validateReplicationController(as<ReplicationController>(object), errors),
  updateSteps: ['change', 'object'],
  status: (next, _old, errors) => validateReplicaSetStatus(as<ReplicationController>(next).status!, errors),
}, {
  selectableFields: (object) => ({ 'status.replicas': String(as<ReplicationController>(object).status?.replicas ?? 0) }),
});

export function statefulSetStrategy(facts: ResourceFacts): Strategy {
  const generic = statefulSets(facts);
  return {
    ...generic,
    prepareForCreate: (object, context) => {
      generic.prepareForCreate?.(object, context);
      dropMaxUnavailable(as<StatefulSet>(object));
    },
    prepareForUpdate: (next, old, context) => {
      dropMaxUnavailable(as<StatefulSet>(next));
      generic.prepareForUpdate?.(next, old, context);
    },
    warningsOnCreate: (object) => [...generic.warningsOnCreate!(object), ...setWarnings(as<StatefulSet>(object), '')],
    warningsOnUpdate: (next, old) => [...generic.warningsOnUpdate!(next, old), ...setWarnings(as<StatefulSet>(next), '.Spec')],
  };
}

/** Behind the gate MaxUnavailableStatefulSet, which is off. */
function dropMaxUnavailable({ spec }: StatefulSet): void {
  delete spec.updateStrategy?.rollingUpdate?.maxUnavailable;
}

/** `claimSuffix`: how upstream ends the path of a claim, which differs between create and update. */
function setWarnings({ spec: { volumeClaimTemplates = [], revisionHistoryLimit = 0 } }: StatefulSet, claimSuffix: string): string[] {
  const claims = volumeClaimTemplates.flatMap(({ spec }, i) => claimSpecWarnings(spec, `spec.volumeClaimTemplates[${i}]${claimSuffix}`));
  return revisionHistoryLimit >= 0 ? claims
    : [...claims, 'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended'];
}

const statefulSets = (facts: ResourceFacts): Strategy => templatedStrategy(facts, {
  object: (object, errors) => validateStatefulSet(as<StatefulSet>(object), errors),
  name: nameIsDNSLabel, generateName: nameIsDNSLabelPrefix,
  update: (next, old, errors) => validateStatefulSetUpdate(as<StatefulSet>(next), as<StatefulSet>(old), errors),
  updateSteps: ['change', 'update'],
  status: (next, old, errors) => validateStatefulSetStatus(as<StatefulSet>(next).status!, as<StatefulSet>(old).status!, errors),
}, {
  convert: (object) => {
    const { spec } = as<StatefulSet>(object);
    convertPodSpec(spec.template.spec);
    for (const claim of spec.volumeClaimTemplates ?? []) {
      claim.kind ??= 'PersistentVolumeClaim';
      claim.apiVersion ??= 'v1';
      if (claim.status?.phase === undefined) claim.status = { ...claim.status, phase: 'Pending' };
    }
  },
});

const templateGeneration = 'deprecated.daemonset.template.generation';
const generationOf = ({ metadata }: KubeObject): number => Number.parseInt(metadata.annotations?.[templateGeneration] ?? '0', 10) || 0;
const setGeneration = ({ metadata }: KubeObject, generation: number): void => {
  metadata.annotations = { ...metadata.annotations, [templateGeneration]: String(generation) };
};

/** Internally a DaemonSet counts the changes of its template; v1 shows the count as an annotation. */
export function daemonSetStrategy(facts: ResourceFacts): Strategy {
  const generic = templatedStrategy(facts, {
    object: (object, errors) => validateDaemonSet(as<DaemonSet>(object), errors),
    update: (next, old, errors) => validateSelectorImmutable(as<DaemonSet>(next).spec, as<DaemonSet>(old).spec, errors),
    updateSteps: ['change', 'update', 'object'],
    status: (next, old, errors) => validateDaemonSetStatus(as<DaemonSet>(next).status!, as<DaemonSet>(old).status!, errors),
  });
  return {
    ...generic,
    versionedAnnotations: [templateGeneration],
    convert: (object) => {
      generic.convert?.(object);
      setGeneration(object, generationOf(object));
      const { updateStrategy } = as<DaemonSet>(object).spec;
      // The internal type has no pointers here, so what was not set comes back as zero.
      const { rollingUpdate } = updateStrategy ?? {};
      if (!rollingUpdate) return;
      if (rollingUpdate.maxUnavailable === undefined) rollingUpdate.maxUnavailable = 0;
      if (rollingUpdate.maxSurge === undefined) rollingUpdate.maxSurge = 0;
    },
    prepareForCreate: (object, context) => {
      generic.prepareForCreate?.(object, context);
      setGeneration(object, Math.max(1, generationOf(object)));
    },
    prepareForUpdate: (next, old, context) => {
      generic.prepareForUpdate?.(next, old, context);
      const sameTemplate = equal(as<DaemonSet>(next).spec.template, as<DaemonSet>(old).spec.template);
      setGeneration(next, generationOf(old) + (sameTemplate ? 0 : 1));
    },
  };
}

const asTemplate: TemplatePlace = { path: 'template', of: (object) => as<{ template?: PodTemplateSpec }>(object).template };

export const podTemplateStrategy = (facts: ResourceFacts): Strategy => templatedStrategy(facts, {
  object: (object, errors) => validatePodTemplateSpec(asTemplate.of(object)!, 'template', errors),
  updateSteps: ['change', 'object'],
}, {}, asTemplate);
