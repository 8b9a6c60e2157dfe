/** PATCH of a scale. */
import { decodeAs } from '../codec/codec.ts';
import { patchTypes, patchObject } from '../patch/patch.ts';
import { readApplied, readPatch } from '../patch-request.ts';
import { writeOptions, type WriteOptions } from '../request-options.ts';
import type { RequestContext } from '../resource-request.ts';
import type { Services } from '../services.ts';
import { checkNames, decodePatched } from '../verbs/patch.ts';
import type { WriteContext } from '../verbs/write-context.ts';
import { applyScale, scaleKind, trackScale, updateScale, type Scale } from './scale.ts';

/** Throws ApiError. */
export function patchedScale(services: Services, contextOf: (options: WriteOptions) => WriteContext, { request, query }: RequestContext): Scale {
  const contentType = (request.headers['content-type'] ?? '').split(';', 1)[0]!;
  const type = patchTypes[contentType]!;
  const options = writeOptions(query, 'PatchOptions', contentType);
  const { fieldValidation, force } = options;
  const context = contextOf(options);
  const text = Buffer.from(request.body).toString();
  if (type === 'apply') {
    const applied = readApplied(text, fieldValidation, (warning) => context.warn(warning));
    return updateScale(services, context, (live) => applyScale(services, context, live, applied, force));
  }
  const body = readPatch(text);
  return updateScale(services, context, (live) => {
    const patched = patchObject({ type, body, current: live, struct: scaleKind.type, fieldValidation });
    const object = decodePatched(context, patched, fieldValidation, (value, strict) => decodeAs(JSON.stringify(value), scaleKind, strict));
    checkNames(context, object);
    return trackScale(services, context, live, object as Scale);
  });
}
