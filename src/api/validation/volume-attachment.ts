/** VolumeAttachments (pkg/apis/storage/validation). */
import {
  VolumeAttachmentSpec as SpecType, type VolumeAttachment, type VolumeAttachmentSource, type VolumeError,
} from '../../schema/storage/v1.ts';
import { forbidden, invalid, required, tooLong, type FieldError } from '../field-error.ts';
import { internalForm } from './internal-form.ts';
import { dns1123Subdomain } from './names.ts';
import { validateInlineVolumeSpec } from './persistent-volume.ts';
import { validateCSIDriverName } from './pod/volumes.ts';
import { bytesOf, fieldIsImmutable, inclusiveRange, invalidForEach } from './rules.ts';
import { semanticEqual } from './semantic-equal.ts';

const metadataBytesMax = 256 * 1024;
const messageBytesMax = 1024;
const int32Max = 2 ** 31 - 1;

export function validateVolumeAttachment({ spec, status }: VolumeAttachment, errors: FieldError[]): void {
  validateCSIDriverName(spec.attacher, 'spec.attacher', errors);
  validateSource(spec.source, 'spec.source', errors);
  invalidForEach(dns1123Subdomain(spec.nodeName), spec.nodeName, 'spec.nodeName', errors);
  if (bytesOf(status?.attachmentMetadata) > metadataBytesMax) errors.push(tooLong('status.attachmentMetadata', metadataBytesMax));
  validateError(status?.attachError, 'status.attachError', errors);
  validateError(status?.detachError, 'status.detachError', errors);
  const volume = spec.source.persistentVolumeName;
  if (volume !== undefined) invalidForEach(dns1123Subdomain(volume), volume, 'spec.source.persistentVolumeName', errors);
}

const exactlyOne = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName';

function validateSource({ inlineVolumeSpec, persistentVolumeName }: VolumeAttachmentSource, path: string, errors: FieldError[]): void {
  if (inlineVolumeSpec && persistentVolumeName !== undefined) errors.push(forbidden(path, exactlyOne));
  else if (inlineVolumeSpec) validateInlineVolumeSpec(inlineVolumeSpec, `${path}.inlineVolumeSpec`, errors);
  else if (persistentVolumeName === undefined) errors.push(required(path, exactlyOne));
  else if (persistentVolumeName === '') errors.push(required(`${path}.persistentVolumeName`, 'must specify non empty persistentVolumeName'));
}

function validateError(error: VolumeError | undefined, path: string, errors: FieldError[]): void {
  if (!error) return;
  // Upstream names the bound of the metadata.
  if (Buffer.byteLength(error.message ?? '') > messageBytesMax) errors.push(tooLong(`${path}.message`, metadataBytesMax));
  if (error.errorCode !== undefined && error.errorCode < 0) errors.push(invalid(`${path}.errorCode`, error.errorCode, inclusiveRange(0, int32Max)));
}

export function validateVolumeAttachmentUpdate(next: VolumeAttachment, old: VolumeAttachment, errors: FieldError[]): void {
  if (semanticEqual(SpecType, next.spec, old.spec)) return;
  errors.push(invalid('spec', internalForm(SpecType, next.spec), fieldIsImmutable));
}
