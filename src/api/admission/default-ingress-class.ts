/** DefaultIngressClass: Ingresses that name no class get the default one. */
import type { Ingress } from '../../schema/networking/v1.ts';
import type { AdmissionStep } from '../admission.ts';
import { defaultOf } from '../../schema/default-class.ts';
import { isResource } from './refusal.ts';

const group = 'networking.k8s.io';

export const defaultIngressClass: AdmissionStep = {
  name: 'DefaultIngressClass',
  resources: ['ingresses.networking.k8s.io'],
  admit(request, context) {
    if (request.operation !== 'CREATE' || !isResource(request, group, 'ingresses')) return;
    const ingress = request.object as unknown as Ingress;
    if (ingress.spec?.ingressClassName !== undefined || 'kubernetes.io/ingress.class' in (ingress.metadata.annotations ?? {})) return;
    const name = defaultOf(context.list(group, 'ingressclasses', ''), ['ingressclass.kubernetes.io/is-default-class']);
    if (name !== undefined) (ingress.spec ??= {}).ingressClassName = name;
  },
};
