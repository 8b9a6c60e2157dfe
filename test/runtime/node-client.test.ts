import { expect, it } from 'vitest';
import type { ConnectResult, HealthAnswer, HttpRequest, HttpResult } from '../../src/runtime/runtime.ts';
import { makeNode, makeSandbox, run, type Node } from './node.ts';

const sh = (script: string) => ['sh', '-c', script];

function request(node: Node, more: Partial<HttpRequest> = {}): HttpResult | { error: string } | undefined {
  let answer: HttpResult | { error: string } | undefined;
  node.runtime.http({ method: 'GET', scheme: 'HTTP', ip: '10.244.1.2', port: 8080, path: '/healthz', headers: [], timeoutMs: 1000, ...more }, (result) => { answer = result; });
  return answer && 'body' in answer ? { ...answer, body: Buffer.from(answer.body).toString() as never } : answer;
}

function serve(node: Node) {
  return run(node, makeSandbox(node), sh('mkdir /tmp/w; echo ok > /tmp/w/healthz; sleep 2; httpd -p 8080 -h /tmp/w; trap "exit 0" TERM; sleep 1000 & wait'));
}

it('gets a file from httpd once it listens', () => {
  const node = makeNode();
  serve(node);
  expect(request(node)).toEqual({ error: 'Get "http://10.244.1.2:8080/healthz": dial tcp 10.244.1.2:8080: connect: connection refused' });
  node.clock.advance(2000);
  expect(request(node)).toMatchObject({ status: 200, body: 'ok\n', headers: { 'content-length': '3' } });
  expect(request(node, { path: '/none' })).toMatchObject({ status: 404 });
});

it('gives up after its timeout when nobody has the address', () => {
  const node = makeNode();
  let answer: unknown;
  node.runtime.http({ method: 'GET', scheme: 'HTTP', ip: '10.244.9.9', port: 80, path: '/', headers: [], timeoutMs: 1000 }, (result) => { answer = result; });
  expect(answer).toBe(undefined);
  node.clock.advance(1000);
  expect(answer).toEqual({ error: 'Get "http://10.244.9.9:80/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)' });
});

it('is refused after the container has ended', () => {
  const node = makeNode();
  const container = serve(node);
  node.clock.advance(2000);
  node.runtime.stopContainer(container.id, 1000, () => {});
  expect(container.exitCode).toBe(0);
  expect(request(node)).toHaveProperty('error');
});

it('reaches the ports that an unknown image declares', () => {
  const node = makeNode();
  const sandboxId = makeSandbox(node);
  node.runtime.pullImage('example.com/app:1', () => {});
  node.clock.runDue();
  run(node, sandboxId, [], { image: 'example.com/app:1', command: ['/app'], ports: [{ containerPort: 8080, protocol: 'TCP' }] });
  expect(request(node)).toMatchObject({ status: 200, body: 'pod-1\n' });
});

it('carries bytes both ways', () => {
  const node = makeNode();
  run(node, makeSandbox(node), sh('nc -l -p 7 -e tr a-z A-Z; sleep 1000'));
  const received: string[] = [];
  let ended = false;
  node.runtime.connect('10.244.1.2', 7, 1000, (result: ConnectResult) => {
    if (!result.ok) throw new Error(result.message);
    result.connection.onData((data) => received.push(Buffer.from(data).toString()));
    result.connection.onEnd(() => { ended = true; });
    result.connection.write(Buffer.from('hello'));
    result.connection.end();
  });
  node.clock.runDue();
  expect({ received, ended }).toEqual({ received: ['HELLO'], ended: true });
});

function startServer(node: Node, image: string, containerPort: number, command: readonly string[] = []): void {
  const sandboxId = makeSandbox(node);
  node.runtime.pullImage(image, () => {});
  node.clock.runDue();
  run(node, sandboxId, [], { image, command: [...command], ports: [{ containerPort, protocol: 'TCP' }] });
}

function health(node: Node, port: number, waitMs: number): HealthAnswer | 'none' | undefined {
  let answer: HealthAnswer | 'none' | undefined;
  node.runtime.checkHealth('10.244.1.2', port, '', 1000, (result) => { answer = result ?? 'none'; });
  node.clock.advance(waitMs);
  return answer;
}

it('is served in HTTPS and in gRPC by a program that nobody knows', () => {
  const node = makeNode();
  startServer(node, 'example.com/app:1', 8080, ['/app']);
  expect(request(node, { scheme: 'HTTPS' })).toMatchObject({ status: 200, body: 'pod-1\n' });
  expect(health(node, 8080, 0)).toEqual({ status: 'SERVING' });
  expect(node.clock.pending().count).toBe(0);
});

it('gets HTTP where an image is known to speak it', () => {
  const node = makeNode();
  startServer(node, 'nginx:1.27', 80);
  expect(request(node, { port: 80, path: '/' })).toMatchObject({ status: 200 });
  expect(request(node, { port: 80, scheme: 'HTTPS' }))
    .toEqual({ error: 'Get "https://10.244.1.2:80/healthz": http: server gave HTTP response to HTTPS client' });
  expect(health(node, 80, 999)).toBe(undefined);
  expect(health(node, 80, 1000)).toBe('none');
});

it('finds no TLS behind a port that answers something else', () => {
  const node = makeNode();
  run(node, makeSandbox(node), sh('nc -l -p 8080 -e echo hello; sleep 1000'));
  node.clock.runDue();
  expect(request(node, { scheme: 'HTTPS' })).toEqual({ error: 'Get "https://10.244.1.2:8080/healthz": tls: first record does not look like a TLS handshake' });
});

it('tries a closed port for gRPC until the time is over', () => {
  const node = makeNode();
  run(node, makeSandbox(node), sh('sleep 1000'));
  expect(health(node, 8080, 999)).toBe(undefined);
  expect(health(node, 8080, 1000)).toBe('none');
});
