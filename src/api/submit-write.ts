/** A controller's write, as the verb it stands for. */
import type { KubeObject } from '../schema/objects.ts';
import { success, type Status } from './errors.ts';
import type { Write } from './port.ts';
import type { Services } from './services.ts';
import { apply } from './verbs/apply.ts';
import { bind } from './subresources/binding.ts';
import { evict } from './subresources/eviction.ts';
import { create } from './verbs/create.ts';
import { deleteObject } from './verbs/delete.ts';
import { patch } from './verbs/patch.ts';
import { record } from './verbs/record.ts';
import { repeat } from './verbs/repeat.ts';
import { replace } from './verbs/update.ts';
import { updateStatus } from './verbs/update-status.ts';
import type { WriteContext } from './verbs/write-context.ts';

/** Throws ApiError. `decode` makes a fresh, defaulted object of what the controller hands over. */
export function submitWrite(
  services: Services, context: WriteContext, write: Exclude<Write, { verb: 'renew' }>, decode: (object: KubeObject) => KubeObject,
): KubeObject | Status {
  switch (write.verb) {
    case 'create': return create(services, context, decode(write.object)).object;
    case 'record': return record(services, context, write.object, decode);
    case 'repeat': return repeat(services, context, write.repetition);
    case 'update': return replace(services, context, decode(write.object)).object;
    case 'updateStatus': return updateStatus(services, { ...context, subresource: 'status' }, write.object).object;
    case 'patch': {
      if (write.patchType === 'apply') return apply(services, context, write.patch as Record<string, unknown>, write.force ?? false).object;
      const body = { text: JSON.stringify(write.patch), value: write.patch, duplicates: [] };
      return patch(services, context, write.patchType, body, 'Ignore').object;
    }
    case 'delete':
      return deleteObject(services, context, {
        dryRun: false, gracePeriodSeconds: write.gracePeriodSeconds, preconditions: write.preconditions, propagationPolicy: write.propagationPolicy,
      }).result;
    case 'bind':
      bind(services, { ...context, subresource: 'binding' }, { metadata: { name: write.name, uid: write.uid }, target: { kind: 'Node', name: write.node } });
      return success({ code: 201 });
    case 'evict': {
      const { name, gracePeriodSeconds } = write;
      const deleteOptions = gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds };
      evict(services, { ...context, subresource: 'eviction' }, { metadata: { name }, deleteOptions });
      return success({ code: 201 });
    }
  }
}
