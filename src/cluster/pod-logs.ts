/**
 * Container logs as a kubelet serves them: which instance's log is meant, which lines of it, how they look.
 * Upstream: pkg/kubelet/kubelet_pods.go validateContainerLogStatus, pkg/kubelet/kuberuntime/logs.
 */
import type { ByteSink, LogAnswer, PodLogOptions } from '../api/node-connector.ts';
import { limits } from '../limits.ts';
import type { ContainerStatus, Pod } from '../schema/core/v1.ts';
import type { LogLine, Runtime } from '../runtime/runtime.ts';

const linesPerChunk = 1_000;

export function podLogs(pod: Pod, runtime: Runtime, options: PodLogOptions, nowMs: number): LogAnswer {
  const found = logContainerId(pod, options);
  if ('message' in found) return { ok: false, code: 400, message: found.message };
  return { ok: true, start: (sink) => sendLogs(runtime, found.id, options, nowMs, sink) };
}

/** The id, without scheme, of the instance whose log is asked for; or the kubelet's refusal. */
export function logContainerId(pod: Pod, { container, previous }: Pick<PodLogOptions, 'container' | 'previous'>): { id: string } | { message: string } {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = pod.status;
  const status = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses].find(({ name }) => name === container);
  const where = `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)}`;
  if (!status) return { message: `${where} is not available` };
  const last = status.lastState.terminated?.containerID;
  if (previous) return last ? { id: bare(last) } : { message: `previous terminated ${where} not found` };
  if (status.state.running) return { id: bare(status.containerID ?? '') };
  if (status.state.terminated) {
    const id = status.state.terminated.containerID || last;
    return id ? { id: bare(id) } : { message: `${where} is terminated` };
  }
  if (status.lastState.terminated) return last ? { id: bare(last) } : { message: `${where} is terminated` };
  return { message: waitingText(where, status) };
}

const bare = (containerId: string) => containerId.replace(/^\w+:\/\//, '');

function waitingText(where: string, { state }: ContainerStatus): string {
  const reason = state.waiting?.reason;
  if (reason === undefined) return `${where} is waiting to start - no logs yet`;
  if (reason === 'ErrImagePull') return `${where} is waiting to start: image can't be pulled`;
  if (reason === 'ImagePullBackOff') return `${where} is waiting to start: trying and failing to pull image`;
  return `${where} is waiting to start: ${reason}`;
}

function sendLogs(runtime: Runtime, id: string, options: PodLogOptions, nowMs: number, sink: ByteSink): () => void {
  let left = options.limitBytes ?? Infinity;
  let over = !options.follow;
  let sendingPast = true;
  const send = (lines: readonly LogLine[]): void => {
    if (left <= 0) return;
    const bytes = Buffer.from(lines.map((line) => printed(line, options.timestamps)).join(''));
    sink.write(bytes.subarray(0, left));
    left -= bytes.length;
    if (left <= 0) finish();
  };
  const finish = (): void => {
    over = true;
    if (sendingPast) return;
    log.stop();
    sink.end();
  };
  const follow = (line: LogLine): void => (sink.bufferedBytes() > limits.unreadBytesMax ? finish() : send([line]));
  const log = options.follow ? runtime.logs(id, follow, finish) : runtime.logs(id);
  const past = selected(log.lines, options, nowMs);
  for (let i = 0; i < past.length && left > 0; i += linesPerChunk) send(past.slice(i, i + linesPerChunk));
  sendingPast = false;
  if (over) finish();
  return () => log.stop();
}

function selected(lines: readonly LogLine[], { sinceSeconds, sinceTimeMs, tailLines }: PodLogOptions, nowMs: number): readonly LogLine[] {
  const since = sinceSeconds === undefined ? sinceTimeMs : nowMs - sinceSeconds * 1000;
  const recent = since === undefined ? lines : lines.filter(({ at }) => at >= since);
  return tailLines === undefined ? recent : tailLines === 0 ? [] : recent.slice(-tailLines);
}

function printed({ at, text, partial }: LogLine, timestamps: boolean): string {
  const stamp = timestamps ? `${new Date(at).toISOString().replace('Z', '000000Z')} ` : '';
  return `${stamp}${text}${partial ? '' : '\n'}`;
}
