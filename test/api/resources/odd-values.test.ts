import { expect, test } from 'vitest';
import { pod, pods, TestApi } from '../api-fixture.ts';

const secrets = '/api/v1/namespaces/default/secrets';

test('bytes that are no base64 are refused in the words of each way to write', () => {
  const api = new TestApi();
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: { k: '!!!' } };
  expect(api.call('POST', secrets, secret).status).toBe(400);
  expect(api.call('PATCH', `${secrets}/a?fieldManager=m`, secret, { 'content-type': 'application/apply-patch+yaml' }).body).toMatchObject({
    code: 500,
    message: 'failed to convert new object (/a; /v1, Kind=Secret) to proper version: unable to convert unstructured object to /v1, Kind=Secret: '
      + 'error decoding from json: illegal base64 data at input byte 0',
  });
});

test('a type named like a member of every object is just a type', () => {
  expect(new TestApi().call('POST', secrets, { metadata: { name: 'a' }, type: '__proto__' }).status).toBe(201);
});

test('a Pod without containers is refused, whatever else it has', () => {
  const { body } = new TestApi().call('POST', pods, pod('a', { containers: null, resources: { limits: { cpu: '1' } } }));
  expect((body as { message?: string }).message).toBe('Pod "a" is invalid: spec.containers: Required value');
});

test('nobody looks up a name that cannot be one', () => {
  const api = new TestApi();
  const message = (spec: object) => (api.call('POST', pods, pod('a', spec)).body as { message?: string }).message;
  expect(message({ serviceAccountName: 'a/b' }))
    .toBe('pods "a" is forbidden: error looking up service account default/a/b: invalid resource name "a/b": [may not contain \'/\']');
  expect(message({ runtimeClassName: '..' })).toBe("invalid resource name \"..\": [may not be '..']");
  expect(message({ runtimeClassName: '' })).toBe('resource name may not be empty');
});

test('a configuration keeps the generation it came with, a counted kind does not', () => {
  const api = new TestApi();
  const generation = (path: string, more: object = {}) =>
    (api.call('POST', path, { metadata: { name: 'a', generation: 7 }, ...more }).body as { metadata: { generation?: number } }).metadata.generation;
  expect(generation('/api/v1/namespaces/default/configmaps')).toBe(7);
  expect(generation(pods, { spec: { containers: [{ name: 'a', image: 'i' }] } })).toBe(1);
});

test('an empty list that is always written reads as null once it is stored, in a dry run too', () => {
  const api = new TestApi();
  const roles = '/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles';
  const rulesOf = (query: string) => (api.call('POST', `${roles}${query}`, { metadata: { name: 'a' }, rules: [] }).body as unknown as { rules: unknown }).rules;
  expect(rulesOf('?dryRun=All')).toBeNull();
  expect(rulesOf('')).toBeNull();
});
