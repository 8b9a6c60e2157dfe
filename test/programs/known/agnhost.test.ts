import { expect, it } from 'vitest';
import { exec, makeSandbox, run } from '../../runtime/node.ts';
import { address, start, untimed } from './known.ts';

const image = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0';
const agnhost = (args: string[], more: Parameters<typeof start>[2] = {}) => start(image, args, more);
const at8080 = { port: 8080 };

it('pauses by default and tells which signal ended it', () => {
  const pod = agnhost([]);
  expect(pod.log()).toEqual(['Paused', 'Signals registered']);
  expect(pod.stop()).toBe(2);
  expect(pod.log().at(-1)).toBe('exiting because of signal "terminated"');
  expect(pod.container.message).toBe('exiting because of signal "terminated"\n');
});

it('refuses a command that it does not have, and by name one that is not emulated', () => {
  const unknown = agnhost(['nonsense']);
  expect([unknown.container.exitCode, unknown.log()]).toEqual([1, ['Error: unknown command "nonsense" for "app"']]);
  const webhook = agnhost(['webhook']);
  expect([webhook.container.exitCode, webhook.log()])
    .toEqual([1, ['Failed to run agnhost webhook: this command is not emulated. Give the container a behavior in its place.']]);
  expect(agnhost(['netexec', '--nope']).log().at(-1)).toBe('Error: unknown flag: --nope');
  expect(agnhost(['netexec', 'extra']).log()).toEqual(['Error: accepts at most 0 arg(s), received 1']);
});

it('answers what netexec is asked', () => {
  const pod = agnhost(['netexec']);
  expect(untimed(pod.log())).toEqual(['TIME       1 log.go:245] Started HTTP server on port 8080', 'TIME       1 log.go:245] Started UDP server on port  8081']);
  expect(pod.get('/hostname', at8080)).toEqual([200, 'pod-1']);
  expect(pod.get('/hostName', at8080)).toEqual([200, 'pod-1']);
  expect(pod.get('/echo?msg=a%20b&code=418', at8080)).toEqual([418, 'a b']);
  expect(pod.get('/echo?msg=a&code=x', at8080)).toEqual([200, 'argument \'code\' must be an integer or empty, got "x"\n']);
  expect(pod.get('/healthz', at8080)).toEqual([200, '']);
  expect(pod.get('/readyz', at8080)).toEqual([200, 'ok']);
  expect(pod.get('/serverport', at8080)).toEqual([200, '8080']);
  expect(pod.get('/header?key=X-Test', { ...at8080, headers: [['x-test', 'yes']] })).toEqual([200, 'yes']);
  expect(pod.get('/redirect?location=/echo%3Fmsg=a&code=307', at8080)).toEqual([307, '<a href="/echo?msg=a">Temporary Redirect</a>.\n\n']);
  expect(pod.get('/', at8080)).toEqual([200, 'NOW: 2026-01-01 00:00:00 +0000 UTC m=+0.000000000']);
  expect(pod.get('/clientip', at8080)).toEqual([200, expect.stringMatching(/^192\.168\.0\.2:\d+$/)]);
  expect(pod.log().at(-1)).toMatch(/^I0101 00:00:00\.000000 {7}1 log\.go:245\] GET \/clientip$/);
});

it('runs commands for /shell and stores what /upload brings', () => {
  const pod = agnhost(['netexec', '--http-port=80']);
  expect(pod.get('/shell?cmd=echo%20hi;hostname')).toEqual([200, '{"output":"hi\\npod-1\\n"}']);
  expect(pod.get('/shell?shellCommand=exit%203')).toEqual([200, '{"error":"exit status 3"}']);
  const body = Buffer.from('--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nbytes\r\n--x--\r\n');
  const [status, answer] = pod.get('/upload', { method: 'POST', headers: [['Content-Type', 'multipart/form-data; boundary=x']], body }) as [number, string];
  expect(status).toBe(201);
  expect(pod.exec('cat', (JSON.parse(answer) as { output: string }).output)).toEqual(['bytes', 0]);
});

it('ends when it is told to over HTTP, after a while', () => {
  const pod = agnhost(['netexec', '--http-port', '80']);
  expect(pod.get('/exit?code=7&wait=2s')).toBe(undefined);
  pod.node.clock.advance(1999);
  expect(pod.container.exitCode).toBe(undefined);
  pod.node.clock.advance(1);
  expect(pod.container.exitCode).toBe(7);
  expect(agnhost(['netexec', '--http-port', '80']).get('/shutdown')).toMatch(/EOF$/);
});

it('is alive but not ready while it shuts down slowly', () => {
  const pod = agnhost(['netexec', '--http-port=80', '--delay-shutdown=5']);
  pod.node.runtime.stopContainer(pod.container.id, 30_000, () => {});
  expect([pod.get('/readyz'), pod.get('/healthz')]).toEqual([[503, 'shutting down'], [200, '']]);
  pod.node.clock.advance(4999);
  expect(pod.container.exitCode).toBe(undefined);
  pod.node.clock.advance(1);
  expect(pod.container.exitCode).toBe(0);
});

