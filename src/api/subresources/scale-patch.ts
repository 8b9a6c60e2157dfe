/** PATCH of a scale. */
import type { KubeObject } from '../../schema/objects.ts';
import { decodeJson, DecodeError, readJson } from '../codec/codec.ts';
import { notEmulated } from '../errors.ts';
import { patchTypes, patchObject } from '../patch/patch.ts';
import { readPatch } from '../patch-request.ts';
import { writeOptions, type WriteOptions } from '../request-options.ts';
import type { RequestContext } from '../resource-request.ts';
import type { Services } from '../services.ts';
import { typeNamed } from '../transform.ts';
import type { WriteContext } from '../verbs/write-context.ts';
import { updateScale, type Scale } from './scale.ts';

/** Throws ApiError. */
export function patchedScale(services: Services, contextOf: (options: WriteOptions) => WriteContext, { request, query }: RequestContext): Scale {
  const contentType = (request.headers['content-type'] ?? '').split(';', 1)[0]!;
  const type = patchTypes[contentType]!;
  if (type === 'apply') throw notEmulated('apply to a scale');
  const options = writeOptions(query, 'PatchOptions', contentType);
  const struct = typeNamed('autoscaling/v1', 'Scale')!;
  return updateScale(services, contextOf(options), (scale) => {
    const patched = patchObject({ type, body: readPatch(Buffer.from(request.body).toString()), current: scale, struct, fieldValidation: options.fieldValidation });
    try {
      return decodeJson(struct, readJson(JSON.stringify(patched.object)), false).object as KubeObject as Scale;
    } catch (error) {
      if (error instanceof DecodeError) throw patched.refusal(error.message);
      throw error;
    }
  });
}

