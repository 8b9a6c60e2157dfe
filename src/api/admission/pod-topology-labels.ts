/** PodTopologyLabels: a Pod bears the zone and region of its node, from its binding on or from the start. */
import type { Binding } from '../../schema/core/v1.ts';
import type { ObjectMeta } from '../../schema/meta/v1.ts';
import type { AdmissionContext, AdmissionStep } from '../admission.ts';
import { createdPod, isResource } from './refusal.ts';

const topologyLabels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region'];

export const podTopologyLabels: AdmissionStep = {
  name: 'PodTopologyLabels',
  resources: ['pods'],
  admit(request, context) {
    const pod = createdPod(request);
    if (pod?.spec.nodeName) copyLabels(pod.metadata, pod.spec.nodeName, context);
    if (request.operation === 'CREATE' && isResource(request, '', 'pods', 'binding')) {
      const binding = request.object as unknown as Binding;
      if (binding.target.kind === 'Node') copyLabels((binding.metadata ??= {}), binding.target.name ?? '', context);
    }
  },
};

function copyLabels(metadata: ObjectMeta, nodeName: string, context: AdmissionContext): void {
  const labels = context.get('', 'nodes', '', nodeName)?.metadata.labels;
  for (const name of topologyLabels) {
    if (labels && Object.hasOwn(labels, name)) (metadata.labels ??= {})[name] = labels[name]!;
  }
}
