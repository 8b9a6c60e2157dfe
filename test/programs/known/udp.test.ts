/** UDP between emulated programs: agnhost's servers and clients, also through a Service. */
import { expect, it, test } from 'vitest';
import { createPod } from '../../support/pods.ts';
import { sharedKube } from '../../support/shared-kube.ts';
import { address, start } from './known.ts';

const kube = await sharedKube();
const agnhost = (args: string[]) => start('registry.k8s.io/e2e-test-images/agnhost:2.63.0', args);

it('answers hostname, echo and clientip', () => {
  const pod = agnhost(['netexec', '--http-port=80']);
  const dial = (request: string, port = 8081) => pod.get(`/dial?host=${address}&port=${port}&protocol=udp&request=${request}`);
  expect(dial('hostName')).toEqual([200, '{"responses":["pod-1"]}']);
  expect(dial('echo%20Some%20Text')).toEqual([200, '{"responses":["some text"]}']);
  expect(dial('clientIP')).toEqual([200, expect.stringMatching(/^\{"responses":\["10\.244\.1\.2:\d+"\]\}$/)]);
  expect(dial('hostname', 8082)).toEqual([200, expect.stringMatching(/^\{"errors":\["reading from udp connection failed\. err:'read udp 10\.244\.1\.2:\d+-\\u003e10\.244\.1\.2:8082: read: connection refused'"\]\}$/)]);
  expect(pod.log().join('\n')).toMatch(/Echoing some text to UDP client 10\.244\.1\.2:\d+/);
});

it('says nothing to what it does not know', () => {
  const pod = agnhost(['netexec', '--http-port=80']);
  expect(pod.get(`/dial?host=${address}&port=8081&protocol=udp&request=what`)).toBeUndefined();
  expect(pod.log().at(-1)).toMatch(/Unknown UDP command received from 10\.244\.1\.2:\d+: what$/);
  expect(pod.node.clock.pending().count).toBeGreaterThan(0);
});

it('connects over UDP when somebody answers', () => {
  const pod = agnhost(['netexec', '--udp-listen-addresses=127.0.0.1']);
  const connect = (...args: string[]) => pod.exec('/agnhost', 'connect', '--protocol=udp', ...args);
  expect(connect('127.0.0.1:8081')).toEqual(['', 0]);
  expect(connect(`${address}:8081`)).toEqual([expect.stringMatching(/^REFUSED: read udp .*: read: connection refused\n$/), 1]);
  expect(pod.exec('/agnhost', 'connect', '--protocol=sctp', '127.0.0.1:8081')).toEqual(['OTHER: sctp is not emulated\n', 1]);
  pod.node.runtime.stopContainer(pod.container.id, 1000, () => {});
  expect(agnhost(['serve-hostname', '--http=false', '--udp', '--port=8081']).exec('/agnhost', 'connect', '--protocol=udp', '127.0.0.1:8081')).toEqual(['', 0]);
});

test('a Service leads datagrams to its endpoints by protocol', async () => {
  const send = async (path: string, object: object) => {
    const response = await fetch(kube.url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(object) });
    expect(response.status).toBe(201);
    return await response.json() as { spec: { clusterIP: string } };
  };
  await createPod(kube, 'server', { containers: [{ name: 'a', image: 'registry.k8s.io/e2e-test-images/agnhost:2.63.0', args: ['netexec'], ports: [{ containerPort: 8081, protocol: 'UDP' }] }] }, { labels: { app: 'udp' } });
  await createPod(kube, 'client', { containers: [{ name: 'a', image: 'registry.k8s.io/e2e-test-images/agnhost:2.63.0', args: ['netexec'] }] });
  const ports = [{ name: 'dns', port: 53, targetPort: 8081, protocol: 'UDP' }];
  const { spec: { clusterIP } } = await send('/api/v1/namespaces/default/services', { metadata: { name: 'udp' }, spec: { selector: { app: 'udp' }, ports } });
  await kube.clock.advance('10s');
  const ask = async (host: string, port: number) => (await fetch(`${kube.url}/api/v1/namespaces/default/pods/client:8080/proxy/dial?host=${host}&port=${port}&protocol=udp&request=hostname`)).text();
  expect(await ask(clusterIP, 53)).toBe('{"responses":["server"]}');
  expect(await ask('udp', 53)).toBe('{"responses":["server"]}');
  // Its port is none of TCP's.
  const tcp = await fetch(`${kube.url}/api/v1/namespaces/default/pods/client:8080/proxy/dial?host=udp&port=53&request=hostname`);
  expect(await tcp.text()).toMatch(/connect: connection refused/);
});
