/** Runs the recorded scripts on a node of our own, and compares as the replay does. */
import fs from 'node:fs';
import path from 'node:path';
import { decodeText } from '../../src/programs/bytes.ts';
import type { ContainerConfig } from '../../src/runtime/runtime.ts';
import { config, makeNode, type Node } from '../runtime/node.ts';

export interface RecordedScript {
  readonly name: string;
  readonly area: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { name: string; value?: string }[];
  readonly via: 'pod' | 'exec';
  readonly stdin?: string;
  readonly sidecars?: readonly { command: readonly string[] }[];
  readonly shareProcessNamespace?: boolean;
  readonly stopAfterS?: number;
  readonly graceS?: number;
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
  readonly log: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly order?: 'any';
  readonly durationS: number;
  readonly slackS?: number;
  readonly masks?: readonly (readonly [string, string])[];
  readonly quirk?: string;
}

const file = path.join(import.meta.dirname, '../golden/programs/scripts.json');
export const recordedScripts = (JSON.parse(fs.readFileSync(file, 'utf8')) as { cases: RecordedScript[] }).cases;

const serviceVariables: readonly (readonly [string, string])[] = [
  ['KUBERNETES_PORT', 'tcp://10.96.0.1:443'], ['KUBERNETES_PORT_443_TCP', 'tcp://10.96.0.1:443'], ['KUBERNETES_PORT_443_TCP_ADDR', '10.96.0.1'],
  ['KUBERNETES_PORT_443_TCP_PORT', '443'], ['KUBERNETES_PORT_443_TCP_PROTO', 'tcp'], ['KUBERNETES_SERVICE_HOST', '10.96.0.1'],
  ['KUBERNETES_SERVICE_PORT', '443'], ['KUBERNETES_SERVICE_PORT_HTTPS', '443'],
];

export interface Outcome {
  exitCode: number | undefined;
  reason: string | undefined;
  message: string | undefined;
  log: string;
  stdout: string;
  stderr: string;
  inTime: boolean;
}

/** What comes out, masked. `stdout` and `stderr` are '' where the recording does not tell them apart. */
export function play(script: RecordedScript): Outcome {
  const node = makeNode();
  let sandboxId = '';
  node.runtime.runSandbox({ podUid: 'pod-1', namespace: 'default', name: 'golden', attempt: 0, hostNetwork: false, hostname: 'golden', annotations: {}, labels: {},
    shareProcessNamespace: script.shareProcessNamespace === true },
    (result) => { if (result.ok) sandboxId = result.sandbox.id; });
  node.clock.runDue();
  for (const [i, { command }] of (script.sidecars ?? []).entries()) start(node, sandboxId, { ...config(expanded(command)), name: `s${i}` });
  const outcome = script.via === 'exec' ? playExec(node, sandboxId, script) : playPod(node, sandboxId, script);
  return masked(outcome, script);
}

/** What the recording says, in the same form. */
export function expected(script: RecordedScript): Outcome {
  return masked({
    exitCode: script.exitCode, reason: script.reason ?? (script.exitCode === 0 ? 'Completed' : 'Error'), message: script.message, log: script.log,
    stdout: script.stdout ?? '', stderr: script.stderr ?? '', inTime: true,
  }, script);
}

/** The kubelet replaces `$$` by `$` in commands before they start. */
const expanded = (words: readonly string[] = []): string[] => words.map((word) => word.replaceAll('$$', '$'));

function start(node: Node, sandboxId: string, wanted: ContainerConfig): string {
  const created = node.runtime.createContainer(sandboxId, wanted);
  if (!created.ok) throw new Error(created.message);
  node.runtime.startContainer(created.containerId, () => {});
  node.clock.runDue();
  return created.containerId;
}

function playPod(node: Node, sandboxId: string, script: RecordedScript): Outcome {
  const env = [...serviceVariables, ...(script.env ?? []).map(({ name, value }) => [name, value ?? ''] as const)];
  const id = start(node, sandboxId, config(expanded(script.command), { args: expanded(script.args), env }));
  const container = node.runtime.containers('pod-1').find((other) => other.id === id)!;
  const startedAt = node.clock.now();
  if (script.stopAfterS !== undefined) {
    node.clock.advance(script.stopAfterS * 1000);
    node.runtime.stopContainer(id, (script.graceS ?? 5) * 1000, () => {});
  }
  node.clock.runUntilIdle(1_000_000, () => container.state === 'exited');
  const lines = node.runtime.logs(id).lines;
  const text = (stream?: string): string => lines.filter((line) => !stream || line.stream === stream).map((line) => line.text + (line.partial ? '' : '\n')).join('');
  return {
    exitCode: container.exitCode, reason: container.reason, message: container.message, log: text(),
    stdout: text('stdout'), stderr: text('stderr'), inTime: inTime(script, node.clock.now() - startedAt),
  };
}

function playExec(node: Node, sandboxId: string, script: RecordedScript): Outcome {
  const id = start(node, sandboxId, config(['sleep', '1000000']));
  const startedAt = node.clock.now();
  let stdout = '';
  let stderr = '';
  let exitCode: number | undefined;
  const session = node.runtime.exec(id, script.command ?? [], { tty: false, stdin: script.stdin !== undefined }, {
    onStdout: (data) => { stdout += Buffer.from(data).toString('latin1'); },
    onRoom: () => {}, onStderr: (data) => { stderr += Buffer.from(data).toString('latin1'); },
    onExit: (code) => { exitCode = code; },
  });
  node.clock.runDue();
  if (script.stdin !== undefined) session.write(Buffer.from(script.stdin));
  session.closeStdin();
  node.clock.runUntilIdle(100_000, () => exitCode !== undefined);
  stdout = decodeText(stdout);
  return {
    exitCode, reason: exitCode === 0 ? 'Completed' : 'Error', message: undefined, log: stdout, stdout: '', stderr: decodeText(stderr),
    inTime: inTime(script, node.clock.now() - startedAt),
  };
}

function inTime(script: RecordedScript, tookMs: number): boolean {
  return script.durationS < 0 || script.reason === 'StartError' || Math.abs(tookMs / 1000 - script.durationS) <= (script.slackS ?? 1.5);
}

const date = /\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) +\d+ \d\d:\d\d/g;

function masked(outcome: Outcome, script: RecordedScript): Outcome {
  const mask = (text: string): string => {
    let result = text.replace(date, 'MON DD HH:MM').replace(/^total \d+$/gm, 'total N');
    for (const [pattern, by] of script.masks ?? []) result = result.replace(new RegExp(pattern, 'gm'), by);
    return script.order === 'any' ? result.split('\n').toSorted().join('\n') : result;
  };
  const apart = script.stderr !== undefined && script.via === 'pod';
  return {
    ...outcome,
    log: apart ? '' : mask(outcome.log),
    stdout: apart ? mask(outcome.stdout) : '',
    stderr: mask(outcome.stderr),
  };
}
