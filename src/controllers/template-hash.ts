/** The letters by which workload controllers tell templates apart (pkg/controller/controller_utils.go ComputeHash). Pure. */
import { safeText } from '../lib/safe-letters.ts';
import { PodTemplateSpec } from '../schema/core/v1.ts';
import { goDump } from '../schema/go-dump.ts';
import { structType } from '../schema/struct-type.ts';

/** Up to 10 letters for a template in canonical form: upstream's own, so that names are those of a cluster. */
export function templateHash(template: PodTemplateSpec, collisions: number | undefined): string {
  const text = Buffer.from(goDump(structType(PodTemplateSpec), template));
  const count = Buffer.alloc(collisions === undefined ? 0 : 8);
  if (collisions !== undefined) count.writeUInt32LE(collisions);
  return safeText(String(fnv1a(Buffer.concat([text, count]))));
}

/** FNV-1a of 32 bits. */
export function fnv1a(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
