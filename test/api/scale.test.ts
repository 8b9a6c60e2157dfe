import { expect, test } from 'vitest';
import { TestApi } from './api-fixture.ts';

const deployments = '/apis/apps/v1/namespaces/default/deployments';
const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [{ name: 'a', image: 'x:1' }] } };
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd' }, spec: { replicas: 1, selector: { matchLabels: { app: 'x' } }, template } };
const scaleTo = (replicas: number | undefined, metadata: object = {}) =>
  ({ apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'd', ...metadata }, spec: replicas === undefined ? {} : { replicas } });

interface Entry { manager: string; operation: string; apiVersion: string; subresource?: string; fieldsV1: unknown }

/** Who owns what, without times. */
const owners = (api: TestApi, path: string) => (api.call('GET', path).body.metadata['managedFields'] as unknown as Entry[])
  .map(({ manager, operation, apiVersion, subresource, fieldsV1 }) => ({ manager, operation, apiVersion, ...(subresource ? { subresource } : {}), fieldsV1 }));

const applyTo = (api: TestApi, path: string, body: object, manager: string, more = '') =>
  api.patch(`${path}?fieldManager=${manager}${more}`, body, 'apply-patch+yaml');

const replicas = { 'f:spec': { 'f:replicas': {} } };

test('an apply to the scale of a Deployment conflicts with who owns its replicas, and takes them by force', () => {
  const api = new TestApi();
  applyTo(api, `${deployments}/d`, deployment, 'deployer');
  const refused = applyTo(api, `${deployments}/d/scale`, scaleTo(3), 'scaler');
  expect([refused.status, refused.body['message']]).toEqual([409, 'Apply failed with 1 conflict: conflict with "deployer": .spec.replicas']);
  const forced = applyTo(api, `${deployments}/d/scale`, scaleTo(3), 'scaler', '&force=true');
  expect([forced.status, forced.body['kind'], forced.body['spec'], forced.body.metadata['managedFields']]).toEqual([200, 'Scale', { replicas: 3 }, undefined]);
  const [scaler, deployer] = owners(api, `${deployments}/d`);
  expect(scaler).toEqual({ manager: 'scaler', operation: 'Apply', apiVersion: 'apps/v1', subresource: 'scale', fieldsV1: replicas });
  expect(deployer).toMatchObject({ manager: 'deployer', fieldsV1: { 'f:spec': { 'f:selector': {}, 'f:template': {} } } });
  expect(deployer).not.toMatchObject({ fieldsV1: replicas });
});

test('an apply to a scale refuses other kinds, other versions of the object and negative replicas, and creates nothing', () => {
  const api = new TestApi();
  const path = `${deployments}/d/scale`;
  const answer = (body: object, more = '') => {
    const { status, body: { message } } = applyTo(api, path, body, 'scaler', more);
    return [status, message];
  };
  expect(answer(scaleTo(3))).toEqual([404, 'deployments.apps "d" not found']);
  api.call('POST', deployments, deployment);
  expect(answer(deployment)).toEqual([400, 'invalid object type: apps/v1, Kind=Deployment']);
  expect(answer({ ...scaleTo(1), spec: { replicaz: 1 } })).toEqual([500, 'failed to create typed patch object (/d; autoscaling/v1, Kind=Scale): .spec.replicaz: field not declared in schema']);
  expect(answer(scaleTo(-1), '&force=true')).toEqual([422, 'Scale.autoscaling "d" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0']);
  expect(answer(scaleTo(1, { resourceVersion: '1' }), '&force=true'))
    .toEqual([409, 'Operation cannot be fulfilled on deployments.apps "d": the object has been modified; please apply your changes to the latest version and try again']);
});

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'shops.example.com' },
  spec: {
    group: 'example.com', names: { plural: 'shops', singular: 'shop', kind: 'Shop', listKind: 'ShopList' }, scope: 'Namespaced',
    versions: ['v1', 'v2'].map((name) => ({
      name, served: true, storage: name === 'v1', schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      subresources: { scale: { specReplicasPath: name === 'v1' ? '.spec.tills' : '.spec.replicas', statusReplicasPath: '.status.tills' } },
    })),
  },
};

const shops = '/apis/example.com/v1/namespaces/default/shops';

function apiWithShops(): TestApi {
  const api = new TestApi();
  api.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition);
  api.clock.runDue();
  return api;
}

test('the scale of a custom resource keeps owners where each version has its replicas', () => {
  const api = apiWithShops();
  applyTo(api, `${shops}/d`, { apiVersion: 'example.com/v1', kind: 'Shop', metadata: { name: 'd' }, spec: { tills: 1, door: 'left' } }, 'owner');
  expect(applyTo(api, `${shops}/d/scale`, scaleTo(2), 'scaler').body['message'])
    .toBe('Apply failed with 1 conflict: conflict with "owner": .spec.replicas');
  expect(applyTo(api, `${shops}/d/scale`, scaleTo(2), 'scaler', '&force=true').body['spec']).toEqual({ replicas: 2 });
  expect(owners(api, `${shops}/d`)).toEqual([
    { manager: 'scaler', operation: 'Apply', apiVersion: 'example.com/v1', subresource: 'scale', fieldsV1: { 'f:spec': { 'f:tills': {} } } },
    { manager: 'owner', operation: 'Apply', apiVersion: 'example.com/v1', fieldsV1: { 'f:spec': { '.': {}, 'f:door': {} } } },
  ]);
});

test('an apply to the scale of a custom resource without replicas must set them', () => {
  const api = apiWithShops();
  applyTo(api, `${shops}/d`, { apiVersion: 'example.com/v1', kind: 'Shop', metadata: { name: 'd' } }, 'owner');
  expect(applyTo(api, `${shops}/d/scale`, scaleTo(undefined), 'scaler').body['message']).toBe('the spec replicas field ".spec.tills" cannot be empty');
  expect(applyTo(api, `${shops}/d/scale`, scaleTo(2), 'scaler', '&force=true').body['spec']).toEqual({ replicas: 2 });
});
