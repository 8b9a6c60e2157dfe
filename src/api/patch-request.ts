/** The body of a PATCH, read as its content type says. */
import { DecodeError, parseJson } from './codec/codec.ts';
import { patchTypes, type PatchBody } from './patch/patch.ts';
import { plainError } from './errors.ts';
import type { WriteOptions } from './request-options.ts';
import type { Services } from './services.ts';
import { patch } from './verbs/patch.ts';
import type { WriteContext, Written } from './verbs/write-context.ts';

/** Applies a patch of the given content type. Throws ApiError. */
export function patchRequest(services: Services, context: WriteContext, contentType: string, body: Uint8Array, options: WriteOptions): Written {
  const type = patchTypes[contentType]!;
  if (type === 'apply') throw plainError('apply is not there yet');
  return patch(services, context, type, readPatch(Buffer.from(body).toString()), options.fieldValidation);
}

function readPatch(text: string): PatchBody {
  try {
    return { text, value: parseJson(text), duplicates: [] };
  } catch (error) {
    if (error instanceof DecodeError) return { text, syntaxError: error.message };
    throw error;
  }
}
