/** NamespaceLifecycle: nothing is created in namespaces that do not exist or are going, and some namespaces never go. */
import type { Namespace } from '../../schema/core/v1.ts';
import type { AdmissionStep } from '../admission.ts';
import { forbidden, notFound } from '../errors.ts';
import { refusal } from './refusal.ts';

const immortal = new Set(['default', 'kube-system', 'kube-public']);
const namespaces = { group: '', resource: 'namespaces' };

export const namespaceLifecycle: AdmissionStep = {
  name: 'NamespaceLifecycle',
  admit(request, context) {
    const { operation, namespace, name } = request;
    if (request.group === '' && request.kind === 'Namespace') {
      if (operation === 'DELETE' && immortal.has(name)) throw forbidden(namespaces, name, 'this namespace may not be deleted');
      return;
    }
    if (namespace === '' || operation === 'DELETE' || operation === 'CONNECT' || request.resource === 'localsubjectaccessreviews') return;
    const found = context.get('', 'namespaces', '', namespace) as Namespace | undefined;
    if (!found) throw notFound(namespaces, namespace);
    if (operation !== 'CREATE' || found.status?.phase !== 'Terminating') return;
    const error = refusal(request, `unable to create new content in namespace ${namespace} because it is being terminated`);
    error.status.details!.causes = [{
      reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace',
    }];
    throw error;
  },
};
