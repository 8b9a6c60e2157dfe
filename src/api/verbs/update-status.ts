/**
 * A controller's new status for the object it knows: what its patch of the subresource `status` would do. The rest of the
 * object stays the stored one, which later steps recognise by identity and pass over.
 */
import type { KubeObject } from '../../schema/objects.ts';
import { trackUpdate } from '../field-managers.ts';
import type { Services } from '../services.ts';
import { update } from './update.ts';
import type { WriteContext, Written } from './write-context.ts';

/**
 * `object` has the uid of the one that is meant, and the status that it is to have, in canonical form but for the order of
 * its members. Throws ApiError.
 */
export function updateStatus(services: Services, context: WriteContext, object: KubeObject): Written {
  return update(services, context, {
    allowCreate: false,
    uid: object.metadata.uid,
    next: (old) => {
      const next: KubeObject = { ...old!, metadata: { ...old!.metadata }, status: object['status'] };
      trackUpdate(services, context, next, old);
      return next;
    },
  });
}
