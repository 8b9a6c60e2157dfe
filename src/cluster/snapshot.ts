/**
 * A snapshot: a cluster's settings, start time and every input since, which together are its state. In memory it is a
 * few references; as a file it is JSON, and the file is also a recording that plays again with the same bytes.
 */
import { isObject } from '../lib/json.ts';
import { libraryOptions, OptionError, optionTable, type Options } from '../options.ts';
import type { ImageRule } from '../runtime/images.ts';
import type { Scenario } from '../schema/fakelet/scenario.ts';
import type * as own from '../schema/fakelet/v1.ts';
import type { Cluster } from './cluster.ts';
import { EmulatorError } from './emulator-error.ts';
import type { RecordedInput } from './recording.ts';
import { limits } from '../limits.ts';

/** What the state of a cluster follows from. */
export interface ClusterState {
  /** Of the fakelet that recorded: another one may decide otherwise. */
  readonly version: string;
  readonly settings: {
    readonly options: Partial<Options>;
    readonly images: readonly ImageRule[];
    readonly manifests: readonly unknown[];
    readonly scenarios: readonly Scenario[];
  };
  readonly startMs: number;
  /** Clock time of the snapshot. */
  readonly at: number;
  /** Of the journal. */
  readonly sequence: number;
  /** Of a clock that followed the host. */
  readonly rate?: number;
  readonly inputs: readonly RecordedInput[];
}

/** Options that say how a cluster is reached, not what it is. */
const outer: readonly string[] = ['port', 'host', 'clock', 'images', 'load', 'scenario', 'tls', 'tlsCert', 'tlsKey', 'token', 'allowAnonymous', 'logLevel'] satisfies (keyof Options)[];

export const clusterOptionNames = optionTable.map(({ name }) => name).filter((name) => !outer.includes(name));

/** The state of a cluster as it is. Throws EmulatorError when too much has happened to remember it. */
export function stateOf(cluster: Cluster): ClusterState {
  const { clock, journal, recording, settings: { version, options, images = [], manifests, scenarios = [] } } = cluster;
  if (!recording.isWhole) {
    throw new EmulatorError(409, 'Failed to take a snapshot: the inputs since the start exceed the limit recordingBytesMax. Reset the cluster and take it earlier.');
  }
  return {
    version, settings: { options: pick(options, clusterOptionNames), images, manifests, scenarios },
    startMs: recording.startMs, at: clock.now(), sequence: journal.sequence, inputs: recording.inputs(),
    ...(clock.rate === undefined ? {} : { rate: clock.rate }),
  };
}

const pick = (options: Options, names: readonly string[]) =>
  Object.fromEntries(Object.entries(options).filter(([name]) => names.includes(name))) as Partial<Options>;

/** The state as the value of a JSON file. */
export function toFile({ version, startMs, at, inputs, ...rest }: ClusterState): own.SnapshotFile {
  return {
    fakeletSnapshot: version, startTime: iso(startMs), now: iso(at), ...rest,
    inputs: inputs.map(({ at: ms, ...input }) => ({ at: ms, ...(bytesOut(input) as object) })),
  } as own.SnapshotFile;
}

/** Reads a file. Throws EmulatorError for one of another version, or without times. */
export function fromFile({ fakeletSnapshot, startTime, now, inputs, settings, sequence, rate }: own.SnapshotFile, version: string): ClusterState {
  if (fakeletSnapshot !== version) {
    throw new EmulatorError(400, `Failed to read the snapshot: it was taken by fakelet ${fakeletSnapshot}, this is ${version}, which may decide otherwise. Take it again.`);
  }
  const startMs = timeOf('startTime', startTime);
  const at = timeOf('now', now);
  checkOrder([startMs, ...inputs.map((input) => input.at), at]);
  return {
    version, settings: checkedSettings(settings), startMs, at, sequence,
    inputs: inputs.map((input) => bytesIn(input) as RecordedInput), ...(rate === undefined ? {} : { rate }),
  };
}

function timeOf(member: string, text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new EmulatorError(400, `Failed to read the snapshot: ${member}: '${text}' is not a time. Take it again.`);
  return ms;
}

