/** Plays recorded inputs again, each at its time: the cluster comes to the same state, random choices included. */
import { ApiError } from '../api/errors.ts';
import type { PortConnection, Session } from '../api/node-connector.ts';
import type { Upgrade } from '../api/streams.ts';
import type { Cluster } from './cluster.ts';
import { EmulatorError } from './emulator-error.ts';
import { callControl } from './recorded-controls.ts';
import type { RecordedInput } from './recording.ts';

type Calls = Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;

/** The cluster stands at its start. What it answers goes nowhere. */
export function replay(cluster: Cluster, inputs: readonly RecordedInput[]): void {
  const upgrades = new Map<number, Upgrade>();
  const sessions = new Map<number, Session | PortConnection>();
  inputs.forEach((input, i) => {
    cluster.clock.advanceTo(input.at);
    cluster.journal.continueFrom(input.sequence);
    switch (input.kind) {
      case 'request': {
        const response = cluster.handleAs(input.user, input);
        if ('upgrade' in response) upgrades.set(i, response.upgrade);
        if ('deferred' in response) response.deferred(() => undefined);
        break;
      }
      case 'control':
        tolerate(() => callControl(cluster.controls, input.verb, input.args));
        break;
      case 'session':
        if (input.request === undefined) (sessions.get(input.session) as unknown as Calls)[input.call]!(...input.args);
        else sessions.set(input.session, open(upgrades.get(input.request)!, input.args));
    }
    cluster.settle();
  });
}

const nobody = { stdout: () => undefined, stderr: () => undefined, data: () => undefined, room: () => undefined, end: () => undefined };

function open(upgrade: Upgrade, [port]: readonly unknown[]): Session | PortConnection {
  if (upgrade.kind === 'session') return upgrade.start(nobody);
  if (upgrade.kind === 'portForward') return upgrade.connect(port as number, nobody);
  throw new Error('Failed to replay a session: a watch is none.');
}

/** What was refused then is refused again. */
function tolerate(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof EmulatorError || error instanceof ApiError)) throw error;
  }
}
