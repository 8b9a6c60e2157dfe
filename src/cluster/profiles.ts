/**
 * The latency profiles: how long every step of a node and of the control plane takes. `realistic` is what the
 * recordings measured, `fast` takes no time. Times that a Pod's spec or Kubernetes' constants ask for are in neither.
 */
import type { ControllerLatencies } from '../controllers/controller.ts';
import * as kubelet from '../controllers/kubelet/latencies.ts';
import type { Options } from '../options.ts';
import * as runtime from '../runtime/profiles.ts';

export interface Profile {
  readonly runtime: runtime.RuntimeLatencies;
  readonly kubelet: kubelet.KubeletLatencies;
  readonly controllers: ControllerLatencies;
}

const profiles: Readonly<Record<string, Profile>> = {
  realistic: { runtime: runtime.realisticLatencies, kubelet: kubelet.realisticLatencies, controllers: { bindMs: 10, provisionMs: 1000 } },
  fast: { runtime: runtime.fastLatencies, kubelet: kubelet.fastLatencies, controllers: { bindMs: 0, provisionMs: 0 } },
};

export const profileOf = ({ profile }: Options): Profile => profiles[profile]!;
