import { expect, test } from 'vitest';
import { ApiError } from '../../../src/api/errors.ts';
import { patchObject, type PatchBody, type PatchRequest } from '../../../src/api/patch/patch.ts';
import { deepFreeze } from '../../../src/lib/json.ts';
import { ConfigMap, Pod } from '../../../src/schema/core/v1.ts';
import { structType } from '../../../src/schema/struct-type.ts';

const current = deepFreeze({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: '1' } });

function body(text: string): PatchBody {
  try {
    return { text, value: JSON.parse(text), duplicates: [] };
  } catch {
    return { text, syntaxError: 'unexpected end of JSON input' };
  }
}

function request(type: PatchRequest['type'], text: string, more: Partial<PatchRequest> = {}): PatchRequest {
  return { type, body: body(text), current, struct: structType(ConfigMap), fieldValidation: 'Warn', ...more };
}

function refusal(patch: PatchRequest): unknown {
  try {
    return patchObject(patch);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { code, reason, message, details } = error.status;
    return [code, reason, message, details];
  }
}

test('a patch gives a fresh object and leaves the stored one alone', () => {
  const { object } = patchObject(request('merge', '{"data":{"b":"2"}}'));
  expect(object).toEqual({ ...current, data: { a: '1', b: '2' } });
  expect(object['metadata']).not.toBe(current.metadata);
});

test('what goes wrong inside a JSON Patch is hidden from the client', () => {
  expect(refusal(request('json', '[{"op":"remove","path":"/data/none"}]')))
    .toEqual([422, 'Invalid', 'the server rejected our request due to an error in our request', {}]);
});

test.each([
  ['json', '{}', 'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp'],
  ['json', '[1]', 'error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp'],
  ['json', '[{"op":1}]', 'error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string'],
  ['json', '[', 'error decoding patch: unexpected end of JSON input'],
  ['merge', '[]', 'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}'],
  ['merge', 'null', 'Invalid JSON Patch'],
  ['merge', '{"a"', 'error decoding patch: unexpected end of JSON input'],
  ['strategic', '[]', 'json: cannot unmarshal array into Go value of type map[string]interface {}'],
  ['strategic', '{', 'unexpected end of JSON input'],
] as const)('a %s patch %s is a bad request', (type, text, message) => {
  expect(refusal(request(type, text))).toEqual([400, 'BadRequest', message, undefined]);
});

test('without field validation the texts are those of the patch library', () => {
  const ignore = { fieldValidation: 'Ignore' } as const;
  expect(refusal(request('json', '{}', ignore))).toEqual([400, 'BadRequest', 'json: cannot unmarshal object into Go value of type jsonpatch.Patch', undefined]);
  expect(refusal(request('merge', '{"a"', ignore))).toEqual([400, 'BadRequest', 'Invalid JSON Patch', undefined]);
});

test('a JSON Patch of more than 10000 operations is too large', () => {
  const operations = JSON.stringify(Array.from({ length: 10_001 }, () => ({ op: 'add', path: '/data/x', value: 'y' })));
  expect(refusal(request('json', operations)))
    .toEqual([413, 'RequestEntityTooLarge', 'The allowed maximum operations in a JSON patch is 10000, got 10001', undefined]);
});

test('unknown and repeated members of operations are strict errors', () => {
  const text = '[{"op":"add","path":"/data/x","value":"1","bogus":true}]';
  const patch = request('json', text, { body: { text, value: JSON.parse(text), duplicates: ['[0].op'] } });
  expect(patchObject(patch).strictErrors).toEqual(['json patch duplicate field "[0].op"', 'json patch unknown field "[0].bogus"']);
});

test('an empty or null strategic patch changes nothing', () => {
  expect(patchObject(request('strategic', 'null')).object).toEqual(current);
  expect(patchObject(request('strategic', '{}')).object).toEqual(current);
});

const pod = deepFreeze({ metadata: { name: 'p', finalizers: ['a'] }, spec: { containers: [{ name: 'a', image: 'i' }] } });
const ofPod = { current: pod, struct: structType(Pod) };

test('strategic mistakes are plain errors, directives in a wrong form bad requests, lists of lists hidden', () => {
  expect(refusal(request('strategic', '{"spec":{"containers":[{"image":"x"}]}}', ofPod)))
    .toEqual([500, undefined, 'map: map[image:x] does not contain declared merge key: name', undefined]);
  expect(refusal(request('strategic', '{"spec":{"$retainKeys":"x"}}', ofPod)))
    .toEqual([400, 'BadRequest', 'invalid patch format of retainKeys', undefined]);
  expect(refusal(request('strategic', '{"spec":{"$setElementOrder/initContainers":[{"name":"b"}],"initContainers":[]}}', ofPod)))
    .toEqual([500, undefined, 'no elements in any of the given slices', undefined]);
});

test.each([
  ['{"spec":"hello"}', 'map[spec:hello]', 'cannot restore struct from: string'],
  ['{"spec":{"priority":"many"}}', 'map[spec:map[priority:many]]', 'unrecognized type: int32'],
  ['{"spec":{"containers":{"name":"a"}}}', 'map[spec:map[containers:map[name:a]]]', 'cannot restore slice from map'],
  ['{"spec":{"overhead":{"cpu":"x"}}}', 'map[spec:map[overhead:map[cpu:x]]]',
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
  ['{"status":{"startTime":{}}}', 'map[status:map[startTime:map[]]]', 'json: cannot unmarshal object into Go value of type string'],
  ['{"spec":{"restartPolicy":5}}', 'map[spec:map[restartPolicy:5]]', 'cannot convert int64 to v1.RestartPolicy'],
])('a strategic patch %s whose result does not fit is refused', (text, shown, why) => {
  const message = `Invalid value: "${shown}": ${why}`;
  expect(refusal(request('strategic', text, ofPod))).toEqual([
    422, 'Invalid', ` "" is invalid: patch: ${message}`, { causes: [{ reason: 'FieldValueInvalid', message, field: 'patch' }] },
  ]);
});

test('an integer of more than 32 bits loses the upper ones in a strategic patch', () => {
  const { object } = patchObject(request('strategic', '{"spec":{"priority":2147483648}}', ofPod));
  expect(object['spec']).toEqual({ ...pod.spec, priority: -2147483648 });
});

test('a member called __proto__ is a member like any other', () => {
  const { object } = patchObject(request('merge', '{"data":{"__proto__":"x"}}'));
  expect(Object.entries(object['data'] as object)).toEqual([['__proto__', 'x'], ['a', '1']]);
});

test('a refusal quotes the result with members in order where the patch looked into it', () => {
  const quoted = (type: 'json' | 'merge', text: string) => patchObject(request(type, text)).refusal('why').status.message;
  const expected = String.raw` "" is invalid: patch: Invalid value: "{\"apiVersion\":\"v1\",\"data\":{\"0\":\"\\u003c\",\"a\":\"1\"},\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"c\"}}": why`;
  expect(quoted('json', '[{"op":"add","path":"/data/0","value":"<"}]')).toBe(expected);
  expect(quoted('merge', '{"data":{"0":"<"}}')).toBe(expected);
});
