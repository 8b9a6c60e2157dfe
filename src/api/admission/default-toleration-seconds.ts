/** DefaultTolerationSeconds: Pods stay five minutes on a node that is not ready or cannot be reached. */
import type { AdmissionStep } from '../admission.ts';
import { isResource, podOf } from './refusal.ts';

const seconds = 300;
const keys = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

export const defaultTolerationSeconds: AdmissionStep = {
  name: 'DefaultTolerationSeconds',
  resources: ['pods'],
  admit(request) {
    if (!isResource(request, '', 'pods') || (request.operation !== 'CREATE' && request.operation !== 'UPDATE')) return;
    const { spec } = podOf(request.object);
    const given = spec.tolerations ?? [];
    for (const key of keys) {
      const covered = given.some((toleration) =>
        (!toleration.key || toleration.key === key) && (!toleration.effect || toleration.effect === 'NoExecute'));
      if (covered) continue;
      spec.tolerations = [...(spec.tolerations ?? []), { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: seconds }];
    }
  },
};
