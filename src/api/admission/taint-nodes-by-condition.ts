/** TaintNodesByCondition: a new Node is not ready until its kubelet says so. */
import type { Node } from '../../schema/core/v1.ts';
import type { AdmissionStep } from '../admission.ts';
import { isResource } from './refusal.ts';

const notReady = 'node.kubernetes.io/not-ready';

export const taintNodesByCondition: AdmissionStep = {
  name: 'TaintNodesByCondition',
  resources: ['nodes'],
  admit(request) {
    if (request.operation !== 'CREATE' || !isResource(request, '', 'nodes')) return;
    const node = request.object as unknown as Node;
    const taints = ((node.spec ??= {}).taints ??= []);
    if (!taints.some(({ key, effect }) => key === notReady && effect === 'NoSchedule')) {
      taints.push({ key: notReady, effect: 'NoSchedule' });
    }
  },
};
