/** What a gRPC probe makes of a server's answer. */
import type { HealthAnswer } from '../../runtime/runtime.ts';
import type { Finding } from './probe-runner.ts';

const codes = [
  'OK', 'Canceled', 'Unknown', 'InvalidArgument', 'DeadlineExceeded', 'NotFound', 'AlreadyExists', 'PermissionDenied', 'ResourceExhausted',
  'FailedPrecondition', 'Aborted', 'OutOfRange', 'Unimplemented', 'Internal', 'Unavailable', 'DataLoss', 'Unauthenticated',
];

/** As pkg/probe/grpc words it. `answer` is undefined when no server took up the connection in time; `timeout` as Go prints it. */
export function healthFinding(answer: HealthAnswer | undefined, address: string, timeout: string): Finding {
  if (!answer) return failure(`timeout: failed to connect service "${address}" within ${timeout}: context deadline exceeded`);
  if ('status' in answer) return answer.status === 'SERVING' ? { result: 'success', output: 'service healthy' } : failure(`service unhealthy (responded with "${answer.status}")`);
  const code = codes[answer.code] ?? `Code(${answer.code})`;
  if (code === 'Unimplemented') return failure(`error: this server does not implement the grpc health protocol (grpc.health.v1.Health): ${answer.message}`);
  if (code === 'DeadlineExceeded') return failure(`timeout: health rpc did not complete within ${timeout}`);
  return failure(`error: health rpc probe failed: rpc error: code = ${code} desc = ${answer.message}`);
}

const failure = (output: string): Finding => ({ result: 'failure', output });
