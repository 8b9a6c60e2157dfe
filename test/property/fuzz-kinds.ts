/** What the fuzz writes: every kind that can be created, in every version, and one custom resource; with the least that each accepts. */
import { kinds } from '../../src/schema/kinds.ts';
import { apiVersionOf } from '../../src/schema/objects.ts';
import { groups } from '../../src/schema/resources.ts';
import { structType, type StructType } from '../../src/schema/struct-type.ts';

export interface FuzzKind {
  /** Members and their types; those of a custom resource are borrowed from a similar kind. */
  readonly type: StructType;
  readonly apiVersion: string;
  readonly kind: string;
  /** Where lists are. */
  readonly path: string;
  /** Answers without being stored. */
  readonly onlyCreates: boolean;
  readonly subresources: readonly string[];
  /** A valid object without metadata. */
  readonly body: object;
}

const container = { name: 'a', image: 'registry.test/a:1' };
const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [container] } };
const jobTemplate = { spec: { restartPolicy: 'Never', containers: [container] } };
const selector = { matchLabels: { a: 'b' } };
const role = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'r' };
const webhook = { name: 'w.example.com', clientConfig: { url: 'https://example.com' }, sideEffects: 'None', admissionReviewVersions: ['v1'] };
const pem = Buffer.from('-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n').toString('base64');

/** By resource; those that are not here need nothing. */
const bodies: Readonly<Record<string, object>> = {
  pods: { spec: { containers: [container], terminationGracePeriodSeconds: 0 } },
  podtemplates: { template },
  services: { spec: { selector: { a: 'b' }, ports: [{ port: 80 }] } },
  events: { involvedObject: { kind: 'Pod', name: 'x', namespace: 'default' }, reason: 'R' },
  persistentvolumes: { spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/data' } } },
  persistentvolumeclaims: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
  replicationcontrollers: { spec: { selector: { a: 'b' }, template } },
  deployments: { spec: { selector, template } },
  replicasets: { spec: { selector, template } },
  daemonsets: { spec: { selector, template } },
  statefulsets: { spec: { serviceName: 's', selector, template } },
  controllerrevisions: { revision: 1, data: { a: 1 } },
  jobs: { spec: { template: jobTemplate } },
  cronjobs: { spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template: jobTemplate } } } },
  endpointslices: { addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }] },
  limitranges: { spec: { limits: [{ type: 'Pod', max: { cpu: '64' } }] } },
  poddisruptionbudgets: { spec: { minAvailable: 1, selector } },
  networkpolicies: { spec: { podSelector: {} } },
  ingresses: { spec: { defaultBackend: { service: { name: 's', port: { number: 80 } } } } },
  ingressclasses: { spec: { controller: 'example.com/c' } },
  horizontalpodautoscalers: { spec: { maxReplicas: 3, scaleTargetRef: { kind: 'Deployment', name: 'd', apiVersion: 'apps/v1' } } },
  roles: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] },
  rolebindings: { roleRef: role },
  clusterrolebindings: { roleRef: role },
  priorityclasses: { value: 1 },
  runtimeclasses: { handler: 'h' },
  storageclasses: { provisioner: 'example.com/p' },
  volumeattributesclasses: { driverName: 'd', parameters: { a: 'b' } },
  volumeattachments: { spec: { attacher: 'd', nodeName: 'n', source: { persistentVolumeName: 'v' } } },
  csidrivers: { spec: {} },
  csinodes: { spec: { drivers: [{ name: 'd', nodeID: 'n' }] } },
  csistoragecapacities: { storageClassName: 's' },
  certificatesigningrequests: { spec: { request: pem, signerName: 'example.com/s', usages: ['client auth'] } },
  validatingwebhookconfigurations: { webhooks: [webhook] },
  mutatingwebhookconfigurations: { webhooks: [webhook] },
};
/** Quotas charge for what others write, refused or not; definitions take their resources with them. */
const left: ReadonlySet<string> = new Set(['resourcequotas', 'customresourcedefinitions']);

const builtInKinds: readonly FuzzKind[] = groups.flatMap(({ group, versions }) => versions.flatMap(({ version, resources }) => resources
  .filter(({ resource, verbs }) => verbs.includes('create') && !left.has(resource))
  .map(({ resource, kind, namespaced, verbs, subresources }): FuzzKind => {
    const apiVersion = apiVersionOf({ group, version });
    return {
      type: structType(kinds.get(`${apiVersion}/${kind}`)!), apiVersion, kind,
      path: `/${group === '' ? 'api' : 'apis'}/${apiVersion}/${namespaced ? 'namespaces/default/' : ''}${resource}`,
      onlyCreates: !verbs.includes('get'), subresources: (subresources ?? []).map(({ name }) => name),
      body: bodies[resource] ?? {},
    };
  })));

const tills = { type: 'integer', minimum: 0 };
const shopSchema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object', 'x-kubernetes-preserve-unknown-fields': true,
      properties: { replicas: tills, selector: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }, paused: { type: 'boolean', default: false } },
    },
    status: { type: 'object', properties: { replicas: tills } },
  },
};

export const definition = {
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'shops.example.com' },
  spec: {
    group: 'example.com', scope: 'Namespaced', names: { plural: 'shops', kind: 'Shop' },
    versions: [{
      name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: shopSchema },
      subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } },
    }],
  },
};

const shop: FuzzKind = {
  type: structType(kinds.get('apps/v1/Deployment')!), apiVersion: 'example.com/v1', kind: 'Shop', path: '/apis/example.com/v1/namespaces/default/shops',
  onlyCreates: false, subresources: ['status', 'scale'], body: { spec: { replicas: 1 } },
};

export const fuzzKinds: readonly FuzzKind[] = [...builtInKinds, shop];

/** Pods and the custom resource come up more often: they have the most rules. */
export const weightedKinds: readonly FuzzKind[] = [
  ...fuzzKinds, ...fuzzKinds.flatMap((kind) => (kind.kind === 'Pod' || kind === shop ? Array.from({ length: 5 }, () => kind) : [])),
];

/** Lists of what is stored, each once, whatever the version. */
export const collections: readonly FuzzKind[] = [...new Map(fuzzKinds.filter(({ onlyCreates }) => !onlyCreates)
  .map((kind) => [`${kind.apiVersion.split('/').slice(0, -1).join('/')}/${kind.kind}`, kind])).values()];
