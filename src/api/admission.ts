/**
 * The admission chain: a list of named steps between decoding and the strategy. Mutating steps may change the object,
 * validating steps only refuse. Webhooks and policies will be further steps of the same shape.
 */
import type { KubeObject } from '../schema/objects.ts';
import type { StrategyContext } from './strategy.ts';

export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly subresource: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** The object to be written; undefined for a delete. Mutating steps change it in place. */
  readonly object: KubeObject | undefined;
  /** The stored object; undefined for a create. Frozen. */
  readonly oldObject: KubeObject | undefined;
  readonly dryRun: boolean;
  /** Who asks; controllers have names such as `system:serviceaccount:kube-system:namespace-controller`. */
  readonly userName: string;
  /** Adds a Warning header. */
  warn(text: string): void;
  /** Undoes a side effect (quota charged) if the write fails later. */
  onFailure(undo: () => void): void;
}

export interface AdmissionContext extends StrategyContext {
  /** Objects of the cluster, and how many it may have. */
  readonly objects: number;
  readonly objectsMax: number;
  /** Writes as the API server itself does (quota usage); no admission, no conflict checks. */
  updateStatus(group: string, resource: string, object: KubeObject): void;
}

export interface AdmissionStep {
  /** Upstream's plugin name, as it appears in texts. */
  readonly name: string;
  /** The resources it looks at, subresources included (`pods`, `ingresses.networking.k8s.io`); all when absent. */
  readonly resources?: readonly string[];
  /** Throws ApiError to refuse. */
  admit?(request: AdmissionRequest, context: AdmissionContext): void;
  validate?(request: AdmissionRequest, context: AdmissionContext): void;
}

/** A chain as one resource meets it. */
export interface SelectedSteps {
  readonly admit: readonly NonNullable<AdmissionStep['admit']>[];
  readonly validate: readonly NonNullable<AdmissionStep['validate']>[];
}

const selected = new WeakMap<readonly AdmissionStep[], Map<string, SelectedSteps>>();

/** What the steps of a chain do about writes of `resource` (`pods`), in order. */
export function stepsFor(chain: readonly AdmissionStep[], resource: string): SelectedSteps {
  let byResource = selected.get(chain);
  if (!byResource) selected.set(chain, byResource = new Map());
  let steps = byResource.get(resource);
  if (!steps) {
    const looking = chain.filter((step) => step.resources?.includes(resource) ?? true);
    steps = {
      admit: looking.flatMap((step) => (step.admit ? [step.admit.bind(step)] : [])),
      validate: looking.flatMap((step) => (step.validate ? [step.validate.bind(step)] : [])),
    };
    byResource.set(resource, steps);
  }
  return steps;
}
