/** The journal as stable text: one line per fact, times as seconds after the start, short enough to paste into an issue. */
import type { Millis } from '../clock/clock.ts';
import type { KubeObject } from '../schema/objects.ts';
import type { JournalEntry } from './journal.ts';

/** `pods/default/web`: what an entry is about, or undefined. */
export function subjectOf(entry: JournalEntry): string | undefined {
  return entry.kind === 'write' ? entry.event.stored.key.replace(/^\//, '') : undefined;
}

/** What an entry says, without its time. */
export function textOf(entry: JournalEntry): string {
  if (entry.kind === 'request') return `${entry.method} ${entry.path} ${entry.status}${entry.fault === undefined ? '' : ` fault=${entry.fault}`}`;
  if (entry.kind === 'emulator') return entry.text;
  const { type, stored, revision } = entry.event;
  return `${type} ${stored.key.replace(/^\//, '')} rv=${revision}${summary(stored.value)}`;
}

export function transcript(entries: readonly JournalEntry[], startMs: Millis): string {
  return entries.map((entry) => `t+${((entry.at - startMs) / 1000).toFixed(3)}s  ${textOf(entry)}\n`).join('');
}

interface PodLike {
  spec?: { nodeName?: string };
  status?: { phase?: string; reason?: string; containerStatuses?: StatusLike[]; initContainerStatuses?: StatusLike[] };
}
interface StatusLike { name: string; ready: boolean; restartCount: number; state: Record<string, { reason?: string; exitCode?: number }> }

function summary(object: KubeObject): string {
  if (object.kind === 'Event') {
    const event = object as KubeObject & { type?: string; reason?: string; message?: string; count?: number };
    return `  ${event.type} ${event.reason}: ${event.message}`;
  }
  if (object.kind !== 'Pod') return '';
  const { spec, status } = object as PodLike;
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const deleting = object.metadata.deletionTimestamp === undefined ? '' : ' deleting';
  return `  ${status?.phase ?? '-'}${status?.reason ? `/${status.reason}` : ''}${deleting}`
    + `${spec?.nodeName ? ` on ${spec.nodeName}` : ''}${statuses.map(containerText).join('')}`;
}

function containerText({ name, ready, restartCount, state }: StatusLike): string {
  const [kind, detail] = Object.entries(state)[0] ?? ['none', {}];
  const code = detail.exitCode === undefined ? '' : ` ${detail.exitCode}`;
  return `  ${name}: ${detail.reason ?? kind}${code}${ready ? ' ready' : ''}${restartCount > 0 ? ` restarts=${restartCount}` : ''}`;
}
