import { beforeEach, describe, expect, test } from 'vitest';
import { TestApi } from '../api-fixture.ts';

const services = '/api/v1/namespaces/default/services';
let api: TestApi;
beforeEach(() => {
  api = new TestApi();
});

const service = (name: string, spec: object) => ({ metadata: { name }, spec: { ports: [{ port: 80 }], ...spec } });
const create = (name: string, spec: object) => api.call('POST', services, service(name, spec));
const causes = ({ body }: { body: object }) =>
  ((body as { details?: { causes?: { field: string; message: string }[] } }).details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`);
const specOf = ({ body }: { body: object }) => (body as { spec: Record<string, unknown> }).spec;

describe('what a Service is given', () => {
  test('an address of the cluster, one family and ports of the nodes', () => {
    const spec = specOf(create('a', { type: 'NodePort' }));
    expect(spec).toEqual({
      type: 'NodePort', clusterIP: expect.stringMatching(/^10\.96\./) as string, clusterIPs: [spec['clusterIP']],
      ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack', internalTrafficPolicy: 'Cluster', externalTrafficPolicy: 'Cluster', sessionAffinity: 'None',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80, nodePort: expect.any(Number) as number }],
    });
  });

  test('both families when it is headless and selects nothing', () => {
    const { ipFamilies, ipFamilyPolicy } = specOf(create('a', { clusterIP: 'None' }));
    expect({ ipFamilies, ipFamilyPolicy }).toEqual({ ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' });
  });

  test('what it asks for, if nobody else has it', () => {
    expect(specOf(create('a', { clusterIP: '10.96.9.9' }))['clusterIP']).toBe('10.96.9.9');
    expect(causes(create('b', { clusterIP: '10.96.9.9' })))
      .toEqual(['spec.clusterIPs: Invalid value: ["10.96.9.9"]: failed to allocate IP 10.96.9.9: provided IP is already allocated']);
    expect(causes(create('b', { clusterIP: '10.0.0.9' }))).toEqual(['spec.clusterIPs: Invalid value: ["10.0.0.9"]: failed to allocate IP 10.0.0.9: '
      + 'the provided IP (10.0.0.9) is not in the valid range. The range of valid IPs is 10.96.0.0/16']);
    expect(causes(create('b', { type: 'NodePort', ports: [{ port: 80, nodePort: 80 }] })))
      .toEqual(['spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767']);
  });

  test('a port for health checks when load balancers keep to the node', () => {
    expect(specOf(create('a', { type: 'LoadBalancer', externalTrafficPolicy: 'Local' }))['healthCheckNodePort']).toBeGreaterThanOrEqual(30_000);
  });
});

describe('what changes of a Service', () => {
  test('a body without the allocated values keeps them', () => {
    const before = specOf(create('a', { type: 'NodePort' }));
    expect(specOf(api.call('PUT', `${services}/a`, service('a', { type: 'NodePort' })))).toEqual(before);
  });

  test('the address stays, and goes with the type ExternalName', () => {
    create('a', {});
    expect(causes(api.patch(`${services}/a`, { spec: { clusterIP: '10.96.9.9', clusterIPs: ['10.96.9.9'] } })))
      .toEqual(['spec.clusterIPs[0]: Invalid value: ["10.96.9.9"]: may not change once set']);
    expect(specOf(api.patch(`${services}/a`, { spec: { type: 'ExternalName', externalName: 'x.y', ports: null } })))
      .toEqual({ type: 'ExternalName', externalName: 'x.y', sessionAffinity: 'None' });
  });

  test('ports of the nodes go when the type has none', () => {
    create('a', { type: 'NodePort' });
    const spec = specOf(api.patch(`${services}/a`, { spec: { type: 'ClusterIP' } }));
    expect(spec['ports']).toEqual([{ port: 80, protocol: 'TCP', targetPort: 80 }]);
    expect(spec['externalTrafficPolicy']).toBeUndefined();
  });
});

describe('what a Service may not say', () => {
  test.each<[object, ...string[]]>([
    [{ clusterIPs: ['x'], clusterIP: '1' }, 'spec.clusterIPs: Invalid value: ["x"]: first value must match `clusterIP`',
      'spec.clusterIPs[0]: Invalid value: "x": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'],
    [{ ipFamilies: ['IPv6'] }, 'spec.ipFamilies[0]: Invalid value: "IPv6": not configured on this cluster'],
    [{ ipFamilyPolicy: 'RequireDualStack' }, 'spec.ipFamilyPolicy: Invalid value: "RequireDualStack": this cluster is not configured for dual-stack services'],
    [{ healthCheckNodePort: 1 }, "spec.healthCheckNodePort: Invalid value: 1: may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"],
    [{ loadBalancerClass: 'a' }, "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'"],
    [{ type: 'LoadBalancer', loadBalancerSourceRanges: ['10.0.0.1/8', '10.0.0.0/08', ' 10.0.0.0/8 '] },
      'spec.LoadBalancerSourceRanges[0]: Invalid value: "10.0.0.1/8": must not have bits set beyond the prefix length',
      'spec.LoadBalancerSourceRanges[1]: Invalid value: "10.0.0.0/08": must not have leading 0s in IP or prefix length'],
    [{ externalIPs: ['127.0.0.1'] }, 'spec.externalIPs[0]: Invalid value: "127.0.0.1": may not be in the loopback range (127.0.0.0/8, ::1/128)'],
    [{ trafficDistribution: 'Near' }, 'spec.trafficDistribution: Unsupported value: "Near": supported values: "PreferClose", "PreferSameZone", "PreferSameNode"'],
  ])('%j', (spec, ...expected) => {
    expect(causes(create('a', spec))).toEqual(expected);
    expect(api.call('GET', `${services}/a`).status).toBe(404);
  });
});

test('members without effect are warned of', () => {
  expect(create('a', { clusterIP: 'None', loadBalancerIP: '1.2.3.4', externalName: 'x', trafficDistribution: 'PreferClose' }).headers['warning']).toEqual([
    '299 - "spec.loadBalancerIP is ignored for headless services"',
    '299 - "spec.externalName is ignored when spec.type is not \\"ExternalName\\""',
    '299 - "spec.trafficDistribution: \\"PreferClose\\" is deprecated; use \\"PreferSameZone\\""',
  ]);
});
