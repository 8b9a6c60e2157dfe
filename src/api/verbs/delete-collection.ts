/** Deletecollection: every object of a list, each as if deleted alone; the answer is the list as it was. */
import { ApiError } from '../errors.ts';
import { list, type ListResult } from '../list/list.ts';
import type { DeleteOptions, ListOptions } from '../request-options.ts';
import type { Services } from '../services.ts';
import { deleteObject } from './delete.ts';
import type { WriteContext } from './write-context.ts';

/** Throws ApiError at the first object that cannot be deleted; an object that is gone meanwhile is none. */
export function deleteCollection(
  services: Services, context: WriteContext, namespace: string, selection: ListOptions, options: DeleteOptions,
): ListResult {
  const result = list(services, context.def, namespace, selection);
  for (const { value } of result.items) {
    try {
      deleteObject(services, { ...context, namespace: value.metadata.namespace ?? '', name: value.metadata.name! }, options);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 404) throw error;
    }
  }
  return result;
}
