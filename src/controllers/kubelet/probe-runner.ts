/** Runs one probe and reports what it found (prober/prober.go, pkg/probe). */
import type { Container, Pod, PodStatus, Probe } from '../../schema/core/v1.ts';
import type { Clock } from '../../clock/clock.ts';
import { healthFinding } from './grpc-probe.ts';
import type { ConnectResult, ExecResult, HealthAnswer, HttpResult } from '../../runtime/runtime.ts';
import type { ScriptedAnswer } from '../../runtime/script.ts';
import { formatDuration } from '../../schema/values/duration.ts';
import { execFailure, execTimeout } from './exec-error.ts';
import { expand } from './expansion.ts';
import { httpRequest, resolvePort } from './http-action.ts';
import type { ProbeKind, ProbeResult } from './memory.ts';
import type { PodEvents } from './pod-events.ts';
import type { KubeletRuntime } from './scope.ts';
import { run, wait, type Task } from '../task.ts';

/** What a probe saw; `error`: it could not even be run. */
export type Finding =
  | { readonly result: 'success' | 'failure' | 'warning'; readonly output: string }
  | { readonly error: string };

const errorRetries = 3;
const outputBytesMax = 10 * 1024;
const textOf = (body: Uint8Array) => Buffer.from(body).toString();
const names = { readiness: 'Readiness', liveness: 'Liveness', startup: 'Startup' } as const;

export class ProbeRunner {
  readonly #clock: Clock;
  readonly #runtime: KubeletRuntime;
  readonly #events: PodEvents;

  constructor(clock: Clock, runtime: KubeletRuntime, events: PodEvents) {
    this.#clock = clock;
    this.#runtime = runtime;
    this.#events = events;
  }

  /** Undefined when the probe itself went wrong; that changes nothing but is reported. */
  run(
    kind: ProbeKind, pod: Pod, container: Container, spec: Probe, status: PodStatus, containerId: string,
    done: (result: ProbeResult | undefined) => void,
  ): void {
    const scripted = this.#runtime.scriptedAnswer(containerId, kind);
    const task = scripted ? this.#scripted(spec, scripted) : this.#withRetries(spec, container, status, containerId);
    run(task, (finding) => {
      const unhealthy = (message: string, reason = 'Unhealthy') =>
        this.#events.container(pod, container, 'Warning', reason, `${names[kind]} probe ${message}`);
      if ('error' in finding) {
        unhealthy(`errored and resulted in unknown state: ${finding.error}`);
        return done(undefined);
      }
      if (finding.result === 'failure') unhealthy(`failed: ${finding.output}`);
      if (finding.result === 'warning') unhealthy(`warning: ${finding.output}`, 'ProbeWarning');
      done(finding.result === 'failure' ? 'failure' : 'success');
    });
  }

  *#withRetries(spec: Probe, container: Container, status: PodStatus, containerId: string): Task<Finding> {
    let finding: Finding = { error: 'not run' };
    for (let i = 0; i < errorRetries && 'error' in finding; i++) finding = yield* this.#once(spec, container, status, containerId);
    return finding;
  }

  #once(spec: Probe, container: Container, status: PodStatus, containerId: string): Task<Finding> {
    const timeoutSeconds = spec.timeoutSeconds ?? 1;
    const podIP = status.podIP ?? '';
    if (spec.exec) return this.#exec(spec.exec.command ?? [], container, containerId, timeoutSeconds);
    if (spec.httpGet) return this.#http(spec.httpGet, container, podIP, timeoutSeconds);
    if (spec.tcpSocket) return this.#tcp(spec.tcpSocket, container, podIP, timeoutSeconds);
    return this.#grpc(spec.grpc?.port ?? 0, spec.grpc?.service ?? '', podIP, timeoutSeconds);
  }

  /** A behaviour answers; later than the probe waits is a failure. */
  *#scripted({ timeoutSeconds = 1, httpGet }: Probe, { ok, output, delayMs }: ScriptedAnswer): Task<Finding> {
    const timeoutMs = timeoutSeconds * 1000;
    if (delayMs > 0) yield* wait<void>((done) => { this.#clock.after(Math.min(delayMs, timeoutMs), 'scripted probe', done); });
    if (delayMs > timeoutMs) return { result: 'failure', output: 'context deadline exceeded' };
    if (ok) return { result: 'success', output };
    return { result: 'failure', output: output === '' && httpGet ? 'HTTP probe failed with statuscode: 500' : output };
  }

  *#exec(command: readonly string[], container: Container, containerId: string, timeoutSeconds: number): Task<Finding> {
    const env = new Map(container.env?.map(({ name, value = '' }) => [name, value]));
    const expanded = command.map((word) => expand(word, (name) => env.get(name)));
    const result = yield* wait<ExecResult>((done) => this.#runtime.execSync(containerId, expanded, timeoutSeconds * 1000, done));
    if (result.timedOut) return { result: 'failure', output: execTimeout(expanded, timeoutSeconds) };
    if (result.exitCode === undefined) return { error: execFailure(expanded, result) };
    const output = Buffer.from(result.output).subarray(0, outputBytesMax).toString();
    return { result: result.exitCode === 0 ? 'success' : 'failure', output };
  }

  *#http(action: NonNullable<Probe['httpGet']>, container: Container, podIP: string, timeoutSeconds: number): Task<Finding> {
    const port = resolvePort(action.port, container.ports);
    if (typeof port === 'string') return { error: port };
    const request = httpRequest(action, port, podIP, timeoutSeconds * 1000, 'kube-probe/1.36');
    const response = yield* wait<HttpResult | { readonly error: string }>((done) => this.#runtime.http(request, done));
    if ('error' in response) return { result: 'failure', output: response.error };
    if (response.status >= 200 && response.status < 300) return { result: 'success', output: textOf(response.body) };
    if (response.status >= 300 && response.status < 400) {
      return { result: 'warning', output: `Probe terminated redirects, Response body: ${textOf(response.body)}` };
    }
    return { result: 'failure', output: `HTTP probe failed with statuscode: ${response.status}` };
  }

  *#tcp(action: NonNullable<Probe['tcpSocket']>, container: Container, podIP: string, timeoutSeconds: number): Task<Finding> {
    const port = resolvePort(action.port, container.ports);
    if (typeof port === 'string') return { error: port };
    const ip = action.host === undefined || action.host === '' ? podIP : action.host;
    const result = yield* wait<ConnectResult>((done) => this.#runtime.connect(ip, port, timeoutSeconds * 1000, done));
    if (!result.ok) return { result: 'failure', output: result.message };
    result.connection.end();
    return { result: 'success', output: '' };
  }

  *#grpc(port: number, service: string, podIP: string, timeoutSeconds: number): Task<Finding> {
    const answer = yield* wait<HealthAnswer | undefined>((done) => this.#runtime.checkHealth(podIP, port, service, timeoutSeconds * 1000, done));
    const address = podIP.includes(':') ? `[${podIP}]:${port}` : `${podIP}:${port}`;
    return healthFinding(answer, address, formatDuration(BigInt(timeoutSeconds) * 1_000_000_000n));
  }
}
