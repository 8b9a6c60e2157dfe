/** Warnings about volumes that are deprecated, gone, or put two files in one place. */
import type { Volume, VolumeProjection } from '../../schema/core/v1.ts';
import { quote } from '../../lib/go-format.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import { isFractional } from '../validation/resource-names.ts';

/** Sources that no kubelet mounts any more, in the order in which a Pod's are told. */
const deprecated = {
  photonPersistentDisk: 'deprecated in v1.11, non-functional in v1.16+',
  gitRepo: 'deprecated in v1.11, and disabled by default in v1.33+',
  scaleIO: 'deprecated in v1.16, non-functional in v1.22+',
  flocker: 'deprecated in v1.22, non-functional in v1.25+',
  storageos: 'deprecated in v1.22, non-functional in v1.25+',
  quobyte: 'deprecated in v1.22, non-functional in v1.25+',
  glusterfs: 'deprecated in v1.25, non-functional in v1.26+',
  cephfs: 'deprecated in v1.28, non-functional in v1.31+',
  rbd: 'deprecated in v1.28, non-functional in v1.31+',
} as const;

type DeprecatedSource = keyof typeof deprecated;
const deprecatedSources = Object.keys(deprecated) as DeprecatedSource[];

/** One warning for each of `sources` that a volume has. */
export function deprecatedSourceWarnings<S extends DeprecatedSource>(
  volume: { readonly [source in S]?: unknown }, path: string, sources: readonly S[],
): string[] {
  return sources.filter((source) => volume[source] !== undefined)
    .map((source) => `${path}.${source === 'storageos' ? 'storageOS' : source}: ${deprecated[source]}`);
}

export function volumeWarnings(volumes: readonly Volume[], path: string): string[] {
  const warnings: string[] = [];
  volumes.forEach((volume, i) => {
    warnings.push(...deprecatedSourceWarnings(volume, `${path}[${i}]`, deprecatedSources));
    if (volume.ephemeral) warnings.push(...claimWarnings(volume, `${path}[${i}]`));
  });
  for (const volume of volumes) warnings.push(...overlapWarnings(volume));
  return warnings;
}

function claimWarnings(volume: Volume, path: string): string[] {
  const { requests, limits } = volume.ephemeral?.volumeClaimTemplate?.spec.resources ?? {};
  return ([['requests', requests?.['storage']], ['limits', limits?.['storage']]] as const).flatMap(([side, text]) =>
    (text !== undefined && isFractional(parseQuantity(text))
      ? [`${path}.ephemeral.volumeClaimTemplate.spec.resources.${side}[storage]: fractional byte value ${quote(text)} is invalid, `
        + 'must be an integer'] : []));
}

/** A file of a volume, and where it comes from when a volume has several sources. */
interface VirtualPath {
  readonly path: string;
  readonly kind?: string | undefined;
  readonly name?: string | undefined;
}

type Items = readonly { readonly path: string }[] | undefined;

const pathsOf = (items: Items, kind?: string, name?: string): VirtualPath[] => (items ?? []).map(({ path }) => ({ path, kind, name }));

function overlapWarnings({ name, configMap, secret, downwardAPI, projected }: Volume): string[] {
  const warnings: string[] = [];
  if (configMap?.items) warnings.push(...overlaps(name, 'ConfigMap', configMap.name ?? '', pathsOf(configMap.items)));
  if (secret?.items) warnings.push(...overlaps(name, 'Secret', secret.secretName ?? '', pathsOf(secret.items)));
  if (downwardAPI?.items) warnings.push(...overlaps(name, 'DownwardAPI', undefined, pathsOf(downwardAPI.items)));
  if (projected?.sources) {
    for (const source of projected.sources) {
      if (Object.keys(source).length === 0) warnings.push(`volume ${quote(name)} (Projected) has no sources provided`);
    }
    warnings.push(...overlaps(name, 'Projected', undefined, projected.sources.flatMap(projectedPaths)));
  }
  return warnings;
}

function projectedPaths({ configMap, secret, downwardAPI, serviceAccountToken }: VolumeProjection): VirtualPath[] {
  if (configMap?.items) return pathsOf(configMap.items, 'ConfigMap', configMap.name ?? '');
  if (secret?.items) return pathsOf(secret.items, 'Secret', secret.name ?? '');
  if (downwardAPI?.items) return pathsOf(downwardAPI.items, 'DownwardAPI');
  return serviceAccountToken ? [{ path: serviceAccountToken.path, kind: 'ServiceAccountToken' }] : [];
}

/** One warning for each pair of files in one place, or one within the other. */
function overlaps(volumeName: string, kind: string, name: string | undefined, paths: readonly VirtualPath[]): string[] {
  if (paths.length < 2) return [];
  const trimmed = paths.map(({ path, kind: from, name: of }) => ({ path: path.endsWith('/') ? path.replace(/\/+$/, '') : path, kind: from, name: of }));
  return trimmed.flatMap((item, i) => trimmed.slice(0, i).filter((other) => overlap(item, other)).map((other) =>
    `volume ${quote(volumeName)} (${source(kind, name)}): overlapping paths: ${printed(item)} with ${printed(other)}`));
}

function overlap({ path: a }: VirtualPath, { path: b }: VirtualPath): boolean {
  return a !== '' && b !== '' && (`${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`));
}

const source = (kind: string, name: string | undefined): string => (name === undefined ? kind : `${kind} ${quote(name)}`);
const printed = ({ path, kind, name }: VirtualPath): string => (kind === undefined ? quote(path) : `${quote(path)} (${source(kind, name)})`);
