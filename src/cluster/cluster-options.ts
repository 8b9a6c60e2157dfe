/** What a cluster is made from. */
import type { Options } from '../options.ts';
import type { ImageRule } from '../runtime/images.ts';
import type { Scenario } from '../schema/fakelet/scenario.ts';
import type { ClusterState } from './snapshot.ts';

export interface ClusterOptions {
  readonly options: Options;
  /** Version of this program. */
  readonly version: string;
  /** PEM of the authority that clients must trust; absent without TLS. */
  readonly ca?: string;
  /** Image catalogue in addition to the built-in one. */
  readonly images?: readonly ImageRule[];
  /** Hears of failures inside the emulator. */
  readonly onError?: (text: string) => void;
  /** Objects to create at start. */
  readonly manifests: readonly unknown[];
  /** Scenarios to start with. */
  readonly scenarios?: readonly Scenario[];
  /** What a reset goes back to, instead of an empty cluster. */
  readonly snapshot?: ClusterState;
}
