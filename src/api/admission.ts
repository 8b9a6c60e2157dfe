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
  /** Writes as the API server itself does (quota usage); no admission, no conflict checks. */
  updateStatus(group: string, resource: string, object: KubeObject): void;
}

export interface AdmissionStep {
  /** Upstream's plugin name, as it appears in texts. */
  readonly name: string;
  /** Throws ApiError to refuse. */
  admit?(request: AdmissionRequest, context: AdmissionContext): void;
  validate?(request: AdmissionRequest, context: AdmissionContext): void;
}
