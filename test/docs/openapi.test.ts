/** openapi.yaml and the server agree, both ways. */
import fs from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { openapiDocument, ownRoutes } from '../../tools/openapi/document.ts';

const file = parse(fs.readFileSync('openapi.yaml', 'utf8')) as { paths: Record<string, Record<string, unknown>> };

test('the file is what the routes say (npm run generate)', async () => {
  expect(file).toEqual(JSON.parse(JSON.stringify(await openapiDocument())));
});

test('every route is in the file, and every own path of the file is a route', async () => {
  const routes = (await ownRoutes()).map(({ method, path }) => `${method} ${path}`).toSorted();
  const described = Object.entries(file.paths).filter(([path]) => path.startsWith('/_fakelet/'))
    .flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method} ${path}`)).toSorted();
  expect(described).toEqual(routes);
});

test('the Pod paths are those of the Kubernetes API', () => {
  const pod = '/api/v1/namespaces/{namespace}/pods/{name}';
  expect(Object.keys(file.paths)).toEqual(expect.arrayContaining([pod, `${pod}/status`, `${pod}/binding`, `${pod}/eviction`, `${pod}/log`]));
});
