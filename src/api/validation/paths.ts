/** Rules about file paths inside volumes. */
import { invalid, type FieldError } from '../field-error.ts';

const modeRange = 'must be a number between 0 and 0777 (octal), both inclusive';

export function validatePathNoBacksteps(path: string, at: string, errors: FieldError[]): void {
  if (hasBacksteps(path)) errors.push(invalid(at, path, "must not contain '..'"));
}

export const hasBacksteps = (path: string): boolean => path.split('/').includes('..');

/** A relative path without `..` elements. */
export function validateLocalDescendingPath(path: string, at: string, errors: FieldError[]): void {
  if (path.startsWith('/')) errors.push(invalid(at, path, 'must be a relative path'));
  validatePathNoBacksteps(path, at, errors);
}

/** As above, and not starting with `..`, which the kubelet's atomic writer keeps for itself. */
export function validateLocalNonReservedPath(path: string, at: string, errors: FieldError[]): void {
  validateLocalDescendingPath(path, at, errors);
  if (path.startsWith('..') && !path.startsWith('../')) errors.push(invalid(at, path, "must not start with '..'"));
}

export function validateFileMode(mode: number | undefined, at: string, errors: FieldError[]): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777)) errors.push(invalid(at, mode, modeRange));
}
