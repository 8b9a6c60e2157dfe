/** Runs lifecycle hooks (lifecycle/handlers.go). */
import type { Container, ContainerPort, LifecycleHandler, Pod } from '../../schema/core/v1.ts';
import type { Clock } from '../../clock/clock.ts';
import type { ExecResult, HttpResult } from '../../runtime/runtime.ts';
import { quote } from '../../lib/go-format.ts';
import { execFailure } from './exec-error.ts';
import { httpRequest, resolvePort } from './http-action.ts';
import { printPod } from './pod-containers.ts';
import type { KubeletRuntime } from './scope.ts';
import { wait, type Task } from '../task.ts';

/** A hook's own HTTP requests end after this long. */
const httpTimeoutMs = 30_000;

export interface HookTarget {
  readonly hook: 'postStart' | 'preStop';
  readonly pod: Pod;
  readonly container: Container;
  readonly containerId: string;
  readonly podIP: string;
}

/** Undefined when the hook succeeded, else the message for `PostStartHookError`. */
export function* runHook(runtime: KubeletRuntime, clock: Clock, target: HookTarget, handler: LifecycleHandler): Task<string | undefined> {
  const where = `for Container ${quote(target.container.name)} in Pod ${quote(printPod(target.pod))} failed - error:`;
  const scripted = runtime.scriptedAnswer(target.containerId, target.hook);
  if (scripted) {
    yield* wait<void>((done) => { if (scripted.delayMs !== Infinity) clock.after(scripted.delayMs, 'scripted hook', done); });
    return scripted.ok ? undefined : `${target.hook} lifecycle hook ${where} ${scripted.output}`;
  }
  if (handler.exec) {
    const command = handler.exec.command ?? [];
    const result = yield* wait<ExecResult>((done) => runtime.execSync(target.containerId, command, Infinity, done));
    if (result.exitCode === 0) return undefined;
    const output = result.exitCode === undefined ? '' : result.output;
    return `Exec lifecycle hook ([${command.join(' ')}]) ${where} ${execFailure(command, result)}, message: ${quote(output)}`;
  }
  if (handler.httpGet) {
    const port = resolvePort(handler.httpGet.port, target.container.ports as readonly ContainerPort[] | undefined);
    const error = typeof port === 'string' ? port : yield* httpHook(runtime, target, handler.httpGet, port);
    return error === undefined ? undefined : `HTTP lifecycle hook (${handler.httpGet.path ?? ''}) ${where} ${error}`;
  }
  if (handler.sleep) {
    const { seconds } = handler.sleep;
    yield* wait<void>((done) => { clock.after(seconds * 1000, 'sleep hook', done); });
    return undefined;
  }
  return 'Cannot run handler: invalid handler';
}

/** Any answer is a success. */
function* httpHook(
  runtime: KubeletRuntime, { podIP }: HookTarget, action: NonNullable<LifecycleHandler['httpGet']>, port: number,
): Task<string | undefined> {
  const request = httpRequest(action, port, podIP, httpTimeoutMs, 'kube-lifecycle/1.36');
  const result = yield* wait<HttpResult | { readonly error: string }>((done) => runtime.http(request, done));
  return 'error' in result ? result.error : undefined;
}
