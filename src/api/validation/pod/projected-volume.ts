/** Projected volumes: several sources in one directory. Sources behind disabled gates are dropped before validation. */
import type { ProjectedVolumeSource, VolumeProjection } from '../../../schema/core/v1.ts';
import { forbidden, invalid, required, type FieldError } from '../../field-error.ts';
import { validateFileMode, validateLocalNonReservedPath } from '../paths.ts';
import { validateDownwardAPIFile, validateKeyToPath } from './volume-files.ts';

const tokenSecondsMin = 600;
const tokenSecondsMax = 2 ** 32;

export function validateProjected(volume: ProjectedVolumeSource, path: string, errors: FieldError[]): void {
  validateFileMode(volume.defaultMode, `${path}.defaultMode`, errors);
  const taken = new Set<string>();
  volume.sources?.forEach((source, i) => validateProjection(source, `${path}.sources[${i}]`, path, taken, errors));
}

/** One source; `taken` holds the target paths so far, and clashes are reported at the volume. */
function validateProjection(source: VolumeProjection, path: string, volumePath: string, taken: Set<string>, errors: FieldError[]): void {
  const claim = (target: string, printed: string) => {
    if (taken.has(target)) errors.push(invalid(volumePath, printed, 'conflicting duplicate paths'));
    taken.add(target);
  };
  for (const member of ['secret', 'configMap'] as const) {
    const object = source[member];
    if (!object) continue;
    if (!object.name) errors.push(required(`${path}.${member}.name`));
    object.items?.forEach((item, i) => {
      validateKeyToPath(item, `${path}.${member}.items[${i}]`, errors);
      if (item.path) claim(item.path, object.name ?? '');
    });
  }
  for (const file of source.downwardAPI?.items ?? []) {
    validateDownwardAPIFile(file, `${path}.downwardAPI`, errors);
    if (file.path) claim(file.path, file.path);
  }
  if (source.serviceAccountToken) validateToken(source.serviceAccountToken, `${path}.serviceAccountToken`, volumePath, errors);
  if (Object.keys(source).length > 1) errors.push(forbidden(path, 'may not specify more than 1 volume type per source'));
}

function validateToken(
  token: NonNullable<VolumeProjection['serviceAccountToken']>, path: string, volumePath: string, errors: FieldError[],
): void {
  const seconds = token.expirationSeconds ?? 0;
  const at = `${path}.expirationSeconds`;
  if (seconds < tokenSecondsMin) errors.push(invalid(at, seconds, 'may not specify a duration less than 10 minutes'));
  if (seconds > tokenSecondsMax) errors.push(invalid(at, seconds, 'may not specify a duration larger than 2^32 seconds'));
  if (!token.path) errors.push(required(`${volumePath}.path`));
  else validateLocalNonReservedPath(token.path, `${volumePath}.path`, errors);
}
