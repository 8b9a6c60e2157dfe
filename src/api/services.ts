/** What every verb works with: the parts of one cluster's API. */
import type { Clock } from '../clock/clock.ts';
import type { Prng } from '../lib/prng.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { Store } from '../store/store.ts';
import type { AdmissionStep } from './admission.ts';
import type { AggregatedApi } from './aggregated-api.ts';
import type { NodeConnector } from './node-connector.ts';
import type { Registry } from './registry.ts';

export interface Services {
  readonly store: Store<KubeObject>;
  readonly clock: Clock;
  readonly random: Prng;
  /** For what leaves no trace in the store (audit ids, lengths of watches): reading must not change what later writes draw. */
  readonly readRandom: Prng;
  readonly registry: Registry;
  readonly admission: readonly AdmissionStep[];
  /** Undefined when the cluster has no nodes (envtest). */
  readonly nodes: NodeConnector | undefined;
  readonly tokens: TokenIssuer;
  /** Objects that the cluster may have. */
  readonly objectsMax: number;
  /** Groups that other servers answer. */
  readonly aggregated: readonly AggregatedApi[];
}

/** Makes and reads the tokens of service accounts. */
export interface TokenIssuer {
  /** The claims as a JWT. */
  sign(claims: Readonly<Record<string, unknown>>): string;
  /** The claims of a token that is valid at `nowMs`, or undefined. */
  verify(token: string, nowMs: number): Readonly<Record<string, unknown>> | undefined;
  /** The public key as a JSON Web Key Set. */
  jwks(): object;
}

/** Who asks. */
export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}
