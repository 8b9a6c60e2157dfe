/** What a container leaves to be read after its end (kuberuntime_container.go getTerminationMessage). */
import type { Pod } from '../../schema/core/v1.ts';
import type { Container } from '../../runtime/runtime.ts';
import { findContainer } from './pod-containers.ts';
import type { KubeletRuntime } from './scope.ts';

const messageBytesMax = 4096;
const logLinesMax = 80;
const logBytesMax = 2048;

/** The end of the message file (tail.ReadAtMost); the end of the log when it is empty, the container failed and its spec asks for that. */
export function terminationMessage(runtime: KubeletRuntime, pod: Pod | undefined, instance: Container): string | undefined {
  const message = instance.message === undefined ? '' : lastBytes(instance.message, messageBytesMax);
  const policy = pod && findContainer(pod, instance.config.name)?.container.terminationMessagePolicy;
  if (message !== '' || policy !== 'FallbackToLogsOnError' || instance.exitCode === 0) return message;
  const lines = runtime.logs(instance.id).lines.slice(-logLinesMax);
  return lastBytes(lines.map(({ text, partial }) => (partial ? text : `${text}\n`)).join(''), logBytesMax);
}

function lastBytes(text: string, max: number): string {
  const bytes = Buffer.from(text);
  return bytes.length <= max ? text : bytes.subarray(bytes.length - max).toString();
}
