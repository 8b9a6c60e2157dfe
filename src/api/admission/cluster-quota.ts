/** Not upstream's: a cluster has a bound on its objects, so that a client in a loop is refused before the memory is full. */
import type { AdmissionStep } from '../admission.ts';
import { refusal } from './refusal.ts';

export const clusterQuota: AdmissionStep = {
  name: 'ClusterQuota',
  validate(request, { objects, objectsMax }) {
    if (request.operation !== 'CREATE' || request.subresource !== '' || objects < objectsMax) return;
    // In the words of ResourceQuota, which clients know.
    throw refusal(request, `exceeded quota: fakelet --quota, requested: objects=1, used: objects=${objects}, limited: objects=${objectsMax}`);
  },
};
