/** Files that a volume makes out of keys of an object or fields of the pod. */
import type { DownwardAPIVolumeFile, KeyToPath } from '../../../schema/core/v1.ts';
import { invalid, required, type FieldError } from '../../field-error.ts';
import { validateFileMode, validateLocalNonReservedPath } from '../paths.ts';
import { validateFieldRef, validateResourceFieldRef, volumeFieldPaths } from './downward-api.ts';

export function validateKeyToPath(item: KeyToPath, path: string, errors: FieldError[]): void {
  if (!item.key) errors.push(required(`${path}.key`));
  if (!item.path) errors.push(required(`${path}.path`));
  validateLocalNonReservedPath(item.path, `${path}.path`, errors);
  validateFileMode(item.mode, `${path}.mode`, errors);
}

/** One file; `path` is that of the volume, upstream does not name the index. */
export function validateDownwardAPIFile(file: DownwardAPIVolumeFile, path: string, errors: FieldError[]): void {
  if (!file.path) errors.push(required(`${path}.path`));
  validateLocalNonReservedPath(file.path, `${path}.path`, errors);
  if (file.fieldRef) {
    validateFieldRef(file.fieldRef, volumeFieldPaths, `${path}.fieldRef`, errors);
    if (file.resourceFieldRef) {
      errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'));
    }
  } else if (file.resourceFieldRef) {
    validateResourceFieldRef(file.resourceFieldRef, `${path}.resourceFieldRef`, true, errors);
  } else {
    errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'));
  }
  validateFileMode(file.mode, `${path}.mode`, errors);
}