it('dials others and reports every try', () => {
  const pod = agnhost(['netexec', '--http-port=80']);
  expect(pod.get(`/dial?host=${address}&port=80&request=hostname&tries=2`)).toEqual([200, '{"responses":["pod-1","pod-1"]}']);
  expect(pod.get(`/dial?host=${address}&port=81&request=hostname`))
    .toEqual([200, `{"errors":["Get \\"http://${address}:81/hostname\\": dial tcp ${address}:81: connect: connection refused"]}`]);
  expect(pod.get('/dial?host=nosuch&port=80&request=x')).toEqual([400, 'host and/or port param are invalid. lookup nosuch: no such host\n']);
  expect(pod.get(`/dial?host=${address}&port=80`)).toEqual([400, 'request parameter not specified. <nil>\n']);
});

it('speaks HTTPS with a certificate', () => {
  const pod = agnhost(['netexec', '--http-port=443', '--tls-cert-file=/localhost.crt', '--tls-private-key-file=/localhost.key']);
  expect(pod.get('/hostname', { port: 443, scheme: 'HTTPS' })).toEqual([200, 'pod-1']);
  expect(pod.get('/hostname', { port: 443 })).toEqual([400, 'Client sent an HTTP request to an HTTPS server.\n']);
});

it('is healthy for ten seconds as liveness', () => {
  const pod = agnhost(['liveness']);
  pod.node.clock.advance(10_000);
  expect(pod.get('/healthz', at8080)).toEqual([200, 'ok']);
  pod.node.clock.advance(1500);
  expect(pod.get('/healthz', at8080)).toEqual([500, 'error: 11.5']);
  expect(pod.get('/started', at8080)).toEqual([200, '11.5s']);
  expect(pod.get('/nope', at8080)).toEqual([404, '404 page not found\n']);
  expect(pod.stop()).toBe(2);
});

it('writes its lines evenly as logs-generator', () => {
  const pod = agnhost(['logs-generator', '-t', '10', '--run-duration=5s']);
  expect(pod.log()).toHaveLength(1);
  pod.node.clock.advance(2500);
  expect(pod.log()).toHaveLength(6);
  pod.node.clock.advance(2500);
  expect([pod.log().length, pod.container.exitCode]).toEqual([10, 0]);
  expect(pod.log()[9]).toMatch(/logs_generator\.go:79\] 9 (GET|POST|PUT) \/api\/v1\/namespaces\/[\w-]+\/pods\/\w{3,4} [2-5]\d\d$/);
});

it('says what it sees of files as mounttest', () => {
  const pod = agnhost(['mounttest', '--fs_type=/dev/shm', '--new_file_0644=/dev/shm/f', '--file_mode=/dev/shm/f', '--file_perm=/tmp', '--file_owner=/dev/shm/f', '--file_content=/none']);
  expect(pod.log()).toEqual([
    'mount type of "/dev/shm": tmpfs', 'content of file "/dev/shm/f": mount-tester new file', '', 'mode of file "/dev/shm/f": -rw-r--r--',
    'perms of file "/tmp": -rwxrwxrwx', 'owner UID of "/dev/shm/f": 0', 'owner GID of "/dev/shm/f": 0',
    'error reading file content for "/none": open /none: no such file or directory',
  ]);
  expect(pod.container.exitCode).toBe(1);
  expect(pod.container.state).toBe('exited');
});

it('reads a file again and again until it says what is expected', () => {
  const pod = agnhost(['mounttest', '--file_content_in_loop=/tmp/x', '--retry_time=5']);
  pod.node.clock.advance(1000);
  expect(pod.log()).toEqual(['Error reading file /tmp/x: open /tmp/x: no such file or directory, retrying']);
  pod.exec('sh', '-c', 'echo "mount-tester new file" > /tmp/x');
  pod.node.clock.advance(1000);
  expect([pod.log().slice(1), pod.container.exitCode]).toEqual([['content of file "/tmp/x": mount-tester new file', ''], 0]);
});

it('prints names, hosts and arguments', () => {
  const pod = agnhost([]);
  expect(pod.exec('/agnhost', 'dns-suffix')).toEqual(['default.svc.cluster.local,svc.cluster.local,cluster.local\n', 0]);
  expect(pod.exec('/agnhost', 'dns-server-list')).toEqual(['10.96.0.10\n', 0]);
  expect(pod.exec('/agnhost', 'etc-hosts')[0]).toContain('10.244.1.2\tpod-1\n');
  expect(pod.exec('/agnhost', 'nonewprivs')).toEqual(['Effective uid: 0\n', 0]);
  expect(pod.exec('bash', '-c', 'echo $0')).toEqual(['bash\n', 0]);
  expect(start(image, ['entrypoint-tester', 'a', 'b']).log()).toEqual(['[/agnhost entrypoint-tester a b]']);
  expect(start(image, ['entrypoint-tester'], { command: ['/agnhost-2'] }).log()).toEqual(['[/agnhost-2 entrypoint-tester]']);
});

