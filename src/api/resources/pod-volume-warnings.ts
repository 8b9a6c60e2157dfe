/** Warnings about volumes that are deprecated, gone, or put two files in one place. */
import type { Volume, VolumeProjection } from '../../schema/core/v1.ts';
import { quote } from '../../lib/go-format.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import { isFractional } from '../validation/resource-names.ts';

const deprecated = [
  ['photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'deprecated in v1.28, non-functional in v1.31+'],
] as const;

export function volumeWarnings(volumes: readonly Volume[], path: string): string[] {
  const perVolume = volumes.flatMap((volume, i) => [
    ...deprecated.filter(([source]) => volume[source] !== undefined)
      .map(([source, text]) => `${path}[${i}].${source === 'storageos' ? 'storageOS' : source}: ${text}`),
    ...claimWarnings(volume, `${path}[${i}]`),
  ]);
  return [...perVolume, ...volumes.flatMap(overlapWarnings)];
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
  readonly source: string;
}

type Items = readonly { readonly path: string }[] | undefined;

const pathsOf = (items: Items, source = ''): VirtualPath[] => (items ?? []).map(({ path }) => ({ path, source }));

function overlapWarnings(volume: Volume): string[] {
  const { configMap, secret, downwardAPI, projected } = volume;
  return [
    ...overlaps(volume.name, configMap ? `ConfigMap ${quote(configMap.name ?? '')}` : '', pathsOf(configMap?.items)),
    ...overlaps(volume.name, secret ? `Secret ${quote(secret.secretName ?? '')}` : '', pathsOf(secret?.items)),
    ...overlaps(volume.name, 'DownwardAPI', pathsOf(downwardAPI?.items)),
    ...(projected?.sources ?? []).filter((source) => Object.keys(source).length === 0)
      .map(() => `volume ${quote(volume.name)} (Projected) has no sources provided`),
    ...overlaps(volume.name, 'Projected', (projected?.sources ?? []).flatMap(projectedPaths)),
  ];
}

function projectedPaths({ configMap, secret, downwardAPI, serviceAccountToken }: VolumeProjection): VirtualPath[] {
  if (configMap?.items) return pathsOf(configMap.items, `ConfigMap ${quote(configMap.name ?? '')}`);
  if (secret?.items) return pathsOf(secret.items, `Secret ${quote(secret.name ?? '')}`);
  if (downwardAPI?.items) return pathsOf(downwardAPI.items, 'DownwardAPI');
  return serviceAccountToken ? [{ path: serviceAccountToken.path, source: 'ServiceAccountToken' }] : [];
}

function overlaps(volumeName: string, description: string, paths: readonly VirtualPath[]): string[] {
  const trimmed = paths.map(({ path, source }) => ({ path: path.replace(/\/+$/, ''), source }));
  return trimmed.flatMap((item, i) => trimmed.slice(0, i).filter((other) => overlap(item, other)).map((other) =>
    `volume ${quote(volumeName)} (${description}): overlapping paths: ${printed(item)} with ${printed(other)}`));
}

function overlap({ path: a }: VirtualPath, { path: b }: VirtualPath): boolean {
  return a !== '' && b !== '' && (`${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`));
}

const printed = ({ path, source }: VirtualPath): string => (source === '' ? quote(path) : `${quote(path)} (${source})`);
