/** How long a node that shuts down waits for its Pods, as a KubeletConfiguration says it. */
import type { ShutdownGrace } from '../controllers/kubelet/node-shutdown.ts';
import type { NodeShutdown } from '../schema/fakelet/v1.ts';
import { DurationError, parseDuration } from '../schema/values/duration.ts';
import { EmulatorError } from './emulator-error.ts';

/** Throws EmulatorError (400) where a kubelet would refuse its configuration. */
export function shutdownGrace({ shutdownGracePeriod = '30s', shutdownGracePeriodCriticalPods = '10s' }: NodeShutdown): ShutdownGrace {
  const grace = {
    seconds: secondsOf('shutdownGracePeriod', shutdownGracePeriod),
    criticalPodsSeconds: secondsOf('shutdownGracePeriodCriticalPods', shutdownGracePeriodCriticalPods),
  };
  if (grace.criticalPodsSeconds > grace.seconds) {
    throw new EmulatorError(400, 'Failed to shut the node down: shutdownGracePeriodCriticalPods is a part of shutdownGracePeriod. Give no more.');
  }
  return grace;
}

/** Whole seconds, as the kubelet counts them. */
function secondsOf(name: string, text: string): number {
  try {
    const seconds = Math.floor(Number(parseDuration(text)) / 1e9);
    if (seconds < 0) throw new DurationError('it is negative');
    return seconds;
  } catch (error) {
    if (error instanceof DurationError) throw new EmulatorError(400, `Failed to read ${name} '${text}': ${error.message}. Write it as 90s, 10m or 1h30m.`);
    throw error;
  }
}
