/** The spec of a PersistentVolumeClaim, also as the template inside an ephemeral volume. */
import type { PersistentVolumeClaimSpec, PersistentVolumeClaimTemplate } from '../../schema/core/v1.ts';
import { parseQuantity } from '../../schema/values/quantity.ts';
import { equal } from '../../lib/json.ts';
import { forbidden, invalid, notSupported, required, type FieldError } from '../field-error.ts';
import { validateLabelSelector } from './labels.ts';
import { dns1123Label, dns1123Subdomain } from './names.ts';
import { validateTemplateMeta } from './object-meta.ts';
import { invalidForEach, mustBePositive } from './rules.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
export const volumeModes = ['Block', 'Filesystem'];

export function validateClaimTemplate(template: PersistentVolumeClaimTemplate, path: string, errors: FieldError[]): void {
  validateTemplateMeta(template.metadata ?? {}, `${path}.metadata`, errors);
  validateClaimSpec(template.spec, `${path}.spec`, errors);
}

export function validateClaimSpec(spec: PersistentVolumeClaimSpec, path: string, errors: FieldError[]): void {
  const modes = spec.accessModes ?? [];
  if (modes.length === 0) errors.push(required(`${path}.accessModes`, 'at least 1 access mode is required'));
  validateLabelSelector(spec.selector, `${path}.selector`, errors);
  validateAccessModes(modes, `${path}.accessModes`, errors);
  validateStorageRequest(spec.resources?.requests?.['storage'], `${path}.resources[storage]`, errors);
  validateClassName(spec.storageClassName, `${path}.storageClassName`, errors);
  if (spec.volumeMode !== undefined && !volumeModes.includes(spec.volumeMode)) {
    errors.push(notSupported(`${path}.volumeMode`, spec.volumeMode, volumeModes));
  }
  validateDataSources(spec, path, errors);
  validateClassName(spec.volumeAttributesClassName, `${path}.volumeAttributesClassName`, errors);
}

export function validateAccessModes(modes: readonly string[], path: string, errors: FieldError[]): void {
  for (const mode of modes) if (!accessModes.includes(mode)) errors.push(notSupported(path, mode, accessModes));
  if (modes.includes('ReadWriteOncePod') && modes.some((mode) => mode !== 'ReadWriteOncePod' && accessModes.includes(mode))) {
    errors.push(forbidden(path, 'may not use ReadWriteOncePod with other access modes'));
  }
}

function validateStorageRequest(storage: string | undefined, path: string, errors: FieldError[]): void {
  if (storage === undefined) errors.push(required(path));
  else if (parseQuantity(storage).sign() <= 0) errors.push(invalid(path, storage, mustBePositive));
}

function validateClassName(name: string | undefined, path: string, errors: FieldError[]): void {
  if (name) invalidForEach(dns1123Subdomain(name), name, path, errors);
}

function validateDataSources(spec: PersistentVolumeClaimSpec, path: string, errors: FieldError[]): void {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource) validateDataSource(dataSource, `${path}.dataSource`, errors);
  if (dataSourceRef) {
    validateDataSource(dataSourceRef, `${path}.dataSourceRef`, errors);
    const { namespace } = dataSourceRef;
    if (namespace) invalidForEach(dns1123Label(namespace), namespace, `${path}.dataSourceRef.namespace`, errors);
  }
  if (!dataSource || !dataSourceRef) return;
  // Upstream prints its path object, which has no exported fields.
  const printed = {};
  if (dataSourceRef.namespace) {
    errors.push(invalid(path, printed, 'may not be specified when dataSourceRef.namespace is specified'));
  } else if (!equal([dataSource.apiGroup ?? null, dataSource.kind, dataSource.name],
    [dataSourceRef.apiGroup ?? null, dataSourceRef.kind, dataSourceRef.name])) {
    errors.push(invalid(path, printed, 'must match dataSourceRef'));
  }
}

function validateDataSource(
  source: { readonly apiGroup?: string | null; readonly kind: string; readonly name: string }, path: string, errors: FieldError[],
): void {
  if (!source.name) errors.push(required(`${path}.name`));
  if (!source.kind) errors.push(required(`${path}.kind`));
  if (source.apiGroup) invalidForEach(dns1123Subdomain(source.apiGroup), source.apiGroup, `${path}.apiGroup`, errors);
  else if (source.kind !== 'PersistentVolumeClaim') {
    errors.push(invalid(path, source.kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup"));
  }
}
