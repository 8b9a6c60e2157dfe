/** Pods as they come to validation: decoded, defaulted, converted. */
import { decodeObject } from '../../../src/api/codec/codec.ts';
import { applyDefaults } from '../../../src/api/defaults/defaults.ts';
import type { FieldError } from '../../../src/api/field-error.ts';
import { podStrategy, type PodObject } from '../../../src/api/resources/pods.ts';
import { Pod } from '../../../src/schema/core/v1.ts';
import { structType } from '../../../src/schema/struct-type.ts';

export function pod(spec: object, metadata: object = {}, status: object = {}): PodObject {
  const sent = {
    apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'd', uid: 'u1', resourceVersion: '5', ...metadata },
    spec: { containers: [{ name: 'a', image: 'i' }], ...spec }, status,
  };
  const object = decodeObject(structType(Pod), sent, false).object as unknown as PodObject;
  applyDefaults(structType(Pod), object);
  podStrategy.convert?.(object);
  return object;
}

export const container = (members: object) => ({ containers: [{ name: 'a', image: 'i', ...members }] });

/** Each cause as `field: text`. */
export const texts = (errors: readonly FieldError[]): string[] => errors.map(({ field, body }) => `${field}: ${body}`);