function checkOrder(times: readonly number[]): void {
  const back = times.findIndex((time, i) => i > 0 && time < times[i - 1]!);
  if (back >= 0) throw new EmulatorError(400, `Failed to read the snapshot: ${iso(times[back]!)} comes after ${iso(times[back - 1]!)} in it. Take it again.`);
  if (times.at(-1)! - times[0]! > limits.advanceMsMax) throw new EmulatorError(422, 'Failed to read the snapshot: it is longer than the limit advanceMsMax. Take it earlier.');
}

function checkedSettings(settings: own.SnapshotFile['settings']): ClusterState['settings'] {
  const unknown = Object.keys(settings.options).find((name) => !(clusterOptionNames as readonly string[]).includes(name));
  if (unknown !== undefined) throw new EmulatorError(400, `Failed to read the snapshot: '${unknown}' is no option of a cluster. Take it again.`);
  try {
    libraryOptions(settings.options as Partial<Options>);
  } catch (error) {
    if (error instanceof OptionError) throw new EmulatorError(400, `Failed to read the snapshot: ${error.message}`);
    throw error;
  }
  return settings as ClusterState['settings'];
}

/** A file may be well-formed and say what never was; only playing it shows that. */
export function unplayable(error: unknown): EmulatorError {
  const why = error instanceof Error ? error.message : String(error);
  return new EmulatorError(400, `Failed to restore the snapshot: it cannot be played again: ${why.replace(/\.$/, '')}. Take it again.`);
}

export const isSnapshotFile = (value: unknown): value is own.SnapshotFile => isObject(value) && typeof value['fakeletSnapshot'] === 'string';

/** Bytes as `{text}` where they are UTF-8, which bodies mostly are, else as `{base64}`. */
function bytesOut(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    const buffer = Buffer.from(value);
    const text = buffer.toString('utf8');
    return Buffer.from(text).equals(buffer) ? { $text: text } : { $base64: buffer.toString('base64') };
  }
  return mapped(value, bytesOut);
}

function bytesIn(value: unknown): unknown {
  if (isObject(value) && Object.keys(value).length === 1) {
    if (typeof value['$text'] === 'string') return Buffer.from(value['$text']);
    if (typeof value['$base64'] === 'string') return Buffer.from(value['$base64'], 'base64');
  }
  return mapped(value, bytesIn);
}

function mapped(value: unknown, map: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(map);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, map(member)]));
}

const iso = (ms: number) => new Date(ms).toISOString();

/** The snapshots that a cluster keeps, by name. They outlive its resets. */
export class Snapshots {
  readonly #cluster: Cluster;
  readonly #byName = new Map<string, ClusterState>();
  #taken = 0;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  take({ name = `snapshot-${++this.#taken}` }: own.SnapshotRequest = {}): own.SnapshotState {
    return this.#keep(name, stateOf(this.#cluster));
  }

  list(): own.SnapshotList {
    return { items: [...this.#byName].map(([name, state]) => shown(name, state)) };
  }

  file(name: string): own.SnapshotFile {
    return toFile(this.state(name));
  }

  put(name: string, file: own.SnapshotFile): own.SnapshotState {
    return this.#keep(name, fromFile(file, this.#cluster.settings.version));
  }

  restore(name: string): own.SnapshotState {
    const state = this.state(name);
    this.#cluster.restore(state);
    return shown(name, state);
  }

  remove(name: string): null {
    this.state(name);
    this.#byName.delete(name);
    return null;
  }

  /** Throws EmulatorError when there is none of that name. */
  state(name: string): ClusterState {
    const state = this.#byName.get(name);
    if (!state) throw new EmulatorError(404, `Failed to find the snapshot '${name}': there is none. Known are: ${[...this.#byName.keys()].slice(0, 10).join(', ') || 'none'}.`);
    return state;
  }

  #keep(name: string, state: ClusterState): own.SnapshotState {
    if (!this.#byName.has(name) && this.#byName.size >= limits.snapshotsMax) {
      throw new EmulatorError(400, 'Failed to keep the snapshot: the limit snapshotsMax is reached. Remove some.');
    }
    this.#byName.set(name, state);
    return shown(name, state);
  }
}

const shown = (name: string, { at, inputs, sequence }: ClusterState): own.SnapshotState => ({ name, now: iso(at), inputs: inputs.length, sequence });
