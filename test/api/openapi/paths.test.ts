/** Every path and operation that a real server publishes (test/golden/openapi). */
import fs from 'node:fs';
import zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { TestApi } from '../api-fixture.ts';

type Parameter = { readonly in: string; readonly name: string; readonly type?: string };
interface Operation {
  readonly operationId: string;
  readonly 'x-kubernetes-action'?: string;
  readonly parameters?: readonly Parameter[];
  readonly responses: Readonly<Record<string, { readonly schema?: { readonly $ref?: string; readonly type?: string } }>>;
  readonly consumes?: readonly string[];
  readonly produces: readonly string[];
}

const file = new URL('../../golden/openapi/paths-v2.json.gz', import.meta.url);
const recorded = JSON.parse(zlib.gunzipSync(fs.readFileSync(file)).toString()) as Record<string, unknown>;

test('the paths of OpenAPI v2, and what can be done there, are those of a real server', () => {
  const { paths } = new TestApi().call('GET', '/openapi/v2').body as unknown as { paths: Record<string, Record<string, unknown>> };
  const ours = Object.fromEntries(Object.entries(paths).map(([path, item]) => [path, Object.fromEntries(Object.entries(item).map(([name, value]) =>
    [name, name === 'parameters' ? (value as Parameter[]).map(parameterText) : operationOf(value as Operation)]))]));
  expect(Object.keys(recorded).length).toBeGreaterThan(400);
  expect(ours).toEqual(recorded);
});

const parameterText = ({ in: place, name, type = '' }: Parameter): string => `${place}:${name}:${type}`;

function operationOf({ operationId, 'x-kubernetes-action': action = '', parameters = [], responses, consumes = [], produces }: Operation): unknown[] {
  const models = Object.fromEntries(Object.entries(responses).map(([code, { schema = {} }]) => [code, schema.$ref?.replace('#/definitions/', '') ?? schema.type ?? '']));
  return [operationId, action, parameters.map(parameterText), models, consumes, produces];
}
