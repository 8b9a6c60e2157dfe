import { expect, test } from 'vitest';
import { defaultIngressClass } from '../../../src/api/admission/default-ingress-class.ts';
import { mutatingAdmissionWebhook, validatingAdmissionPolicy } from '../../../src/api/admission/not-emulated-admission.ts';
import { defaultStorageClass, persistentVolumeClaimResize, storageObjectInUseProtection } from '../../../src/api/admission/storage.ts';
import { named, pod, run, type Write } from './admission-fixture.ts';

const marked = (name: string, annotation: string, creationTimestamp: string, members: object = {}) =>
  ({ metadata: { name, creationTimestamp, annotations: { [annotation]: 'true' } }, ...members });
const claim = (spec: object, status: object = {}): Write => ({
  resource: 'persistentvolumeclaims', kind: 'PersistentVolumeClaim', name: 'c', object: { metadata: { name: 'c' }, spec, status },
});

test('the newest default class is taken by what names none', () => {
  const annotation = 'storageclass.kubernetes.io/is-default-class';
  const classes = { 'storageclasses.storage.k8s.io': [marked('old', annotation, '2026-01-01T00:00:00Z'), marked('new', annotation, '2026-02-01T00:00:00Z'), named('x')] };
  expect(run(defaultStorageClass, claim({}), classes).object['spec']).toEqual({ storageClassName: 'new' });
  expect(run(defaultStorageClass, claim({ storageClassName: '' }), classes).object['spec']).toEqual({ storageClassName: '' });
  const ingress = { group: 'networking.k8s.io', resource: 'ingresses', kind: 'Ingress', object: { metadata: { name: 'i' }, spec: {} } };
  const ingressClasses = { 'ingressclasses.networking.k8s.io': [marked('web', 'ingressclass.kubernetes.io/is-default-class', '2026-01-01T00:00:00Z')] };
  expect(run(defaultIngressClass, ingress, ingressClasses).object['spec']).toEqual({ ingressClassName: 'web' });
});

test('claims are protected, and grow where their class lets them', () => {
  expect(run(storageObjectInUseProtection, claim({})).object.metadata.finalizers).toEqual(['kubernetes.io/pvc-protection']);
  const size = (storage: string) => ({ storageClassName: 'fast', resources: { requests: { storage } } });
  const grow = (status: object) => ({ ...claim(size('2Gi')), operation: 'UPDATE' as const, oldObject: { metadata: { name: 'c' }, spec: size('1Gi'), status } });
  const classes = (allowVolumeExpansion: boolean) => ({ 'storageclasses.storage.k8s.io': [named('fast', { allowVolumeExpansion })] });
  const refused = (why: string) => `persistentvolumeclaims "c" is forbidden: ${why}`;
  expect(run(persistentVolumeClaimResize, grow({ phase: 'Bound' }), classes(true)).refusal).toBeUndefined();
  expect(run(persistentVolumeClaimResize, grow({ phase: 'Pending' }), classes(true)).refusal)
    .toBe(refused('Only bound persistent volume claims can be expanded'));
  expect(run(persistentVolumeClaimResize, grow({ phase: 'Bound' }), classes(false)).refusal)
    .toBe(refused('only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize'));
});

const rule = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] };

test.each([
  ['one that matches', { rules: [rule] }, 501],
  ['another operation', { rules: [{ ...rule, operations: ['DELETE'] }] }, undefined],
  ['everything', { rules: [{ ...rule, resources: ['*/*'], apiGroups: ['*'], operations: ['*'] }] }, 501],
  ['another subresource', { rules: [{ ...rule, resources: ['pods/status'] }] }, undefined],
  ['cluster scope', { rules: [{ ...rule, scope: 'Cluster' }] }, undefined],
  ['labels of the object', { rules: [rule], objectSelector: { matchLabels: { a: 'b' } } }, undefined],
  ['labels of the namespace', { rules: [rule], namespaceSelector: { matchLabels: { team: 'x' } } }, 501],
  ['no rules', {}, undefined],
])('a webhook is refused when it would be called: %s', (_, webhook, code) => {
  const world = { 'mutatingwebhookconfigurations.admissionregistration.k8s.io': [named('cfg', { webhooks: [{ name: 'w.example.com', ...webhook }] })],
    namespaces: [{ metadata: { name: 'd', labels: { team: 'x' } } }] };
  expect(run(mutatingAdmissionWebhook, { object: pod() }, world).code).toBe(code);
});

test('a policy counts once it is bound', () => {
  const group = 'admissionregistration.k8s.io';
  const policies = { [`validatingadmissionpolicies.${group}`]: [named('pol', { spec: { matchConstraints: { resourceRules: [rule] } } })] };
  const bound = (matchResources?: object) => ({ ...policies, [`validatingadmissionpolicybindings.${group}`]: [named('b', { spec: { policyName: 'pol', matchResources } })] });
  expect(run(validatingAdmissionPolicy, { object: pod() }, policies).code).toBeUndefined();
  expect(run(validatingAdmissionPolicy, { object: pod() }, bound()).refusal).toContain('Evaluating the ValidatingAdmissionPolicy "pol" is not emulated');
  expect(run(validatingAdmissionPolicy, { object: pod() }, bound({ objectSelector: { matchLabels: { a: 'b' } } })).code).toBeUndefined();
  expect(run(validatingAdmissionPolicy, { object: pod({}, { labels: { a: 'b' } }) }, bound({ objectSelector: { matchLabels: { a: 'b' } } })).code).toBe(501);
  expect(run(validatingAdmissionPolicy, { object: pod() }, bound({ resourceRules: [{ ...rule, resources: ['services'] }] })).code).toBeUndefined();
});
