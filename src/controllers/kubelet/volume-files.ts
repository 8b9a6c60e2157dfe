/**
 * The files that a volume shows, and the errors of mounting it (pkg/volume/*). Pure but for reads through the port.
 * Volumes that hold data of their own (emptyDir, hostPath, claims) have no files here.
 */
import type {
  ConfigMap, DownwardAPIVolumeFile, KeyToPath, Pod, ProjectedVolumeSource, Secret, Volume, VolumeProjection,
} from '../../schema/core/v1.ts';
import type { ApiPort } from '../../api/port.ts';
import type { VolumeFile } from '../../runtime/runtime.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { fieldValue, resourceValue, type NodeFacts } from './downward-api.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';
import { tokenOwnership } from './volume-options.ts';

export type VolumeFiles = Map<string, VolumeFile>;

/** Mounting failed; the message goes into the FailedMount event. */
export class MountError extends Error {}

export interface VolumeInput {
  readonly port: ApiPort;
  readonly pod: Pod;
  readonly podIPs: readonly string[];
  readonly node: NodeFacts;
  readonly tokens: ServiceAccountTokens;
  /** Gets every object that was read, so that the caller knows when the files are out of date. */
  readonly onRead: (resource: 'configmaps' | 'secrets', name: string, object: KubeObject | undefined) => void;
}

type Contents = () => Uint8Array;

const defaultFileMode = 0o644;

/** A file whose contents are made when they are asked for, from what was read at its mounting. */
class LateFile implements VolumeFile {
  readonly mode: number;
  readonly uid: number;
  readonly #data: () => Uint8Array;

  constructor(data: () => Uint8Array, mode: number, uid = 0) {
    this.#data = data;
    this.mode = mode;
    this.uid = uid;
  }

  get data(): Uint8Array {
    return this.#data();
  }
}

/** The volume's files, or undefined when it keeps its own data. Throws `MountError`. */
export function volumeFiles(volume: Volume, input: VolumeInput): VolumeFiles | undefined {
  if (volume.configMap) {
    const { name = '', items, optional = false, defaultMode } = volume.configMap;
    return configMapFiles(input, name, items, optional, defaultMode);
  }
  if (volume.secret) {
    const { secretName = '', items, optional = false, defaultMode } = volume.secret;
    return secretFiles(input, secretName, items, optional, defaultMode);
  }
  if (volume.downwardAPI) return downwardFiles(input, volume.downwardAPI.items, volume.downwardAPI.defaultMode);
  if (volume.projected) return projectedFiles(input, volume.projected);
  return undefined;
}

function configMapFiles(
  input: VolumeInput, name: string, items: readonly KeyToPath[] | undefined, optional: boolean, mode = defaultFileMode,
): VolumeFiles {
  const object = read<ConfigMap>(input, 'configmaps', name);
  if (!object && !optional) throw new MountError(`configmap "${name}" not found`);
  const data = new Map<string, Contents>();
  for (const [key, text] of Object.entries(object?.data ?? {})) data.set(key, () => Buffer.from(text));
  for (const [key, text] of Object.entries(object?.binaryData ?? {})) data.set(key, () => Buffer.from(text, 'base64'));
  return keyed(data, items, optional, mode, (key) => `configmap references non-existent config key: ${key}`);
}

function secretFiles(
  input: VolumeInput, name: string, items: readonly KeyToPath[] | undefined, optional: boolean, mode = defaultFileMode,
): VolumeFiles {
  const object = read<Secret>(input, 'secrets', name);
  if (!object && !optional) throw new MountError(`secret "${name}" not found`);
  const data = new Map<string, Contents>();
  for (const [key, text] of Object.entries(object?.data ?? {})) data.set(key, () => Buffer.from(text, 'base64'));
  return keyed(data, items, optional, mode, (key) => `references non-existent secret key: ${key}`);
}

function keyed(
  data: ReadonlyMap<string, Contents>, items: readonly KeyToPath[] | undefined, optional: boolean, defaultMode: number,
  missing: (key: string) => string,
): VolumeFiles {
  const files: VolumeFiles = new Map();
  if (!items || items.length === 0) {
    for (const [key, content] of data) files.set(key, new LateFile(content, defaultMode));
    return files;
  }
  for (const { key, path, mode } of items) {
    const content = data.get(key);
    if (content) files.set(path, new LateFile(content, mode ?? defaultMode));
    else if (!optional) throw new MountError(missing(key));
  }
  return files;
}

function downwardFiles(input: VolumeInput, items: readonly DownwardAPIVolumeFile[] | undefined, defaultMode = defaultFileMode): VolumeFiles {
  const files: VolumeFiles = new Map();
  for (const item of items ?? []) {
    const { path, mode } = item;
    const text = downwardValue(item, input);
    files.set(path, new LateFile(() => Buffer.from(text), mode ?? defaultMode));
  }
  return files;
}

/** What the Pod tells of itself in a volume, as one text: mounting again changes nothing as long as it is the same. */
export function downwardText(volume: Volume, input: Omit<VolumeInput, 'port' | 'tokens' | 'onRead'>): string {
  return downwardItems(volume).map((item) => downwardValue(item, input)).join('\0');
}

export function downwardItems({ downwardAPI, projected }: Volume): readonly DownwardAPIVolumeFile[] {
  return downwardAPI ? downwardAPI.items ?? [] : (projected?.sources ?? []).flatMap((source) => source.downwardAPI?.items ?? []);
}

function downwardValue(
  { fieldRef, resourceFieldRef }: DownwardAPIVolumeFile, { pod, podIPs, node }: Pick<VolumeInput, 'pod' | 'podIPs' | 'node'>,
): string {
  if (fieldRef) return fieldValue(pod, fieldRef.fieldPath, podIPs, node);
  return resourceFieldRef ? resourceValue(pod, pod.spec.containers[0]!, resourceFieldRef, node) : '';
}

function projectedFiles(input: VolumeInput, { sources, defaultMode = defaultFileMode }: ProjectedVolumeSource): VolumeFiles {
  const files: VolumeFiles = new Map();
  const errors: string[] = [];
  for (const source of sources ?? []) {
    try {
      for (const [path, file] of projection(input, source, defaultMode)) files.set(path, file);
    } catch (error) {
      if (!(error instanceof MountError)) throw error;
      errors.push(error.message);
    }
  }
  const unique = [...new Set(errors)];
  if (unique.length > 0) throw new MountError(unique.length === 1 ? unique[0]! : `[${unique.join(', ')}]`);
  return files;
}

function projection(input: VolumeInput, source: VolumeProjection, mode: number): VolumeFiles {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  if (configMap) return configMapFiles(input, configMap.name ?? '', configMap.items, configMap.optional ?? false, mode);
  if (secret) return secretFiles(input, secret.name ?? '', secret.items, secret.optional ?? false, mode);
  if (downwardAPI) return downwardFiles(input, downwardAPI.items, mode);
  if (serviceAccountToken) {
    const { path, audience, expirationSeconds } = serviceAccountToken;
    const token = input.tokens.token(input.pod, audience, expirationSeconds ?? 3600);
    const owned = tokenOwnership(input.pod, mode);
    return new Map([[path, new LateFile(() => Buffer.from(token()), owned.mode, owned.uid)]]);
  }
  return new Map();
}

function read<T>(input: VolumeInput, resource: 'configmaps' | 'secrets', name: string): (T & KubeObject) | undefined {
  const object = input.port.lister<T & KubeObject>(resource).get(input.pod.metadata.namespace ?? '', name);
  input.onRead(resource, name, object);
  return object;
}
