/** Sessions into containers (exec, attach, port-forward) whose every call is an input of the cluster. */
import type { PortConnection, Session } from '../api/node-connector.ts';
import type { Upgrade } from '../api/streams.ts';
import type { Input } from './recording.ts';

export type SessionInput = Extract<Input, { kind: 'session' }>;

export interface SessionRecorder {
  /** Number of the next session. */
  next(): number;
  /** Notes the input and runs it, at one instant. */
  enter<T>(input: SessionInput, run: () => T): T;
}

/** `request` is the number of the recorded input that the upgrade answers. */
export function recordSessions(upgrade: Upgrade, request: number, recorder: SessionRecorder): Upgrade {
  switch (upgrade.kind) {
    case 'watch': return upgrade;
    case 'session': return { ...upgrade, start: (output) => {
      const session = recorder.next();
      return callsOf<Session>(session, recorder,
        recorder.enter({ kind: 'session', session, request, call: 'start', args: [] }, () => upgrade.start(output)));
    } };
    case 'portForward': return { ...upgrade, connect: (port, handlers) => {
      const session = recorder.next();
      return callsOf<PortConnection>(session, recorder,
        recorder.enter({ kind: 'session', session, request, call: 'connect', args: [port] }, () => upgrade.connect(port, handlers)));
    } };
  }
}

/** The same object, each of its methods noted. */
function callsOf<T extends object>(session: number, recorder: SessionRecorder, target: T): T {
  const methods = target as Record<string, (...args: readonly unknown[]) => void>;
  return Object.fromEntries(Object.keys(methods).map((call) => [call, (...args: readonly unknown[]) =>
    recorder.enter({ kind: 'session', session, call, args }, () => methods[call]!(...args))])) as T;
}
