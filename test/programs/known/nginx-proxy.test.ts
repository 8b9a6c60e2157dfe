/** nginx in front of other servers, and the signals that its pid file leads to. */
import { expect, it } from 'vitest';
import { run } from '../../runtime/node.ts';
import { start, untimed, type Started } from './known.ts';

/** An nginx whose own port 80 leads to servers within its Pod. */
function proxy(server: string, more = ''): Started {
  const conf = `events {}\nhttp {\n${more}\nserver { listen 80; server_name front; ${server} }\n`
    + 'server { listen 9001; location / { add_header X-Who one; return 200 "one $request_uri $http_host $http_x_real_ip $http_x_forwarded_for $request_method\\n"; } '
    + 'location /moved { return 302 http://127.0.0.1:9001/there; } location /fails { return 503; } }\n'
    + 'server { listen 9002; return 200 "two $request_uri\\n"; }\n}\n';
  return start('nginx:1.27', [], { command: ['bash', '-c', `cat > /etc/nginx/nginx.conf <<'EOF'\n${conf}EOF\nexec nginx -g 'daemon off;'`] });
}

const front = { headers: [['Host', 'front.test']] } as const;

it('hands requests on, with the path and the headers that its configuration says', () => {
  const pod = proxy(`
    location / { proxy_pass http://127.0.0.1:9001; proxy_set_header Host $host; proxy_set_header X-Real-IP $remote_addr; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }
    location /api/ { proxy_pass http://127.0.0.1:9001/v1/; }
    location = /moved { proxy_pass http://127.0.0.1:9001; }
    location ~ ^/re { proxy_pass http://127.0.0.1:9002; }
    location /try { root /none; try_files $uri @app; }
    location @app { proxy_pass http://127.0.0.1:9002; }`);
  expect(pod.get('/a/b?c=d', front)).toEqual([200, 'one /a/b?c=d front.test 192.168.0.2 192.168.0.2 GET\n']);
  expect(pod.get('/api/x?y=z', front)).toEqual([200, 'one /v1/x?y=z 127.0.0.1:9001   GET\n']);
  expect(pod.get('/post', { method: 'POST' })).toEqual([200, expect.stringMatching(/^one \/post .* POST\n$/)]);
  expect(pod.get('/re?q')).toEqual([200, 'two /re?q\n']);
  expect(pod.get('/try/it')).toEqual([200, 'two /try/it\n']);
  expect(pod.headers('/')).toMatchObject({ 'x-who': 'one', server: 'nginx/1.27.5', 'content-type': 'text/plain' });
  expect(pod.headers('/moved')).toMatchObject({ location: '/moved/there' });
  expect(pod.get('/fails')).toEqual([503, expect.stringContaining('503 Service Unavailable')]);
});

it('takes the servers of an upstream in turn, by weight, and leaves out the ones that refuse', () => {
  const pod = proxy('location / { proxy_pass http://app; }', 'upstream app { server 127.0.0.1:9001 weight=2; server 127.0.0.1:9002; server 127.0.0.1:9003 backup; }');
  const who = () => (pod.get('/') as [number, string])[1].slice(0, 3);
  expect([who(), who(), who(), who(), who(), who()]).toEqual(['one', 'two', 'one', 'one', 'two', 'one']);
  const broken = proxy('location / { proxy_pass http://app; }', 'upstream app { server 127.0.0.1:9004; server 127.0.0.1:9002; }');
  expect(broken.get('/')).toEqual([200, 'two /\n']);
  expect(broken.log().join('\n')).toContain('connect() failed (111: Connection refused) while connecting to upstream, client: 192.168.0.2, server: front, request: "GET / HTTP/1.1", upstream: "http://127.0.0.1:9004/"');
});

it('says 502 for an upstream that refuses and 504 for one that does not answer', () => {
  const pod = proxy(`
    location / { proxy_pass http://127.0.0.1:9009; }
    location /slow { proxy_pass http://127.0.0.1:7000; proxy_read_timeout 3s; }
    location /named { set $to backend.test; proxy_pass http://$to:80; }`);
  expect(pod.get('/')).toEqual([502, '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.27.5</center>\r\n</body>\r\n</html>\r\n']);
  pod.exec('sh', '-c', 'sleep 100 | nc -l -p 7000 >/dev/null 2>&1 &');
  let slow: unknown;
  pod.node.runtime.http({ method: 'GET', scheme: 'HTTP', ip: '10.244.1.2', port: 80, path: '/slow', headers: [], timeoutMs: 60_000 }, (result) => { slow = result; });
  pod.node.clock.advance(2900);
  expect(slow).toBeUndefined();
  pod.node.clock.advance(200);
  expect(slow).toMatchObject({ status: 504 });
  expect(pod.log().join('\n')).toContain('upstream timed out (110: Connection timed out) while reading response header from upstream');
  expect(pod.get('/named')).toEqual([502, expect.stringContaining('502 Bad Gateway')]);
  expect(pod.log().join('\n')).toContain('no resolver defined to resolve');
});

it('does not start when nobody has the name of an upstream', () => {
  const pod = proxy('location / { proxy_pass http://nobody:8080; }');
  expect(pod.container.exitCode).toBe(1);
  expect(untimed(pod.log())).toContain('nginx: [emerg] host not found in upstream "nobody" in /etc/nginx/nginx.conf:4');
});

it('signals the master whose number is in the pid file', () => {
  const pod = start('nginx:1.27');
  expect(pod.exec('cat', '/run/nginx.pid')).toEqual(['1\n', 0]);
  expect(pod.exec('nginx', '-s', 'reopen')[1]).toBe(0);
  expect(pod.log().at(-1)).toMatch(/reopening logs$/);
  expect(pod.exec('sh', '-c', 'echo 77 > /run/nginx.pid; nginx -s reload')).toEqual([expect.stringContaining('nginx: [alert] kill(77, 1) failed (3: No such process)\n'), 1]);
  expect(pod.exec('sh', '-c', 'echo > /run/nginx.pid; nginx -s reload')).toEqual([expect.stringContaining('nginx: [error] invalid PID number "" in "/run/nginx.pid"\n'), 1]);
  expect(pod.exec('sh', '-c', 'rm /run/nginx.pid; nginx -s quit')).toEqual([expect.stringContaining('nginx: [error] open() "/run/nginx.pid" failed (2: No such file or directory)\n'), 1]);
  expect(pod.exec('sh', '-c', 'echo 1 > /run/nginx.pid; nginx -s quit')[1]).toBe(0);
  expect(pod.container.exitCode).toBe(0);
});

it('keeps apart two masters that see each other', () => {
  const pod = start('nginx:1.27');
  const other = run(pod.node, pod.container.sandboxId, [], { image: 'nginx:1.27', command: ['sh', '-c', 'sed -i s/80/90/ /etc/nginx/conf.d/default.conf; exec nginx -g "daemon off;"'] });
  pod.exec('nginx', '-s', 'stop');
  expect([pod.container.exitCode, other.exitCode]).toEqual([0, undefined]);
});