it('connects and names what went wrong', () => {
  const pod = agnhost(['porter'], { env: [['SERVE_PORT_90', 'ninety'], ['SERVE_TLS_PORT_91', 'secret']] });
  expect(pod.get('/any', { port: 90 })).toEqual([200, 'ninety']);
  expect(pod.get('/any', { port: 91, scheme: 'HTTPS' })).toEqual([200, 'secret']);
  expect(pod.exec('/agnhost', 'connect', `${address}:90`)).toEqual(['', 0]);
  expect(pod.exec('/agnhost', 'connect', `${address}:92`)).toEqual(['REFUSED\n', 1]);
  expect(pod.exec('/agnhost', 'connect', 'nosuch:90')).toEqual(['DNS: lookup nosuch: no such host\n', 1]);
  expect(pod.exec('/agnhost', 'connect', 'nosuch')).toEqual(['UNKNOWN: address nosuch: missing port in address\n', 1]);
});

it('serves its host name and stays a minute after SIGTERM', () => {
  const pod = agnhost(['serve-hostname']);
  expect(pod.get('/', { port: 9376 })).toEqual([200, 'pod-1']);
  const tcp = agnhost(['serve-hostname', '--tcp', '--http=false', '--port=7']);
  expect(exec(tcp.node, tcp.container, ['nc', '127.0.0.1', '7'])).toMatchObject({ output: 'pod-1', exitCode: 0 });
  pod.node.runtime.stopContainer(pod.container.id, 90_000, () => {});
  pod.node.clock.advance(59_999);
  expect(pod.container.exitCode).toBe(undefined);
  pod.node.clock.advance(1);
  expect(pod.container.exitCode).toBe(0);
});

it('serves files as test-webserver', () => {
  const pod = agnhost(['test-webserver']);
  expect(pod.get('/etc/hostname')).toEqual([200, 'pod-1\n']);
  expect(pod.get('/none')).toEqual([404, '404 page not found\n']);
  expect(pod.get('/var/')).toEqual([200, '<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n<a href="www/">www/</a>\n</pre>\n']);
});

it('sends its chunks to a forwarded port', () => {
  const pod = agnhost(['port-forward-tester'], { env: [['BIND_PORT', '80'], ['EXPECTED_CLIENT_DATA', 'abc'], ['CHUNKS', '2'], ['CHUNK_SIZE', '3'], ['CHUNK_INTERVAL', '100']] });
  expect(pod.exec('sh', '-c', '(printf abc | nc 127.0.0.1 80 > /tmp/got) &')).toEqual(['', 0]);
  pod.node.clock.advance(100);
  expect(pod.exec('cat', '/tmp/got')).toEqual(['xxxxxx', 0]);
  pod.node.clock.advance(500);
  expect([pod.log(), pod.container.exitCode]).toEqual([['Accepted client connection', 'Received expected client data', 'Shutting down connection', 'Done'], 0]);
});

it('answers gRPC health checks as it was told over HTTP', () => {
  const pod = agnhost(['grpc-health-checking', '--delay-unhealthy-sec=30', '--service=liveness']);
  const check = (service: string): unknown => {
    let answer: unknown;
    pod.node.runtime.checkHealth(address, 5000, service, 1000, (result) => { answer = result; });
    return answer;
  };
  expect(check('liveness')).toEqual({ status: 'SERVING' });
  expect(check('other')).toEqual({ code: 5, message: 'unknown service' });
  expect(pod.get('/make-not-serving', at8080)).toEqual([200, '0s']);
  expect(check('liveness')).toEqual({ status: 'NOT_SERVING' });
  expect(pod.get('/make-serving', at8080)).toEqual([200, '0s']);
  expect(check('liveness')).toEqual({ status: 'SERVING' });
  pod.node.clock.advance(30_000);
  expect(check('liveness')).toEqual({ status: 'NOT_SERVING' });
});

it('lets another container of the Pod take its port in vain', () => {
  const pod = agnhost(['netexec']);
  const other = run(pod.node, makeSandbox(pod.node, 'pod-2'), [], { podUid: 'pod-2', image, args: ['netexec'] });
  expect(other.state).toBe('running');
  const { sandboxId } = pod.container;
  const second = run(pod.node, sandboxId, [], { name: 'b', image, args: ['netexec'] });
  expect(second.exitCode).toBe(1);
  expect(pod.node.runtime.logs(second.id).lines.at(-1)!.text).toMatch(/listen tcp :8080: bind: address already in use$/);
});
