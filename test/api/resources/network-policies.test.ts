import { expect, test } from 'vitest';
import { TestApi } from '../api-fixture.ts';

const policies = '/apis/networking.k8s.io/v1/namespaces/default/networkpolicies';
const refused = (spec: object) => {
  const { details } = new TestApi().call('POST', policies, { metadata: { name: 'a' }, spec: { podSelector: {}, ...spec } }).body as unknown as
    { details: { causes: { field: string; message: string }[] } };
  return details.causes.map(({ field, message }) => `${field}: ${message}`);
};

test('a rule names each peer in one way', () => {
  expect(refused({ ingress: [{ from: [{}, { podSelector: {}, ipBlock: { cidr: '10.0.0.0/8' } }, { podSelector: {}, namespaceSelector: {} }] }] })).toEqual([
    'spec.ingress[0].from[0]: Required value: must specify a peer',
    'spec.ingress[0].from[1]: Forbidden: may not specify both ipBlock and another peer',
  ]);
});

test('exceptions are parts of their block', () => {
  expect(refused({ egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.0.0.0/8', '11.0.0.0/16', 'x'] } }] }] })).toEqual([
    'spec.egress[0].to[0].ipBlock.except[1]: Invalid value: "10.0.0.0/8": must be a strict subset of `cidr`',
    'spec.egress[0].to[0].ipBlock.except[2]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`',
    'spec.egress[0].to[0].ipBlock.except[3]: Invalid value: "x": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)',
  ]);
});

test('a range of ports starts with a number', () => {
  expect(refused({ ingress: [{ ports: [{ endPort: 1 }, { port: 'http', endPort: 1 }, { port: 80, endPort: 79 }] }], policyTypes: ['Ingress', 'Odd'] })).toEqual([
    'spec.ingress[0].ports[0].endPort: Invalid value: 1: may not be specified when `port` is not specified',
    'spec.ingress[0].ports[1].endPort: Invalid value: 1: may not be specified when `port` is non-numeric',
    'spec.ingress[0].ports[2].endPort: Invalid value: 80: must be greater than or equal to `port`',
    'spec.policyTypes[1]: Unsupported value: "Odd": supported values: "Ingress", "Egress"',
  ]);
});
