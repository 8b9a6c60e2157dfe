import { expect, test } from 'vitest';
import { pod, pods, TestApi } from '../api-fixture.ts';

const policies = '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const jobs = '/apis/batch/v1/namespaces/default/jobs';
const claims = '/api/v1/namespaces/default/persistentvolumeclaims';
const generationOf = ({ body }: { readonly body: { readonly metadata: object } }) => (body.metadata as { generation?: number }).generation;
const messageOf = ({ body }: { readonly body: object }) => (body as { message?: string }).message;
const containers = [{ name: 'a', image: 'i' }];

test('an empty list raises the generation of a NetworkPolicy each time it is sent, not when others are', () => {
  const api = new TestApi();
  const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a' }, spec: { podSelector: {}, policyTypes: ['Ingress'], ingress: [] } };
  expect(generationOf(api.call('POST', policies, policy))).toBe(1);
  expect(generationOf(api.call('PUT', `${policies}/a`, policy))).toBe(2);
  expect(generationOf(api.call('PUT', `${policies}/a`, policy))).toBe(3);
  expect(generationOf(api.patch(`${policies}/a`, { metadata: { labels: { a: 'b' } } }))).toBe(3);
  expect(generationOf(api.patch(`${policies}/a`, { spec: { policyTypes: ['Egress'] } }, 'strategic-merge-patch+json'))).toBe(4);
  expect(generationOf(api.patch(`${policies}/a`, { spec: { podSelector: { matchLabels: {} } } }))).toBe(5);
  expect(api.call('GET', `${policies}/a`).body['spec']).toEqual({ podSelector: {}, policyTypes: ['Egress'] });
});

test('an empty list in a stored webhook is a change, in a Deployment it is none', () => {
  const api = new TestApi();
  const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
  const webhook = {
    name: 'a.example.com', sideEffects: 'None', admissionReviewVersions: ['v1'], clientConfig: { url: 'https://a.example.com/' }, rules: [],
  };
  api.call('POST', path, { metadata: { name: 'a' }, webhooks: [webhook] });
  expect(generationOf(api.patch(`${path}/a`, { webhooks: [webhook] }))).toBe(2);
  const deployment = { metadata: { name: 'a' }, spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers, tolerations: [] } } } };
  api.call('POST', deployments, deployment);
  expect(generationOf(api.call('PUT', `${deployments}/a`, deployment))).toBe(1);
});

test('refusals show an empty map as it was sent, and a missing one as null', () => {
  const api = new TestApi();
  const refused = (metadata: object) => messageOf(api.call('POST', deployments, {
    metadata: { name: 'a' }, spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata, spec: { containers } } },
  }));
  const text = (shown: string) => `Deployment.apps "a" is invalid: spec.template.metadata.labels: Invalid value: ${shown}: \`selector\` does not match template \`labels\``;
  expect(refused({ labels: {} })).toBe(text('{}'));
  expect(refused({})).toBe(text('null'));
});

test('refusals of a change show the empty lists of what was sent', () => {
  const api = new TestApi();
  const job = (more: object) => ({ metadata: { name: 'a' }, spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [{ ...containers[0], ...more }] } } } });
  api.call('POST', jobs, job({}));
  const refusal = messageOf(api.patch(`${jobs}/a`, { spec: { template: { spec: { hostAliases: [], nodeName: 'n', containers: [{ ...containers[0], args: [] }] } } } }));
  expect(refusal).toContain('"Args":[]');
  expect(refusal).toContain('"HostAliases":[]');
  expect(refusal).toContain('"Command":null');
  api.call('POST', claims, { metadata: { name: 'a' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } });
  expect(messageOf(api.patch(`${claims}/a`, { spec: { accessModes: [] } }))).toContain('\n- "AccessModes": [\n-  "ReadWriteOnce"\n- ],\n+ "AccessModes": [],\n');
  api.call('POST', pods, pod('a'));
  expect(messageOf(api.patch(`${pods}/a`, { spec: { dnsPolicy: 'Default', imagePullSecrets: [] } }))).toContain('\n- "ImagePullSecrets": null,\n+ "ImagePullSecrets": [],\n');
});

test('the claims of a Pod as a whole are refused even when there are none', () => {
  expect(messageOf(new TestApi().call('POST', pods, pod('a', { resources: { claims: [] } }))))
    .toBe('Pod "a" is invalid: spec.resources.claims: Forbidden: claims may not be set for Resources at pod-level');
});
