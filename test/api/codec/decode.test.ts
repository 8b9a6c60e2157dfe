import { describe, expect, it } from 'vitest';
import { decodeObject } from '../../../src/api/codec/decode.ts';
import { parseTree } from '../../../src/api/codec/json-tree.ts';
import { normalize, normalizeStored } from '../../../src/api/codec/normalize.ts';
import { kinds } from '../../../src/schema/kinds.ts';
import { structType } from '../../../src/schema/struct-type.ts';

const typeOf = (kind: string) => structType(kinds.get(kind)!);
const canonical = (kind: string, object: unknown): string => JSON.stringify(decodeObject(typeOf(kind), object, false).object);

function failure(kind: string, text: string): string {
  try {
    decodeObject(typeOf(kind), parseTree(text), false);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

describe('canonical form', () => {
  it("puts members in Go's order, drops zero values and writes those that Go always writes", () => {
    expect(canonical('v1/Pod', { spec: { hostNetwork: false, containers: [{ image: '', name: 'a' }], nodeName: 'n' }, kind: 'Pod', bogus: 1 }))
      .toBe('{"kind":"Pod","metadata":{},"spec":{"containers":[{"name":"a","resources":{}}],"nodeName":"n"},"status":{}}');
  });

  it('keeps zero values behind pointers and treats null as not set', () => {
    expect(canonical('v1/Pod', { metadata: null, spec: { terminationGracePeriodSeconds: 0, enableServiceLinks: false, containers: null, volumes: [] } }))
      .toBe('{"metadata":{},"spec":{"containers":null,"terminationGracePeriodSeconds":0,"enableServiceLinks":false},"status":{}}');
  });

  it('sorts maps and spells quantities and times in their one way', () => {
    const object = {
      metadata: { labels: { b: '1', a: '' }, creationTimestamp: '2026-01-02T03:04:05.9+02:00' },
      spec: { containers: [{ name: 'a', resources: { limits: { memory: '1024Mi', cpu: 0.5 } } }] },
    };
    expect(canonical('v1/Pod', object)).toBe('{"metadata":{"creationTimestamp":"2026-01-02T01:04:05Z","labels":{"a":"","b":"1"}},'
      + '"spec":{"containers":[{"name":"a","resources":{"limits":{"cpu":"500m","memory":"1Gi"}}}]},"status":{}}');
  });

  it('writes null where Go writes a nil list, time or pointer without omitempty', () => {
    expect(canonical('v1/Event', {})).toBe('{"metadata":{},"involvedObject":{},"source":{},"firstTimestamp":null,"lastTimestamp":null,'
      + '"eventTime":null,"reportingComponent":"","reportingInstance":""}');
  });

  it('reads the unions of JSON schemas', () => {
    const schema = { type: 'object', additionalProperties: { type: 'string' }, items: [{ type: 'string' }], dependencies: { a: ['b'] } };
    expect(decodeObject(typeOf('apiextensions.k8s.io/v1/CustomResourceDefinition'), {
      spec: { versions: [{ name: 'v1', schema: { openAPIV3Schema: schema } }] },
    }, true)).toMatchObject({ strictErrors: [], object: { spec: { versions: [{ schema: { openAPIV3Schema: schema } }] } } });
  });

  it('is reached in one step', () => {
    const once = normalize(typeOf('v1/Pod'), { spec: { containers: [{ name: 'a', ports: [{ containerPort: 80 }] }] } });
    expect(JSON.stringify(normalize(typeOf('v1/Pod'), once))).toBe(JSON.stringify(once));
  });
});

describe('normalizeStored', () => {
  const role = { metadata: {}, rules: [] };

  it('forgets empty lists as protobuf does; normalize keeps them', () => {
    expect(normalize(typeOf('rbac.authorization.k8s.io/v1/Role'), role)).toEqual({ metadata: {}, rules: [] });
    expect(normalizeStored(typeOf('rbac.authorization.k8s.io/v1/Role'), role)).toEqual({ metadata: {}, rules: null });
  });
});

describe('wrong types', () => {
  it.each([
    ['v1/Pod', '{"spec":{"tolerations":[{"tolerationSeconds":"1"}]}}',
      'json: cannot unmarshal string into Go struct field Toleration.spec.tolerations.tolerationSeconds of type int64'],
    ['v1/Pod', '{"spec":{"containers":[{"livenessProbe":{"httpGet":[]}}]}}',
      'json: cannot unmarshal array into Go struct field Probe.spec.containers.livenessProbe.ProbeHandler.httpGet of type v1.HTTPGetAction'],
    ['v1/Pod', '{"spec":{"restartPolicy":true}}', 'json: cannot unmarshal bool into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy'],
    ['v1/Pod', '{"spec":{"nodeSelector":"x"}}', 'json: cannot unmarshal string into Go struct field PodSpec.spec.nodeSelector of type map[string]string'],
    ['v1/Pod', '{"metadata":{"creationTimestamp":5}}',
      'json: cannot unmarshal number into Go struct field ObjectMeta.metadata.creationTimestamp of type string'],
    ['v1/Pod', '{"spec":{"containers":[{"resources":{"limits":{"cpu":"x"}}}]}}',
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ['v1/Pod', '{"spec":{"containers":[{"resources":{"limits":[]}}]}}',
      'json: cannot unmarshal array into Go struct field ResourceRequirements.spec.containers.resources.limits of type v1.ResourceList'],
    ['v1/Secret', '{"data":{"a":"!"}}', 'illegal base64 data at input byte 0'],
    ['v1/Secret', '{"data":{"a":"YWJjYQ"}}', 'illegal base64 data at input byte 4'],
    ['v1/Secret', '{"data":{"a":5}}', 'json: cannot unmarshal number into Go struct field Secret.data of type []uint8'],
    ['v1/Secret', '{"data":{"a":"YQ=="}}', 'no error'],
    ['apps/v1/Deployment', '{"spec":{"replicas":2147483648}}',
      'json: cannot unmarshal number 2147483648 into Go struct field DeploymentSpec.spec.replicas of type int32'],
  ])('of %s in %s are told as Go tells them', (kind, text, message) => {
    expect(failure(kind, text)).toBe(message);
  });
});
