/** What a claim waits for whose class binds when a Pod is scheduled. Reads the Pods of its namespace. */
import type { ApiPort } from '../../api/port.ts';
import type { PersistentVolumeClaim, Pod } from '../../schema/core/v1.ts';
import { hasEnded } from '../pod-readiness.ts';
import { claimNames } from './pod-claims.ts';

/** The reason and message of its Event (emitEventForUnboundDelayBindingClaim). */
export function waitingFor(port: ApiPort, { metadata: { namespace = '', name = '' } }: PersistentVolumeClaim): { readonly reason: string; readonly message: string } {
  const pods = port.lister<Pod>('pods').list(namespace).filter((pod) => !pod.spec?.nodeName && !hasEnded(pod) && claimNames(pod).includes(name));
  if (pods.length === 0) return { reason: 'WaitForFirstConsumer', message: 'waiting for first consumer to be created before binding' };
  const names = pods.map((pod) => pod.metadata.name).join(',');
  return { reason: 'WaitForPodScheduled', message: `waiting for ${pods.length > 1 ? 'pods' : 'pod'} ${names} to be scheduled` };
}
