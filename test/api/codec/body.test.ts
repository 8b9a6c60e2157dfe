import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeBody, type Expected, type FieldValidation } from '../../../src/api/codec/body.ts';
import { ApiError } from '../../../src/api/errors.ts';
import { kinds } from '../../../src/schema/kinds.ts';
import { structType } from '../../../src/schema/struct-type.ts';

interface Case {
  id: string;
  request: { method: string; path: string; headers?: Record<string, string>; text?: string; b64?: string; json?: unknown };
  expect?: { status: number; headers?: { warning?: string[] }; body?: { message?: string } };
}
const { cases } = JSON.parse(readFileSync(new URL('../../golden/api/04-decoding.json', import.meta.url), 'utf8')) as { cases: Case[] };

const pod: Expected = { group: '', version: 'v1', kind: 'Pod', type: structType(kinds.get('v1/Pod')!) };
const widget: Expected = { group: 'example.com', version: 'v1', kind: 'Widget' };

/** What a client hears: the code and text of the refusal, or the warnings. */
function heard(bytes: Buffer, contentType: string | undefined, expected: Expected, validation: FieldValidation) {
  try {
    return { warnings: decodeBody(bytes, contentType, expected, validation).warnings };
  } catch (error) {
    if (error instanceof ApiError) return { code: error.code, message: error.status.message };
    throw error;
  }
}

function bodyOf({ request: { text, b64, json } }: Case): Buffer {
  if (b64 !== undefined) return Buffer.from(b64, 'base64');
  const source = text ?? JSON.stringify(json);
  return Buffer.from(source.replace(/\$\{repeat:(.*?):(\d+)\}/g, (_, part: string, times: string) => part.repeat(Number(times))));
}

const unquoted = (warning: string): string => JSON.parse(warning.replace(/^299 - /, '')) as string;

describe('bodies recorded from a real server', () => {
  const decidedByCodec = cases.filter(({ request, expect: expected }) => request.method === 'POST' && expected !== undefined
    && [201, 400, 415].includes(expected.status) && !request.path.includes('timeout='));

  it('covers most of the session', () => {
    expect(decidedByCodec.length).toBeGreaterThan(45);
  });

  it.each(decidedByCodec)('$id', (recorded) => {
    const { request, expect: expected } = recorded;
    const validation = (/fieldValidation=(\w+)/.exec(request.path)?.[1] ?? 'Warn') as FieldValidation;
    expect(heard(bodyOf(recorded), request.headers?.['Content-Type'], pod, validation)).toEqual(expected!.status === 201
      ? { warnings: (expected!.headers?.warning ?? []).map(unquoted) }
      : { code: expected!.status, message: expected!.body!.message });
  });
});

describe('decodeBody', () => {
  const text = (body: string, expected = pod, validation: FieldValidation = 'Warn', contentType = 'application/json') =>
    heard(Buffer.from(body), contentType, expected, validation);

  it('names the first wrong type in the order of the text', () => {
    expect(text('{"spec":{"nodeName":5,"containers":{}}}')).toEqual({
      code: 400,
      message: 'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal number into Go struct field PodSpec.spec.nodeName of type string',
    });
    expect(text('{"spec":{"containers":["a"]},"metadata":{"labels":[]}}')).toEqual({
      code: 400,
      message: 'Pod in version "v1" cannot be handled as a Pod: json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type v1.Container',
    });
  });

  it('lets a value with a parser of its own end the decode before an earlier wrong type is told', () => {
    expect(text('{"spec":{"nodeName":5},"metadata":{"creationTimestamp":"x"}}')).toEqual({
      code: 400,
      message: 'Pod in version "v1" cannot be handled as a Pod: parsing time "x" as "2006-01-02T15:04:05Z07:00": cannot parse "x" as "2006"',
    });
  });

  it('keeps one error per place and at most a hundred', () => {
    const members = Array.from({ length: 150 }, (_, i) => `"x${i}":1`).join(',');
    const { warnings } = text(`{"y":1,"y":2,${members}}`) as { warnings: string[] };
    expect([warnings.length, warnings[0], warnings[1], warnings[99]])
      .toEqual([100, 'unknown field "y"', 'unknown field "x0"', 'unknown field "x98"']);
  });

  it('takes custom resources as they are and reports their repeated members', () => {
    const body = '{"apiVersion":"example.com/v1","kind":"Widget","spec":{"a":[{"b":1,"b":2}],"c":1.5}}';
    expect(decodeBody(Buffer.from(body), undefined, widget, 'Warn')).toEqual({
      object: { apiVersion: 'example.com/v1', kind: 'Widget', spec: { a: [{ b: 2 }], c: 1.5 } },
      warnings: ['duplicate field "spec.a[0].b"'],
    });
    expect(text(body.replace('/v1', '/v9'), widget)).toEqual({
      code: 400, message: 'the API version in the data (example.com/v9) does not match the expected API version (example.com/v1)',
    });
    expect(text('{', widget)).toEqual({
      code: 400,
      message: "the object provided is unrecognized (must be of type Widget): couldn't get version/kind; json parse error: unexpected end of JSON input ({)",
    });
  });

  it('takes the eviction of old clients, and refuses other versions of one kind', () => {
    const expecting = (version: string, kind: string): Expected => ({
      group: version.split('/')[0]!, version: version.split('/')[1]!, kind, type: structType(kinds.get(`${version}/${kind}`)!),
    });
    const eviction = '{"apiVersion":"policy/v1beta1","kind":"Eviction","metadata":{"name":"a"}}';
    expect(decodeBody(Buffer.from(eviction), undefined, expecting('policy/v1', 'Eviction'), 'Warn').object)
      .toEqual({ kind: 'Eviction', apiVersion: 'policy/v1', metadata: { name: 'a' } });
    expect(text('{"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler"}', expecting('autoscaling/v1', 'HorizontalPodAutoscaler'))).toEqual({
      code: 400, message: 'the API version in the data (autoscaling/v2) does not match the expected API version (autoscaling/v1)',
    });
  });

  it('harms nobody with a member named __proto__', () => {
    const { object } = decodeBody(Buffer.from('{"metadata":{"labels":{"__proto__":"x"}},"__proto__":{"kind":"y"}}'), undefined, pod, 'Ignore');
    expect(Object.keys(object.metadata.labels!)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});
