/** The 409 of an apply that would change what others own (apimachinery/pkg/util/managedfields/internal/conflict.go). */
import { ApiError } from '../errors.ts';
import { quote } from '../../lib/go-format.ts';
import { pathsOf, type FieldSet } from './field-set.ts';
import type { Owner } from './managed-fields.ts';
import { printPath } from './path-element.ts';

export interface Conflict {
  readonly owner: Owner;
  /** What both want, and differently. */
  readonly fields: FieldSet;
}

/** Conflicts in order of their owners' identities. */
export function applyConflict(conflicts: readonly Conflict[]): ApiError {
  const found = conflicts.map(({ owner, fields }) => ({ who: printOwner(owner), paths: pathsOf(fields).map(printPath) }));
  const causes = found.flatMap(({ who, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${who}`, field })));
  const list = found.flatMap(({ who, paths }) => [`conflicts with ${who}:`, ...paths.map((path) => `- ${path}`)]).join('\n');
  const message = causes.length === 1 ? `Apply failed with 1 conflict: ${causes[0]!.message}: ${causes[0]!.field}`
    : `Apply failed with ${causes.length} conflicts: ${list}`;
  return new ApiError({
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason: 'Conflict', details: { causes }, code: 409,
  });
}

function printOwner({ manager, operation, apiVersion, subresource }: Owner): string {
  const who = subresource === '' ? quote(manager) : `${quote(manager)} with subresource ${quote(subresource)}`;
  return operation === 'Update' ? `${who} using ${apiVersion}` : who;
}
