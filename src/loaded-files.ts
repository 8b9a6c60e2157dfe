/** The files of `--load`: YAML documents, JSON, lists as `kubectl get -o yaml` prints them, or one snapshot. */
import { parseAllDocuments } from 'yaml';
import { EmulatorError } from './cluster/emulator-error.ts';
import { fromFile, isSnapshotFile, type ClusterState } from './cluster/snapshot.ts';
import { readFile } from './named-file.ts';
import { OptionError } from './options.ts';
import { checkerOf } from './schema/fakelet/check.ts';
import { SnapshotFile } from './schema/fakelet/clusters.ts';
import { version } from './version.ts';

interface Document {
  readonly value: unknown;
  /** `web.yaml, document 2` */
  readonly source: string;
}

export interface Loaded {
  readonly documents: readonly Document[];
  readonly snapshot?: ClusterState;
}

/** Throws OptionError when a file cannot be read. */
export function readLoaded(files: readonly string[]): Loaded {
  const documents = files.flatMap((file) => documentsOf(file));
  const found = documents.find(({ value }) => isSnapshotFile(value));
  if (!found) return { documents };
  if (documents.length > 1) throw new OptionError(`Failed to load ${found.source}: a snapshot is a whole cluster, other files go with it no more. Load it alone.`);
  return { documents: [], snapshot: snapshotOf(found) };
}

function snapshotOf({ value, source }: Document): ClusterState {
  const wrong = checkerOf(SnapshotFile)(value);
  if (wrong !== undefined) throw new OptionError(`Failed to load ${source}: ${wrong}. Take the snapshot again.`);
  try {
    return fromFile(value as SnapshotFile, version);
  } catch (error) {
    if (error instanceof EmulatorError) throw new OptionError(`Failed to load ${source}: ${error.message}`);
    throw error;
  }
}

function documentsOf(file: string): Document[] {
  const text = readFile(file, '--load');
  const whole = jsonOf(text);
  if (whole !== undefined) return [{ value: whole, source: file }];
  const parsed = parseAllDocuments(text);
  if ('empty' in parsed) return [];
  const source = (i: number) => (parsed.length === 1 ? file : `${file}, document ${i + 1}`);
  return parsed.map((document, i) => {
    const [broken] = document.errors;
    if (broken) throw new OptionError(`Failed to load ${source(i)}: ${broken.message.split('\n')[0]!.replace(/:$/, '')}. Correct the file.`);
    return { value: document.toJS() as unknown, source: source(i) };
  }).filter(({ value }) => value !== null);
}

/** Snapshots and dumps may be large, and JSON is read much faster as such. */
function jsonOf(text: string): unknown {
  if (!text.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
