import { expect, it } from 'vitest';
import { run } from '../../runtime/node.ts';
import { address, start, untimed } from './known.ts';

it('starts nginx as its image does and stops it gently', () => {
  const pod = start('nginx:1.27');
  expect(untimed(pod.log())).toEqual([
    '/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration',
    '/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/',
    '/docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh',
    '10-listen-on-ipv6-by-default.sh: info: Getting the checksum of /etc/nginx/conf.d/default.conf',
    '10-listen-on-ipv6-by-default.sh: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf',
    '/docker-entrypoint.sh: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh',
    '/docker-entrypoint.sh: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh',
    '/docker-entrypoint.sh: Launching /docker-entrypoint.d/30-tune-worker-processes.sh',
    '/docker-entrypoint.sh: Configuration complete; ready for start up',
    'TIME [notice] 1#1: using the "epoll" event method', 'TIME [notice] 1#1: nginx/1.27.5', 'TIME [notice] 1#1: OS: Linux',
    'TIME [notice] 1#1: start worker processes', 'TIME [notice] 1#1: start worker process 2',
  ]);
  expect(pod.exec('ps')[0]).toMatch(/1 root +nginx: master process nginx -g daemon off;\n +2 root +nginx: worker process\n/);
  const before = pod.log().length;
  expect(pod.stop()).toBe(0);
  expect(untimed(pod.log().slice(before))).toEqual([
    'TIME [notice] 1#1: signal 3 (SIGQUIT) received, shutting down', 'TIME [notice] 2#2: gracefully shutting down', 'TIME [notice] 2#2: exiting',
    'TIME [notice] 2#2: exit', 'TIME [notice] 1#1: signal 17 (SIGCHLD) received from 2', 'TIME [notice] 1#1: worker process 2 exited with code 0',
    'TIME [notice] 1#1: exit',
  ]);
});

it('serves nginx pages and what is put in their place', () => {
  const pod = start('nginx:1.27');
  const [status, body] = pod.get('/', { headers: [['User-Agent', 'curl/8']] }) as [number, string];
  expect(status).toBe(200);
  expect(body).toContain('<title>Welcome to nginx!</title>');
  expect(pod.log().at(-1)).toMatch(/^192\.168\.0\.2 - - \[01\/Jan\/2026:00:00:00 \+0000\] "GET \/ HTTP\/1\.1" 200 \d+ "-" "curl\/8" "-"$/);
  expect(pod.headers('/')).toMatchObject({ server: 'nginx/1.27.5', 'content-type': 'text/html', 'last-modified': 'Thu, 01 Jan 2026 00:00:00 GMT' });
  expect(pod.get('/none')).toEqual([404, expect.stringContaining('<center><h1>404 Not Found</h1></center>')]);
  expect(pod.log().at(-2)).toMatch(/\[error\] 2#2: \*1 open\(\) "\/usr\/share\/nginx\/html\/none" failed \(2: No such file or directory\)/);
  expect(pod.exec('sh', '-c', 'mkdir /usr/share/nginx/html/d; echo new > /usr/share/nginx/html/index.html')).toEqual(['', 0]);
  expect(pod.get('/')).toEqual([200, 'new\n']);
  expect(pod.get('/d')).toEqual([301, expect.stringContaining('301 Moved Permanently')]);
  expect(pod.get('/d/')).toEqual([403, expect.stringContaining('403 Forbidden')]);
});

const conf = `
events {}
http {
  server {
    listen 8080; # not the usual one
    root /www;
    location = /healthz { access_log off; return 200 "ok $host\\n"; }
    location /old { return 301 /new; }
    location ~ \\.php$ { fastcgi_pass app:9000; }
    location / { try_files $uri $uri/ /index.html; }
  }
  server { listen 8080; server_name other.test; return 204; }
}
`;

it('follows the configuration of nginx that a script writes', () => {
  const pod = start('nginx:1.27', [], { command: ['bash', '-c', `mkdir /www; echo app > /www/index.html; cat > /etc/nginx/nginx.conf <<'EOF'\n${conf}EOF\nexec nginx -g 'daemon off;'`] });
  const on = (path: string, host = 'web.test') => pod.get(path, { port: 8080, headers: [['Host', host]] });
  expect(on('/healthz')).toEqual([200, 'ok web.test\n']);
  expect(on('/old/x')).toEqual([301, expect.stringContaining('301')]);
  expect(on('/some/route')).toEqual([200, 'app\n']);
  expect(on('/', 'other.test')).toEqual([204, '']);
  expect(on('/a.php')).toEqual([501, expect.stringContaining('501 Not Implemented')]);
  expect(pod.log().join('\n')).toContain('[warn] 1#1: "fastcgi_pass" is not emulated');
  expect(pod.get('/')).toMatch(/connection refused$/);
});

it('tests and reloads the configuration of nginx', () => {
  const pod = start('nginx:1.27');
  expect(pod.exec('nginx', '-t')).toEqual(['nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n', 0]);
  pod.exec('sh', '-c', 'echo "server { listen 81; return 200 more; }" > /etc/nginx/conf.d/more.conf; nginx -s reload');
  expect(pod.get('/', { port: 81 })).toEqual([200, 'more']);
  pod.exec('sh', '-c', 'echo "server {" > /etc/nginx/conf.d/more.conf');
  expect(pod.exec('nginx', '-t')).toEqual([expect.stringContaining('nginx: [emerg] unexpected end of file, expecting "}" in /etc/nginx/conf.d/more.conf:1\n'), 1]);
  expect(pod.exec('nginx', '-v')).toEqual(['nginx version: nginx/1.27.5\n', 0]);
});

it('serves with httpd and stops it with its own signal', () => {
  const pod = start('httpd:2.4');
  expect(pod.get('/')).toEqual([200, '<html><body><h1>It works!</h1></body></html>\n']);
  expect(pod.get('/none')).toEqual([404, expect.stringContaining('<h1>Not Found</h1>')]);
  expect(pod.log()[2]).toBe('[Thu Jan 01 00:00:00.000000 2026] [core:notice] [pid 1:tid 1] AH00094: Command line: \'httpd -D FOREGROUND\'');
  expect(pod.stop()).toBe(0);
  expect(pod.log().at(-1)).toMatch(/AH00492: caught SIGWINCH, shutting down gracefully$/);
});

it('keeps what redis is given and says what it does', () => {
  const pod = start('redis:7');
  expect(pod.log().at(-1)).toBe('1:M 01 Jan 2026 00:00:00.000 * Ready to accept connections tcp');
  const cli = (...words: string[]) => pod.exec('redis-cli', ...words)[0];
  expect([cli('ping'), cli('set', 'k', 'v'), cli('get', 'k'), cli('get', 'none')]).toEqual(['PONG\n', 'OK\n', 'v\n', '\n']);
  expect([cli('incr', 'n'), cli('incrby', 'n', '4'), cli('incr', 'k')]).toEqual(['1\n', '5\n', 'ERR value is not an integer or out of range\n\n']);
  expect([cli('rpush', 'l', 'a', 'b', 'c'), cli('lrange', 'l', '0', '-2'), cli('--no-raw', 'lrange', 'l', '0', '-1')]).toEqual(['3\n', 'a\nb\n', '1) "a"\n2) "b"\n3) "c"\n']);
  expect([cli('get', 'l'), cli('nonsense', 'x')]).toEqual(['WRONGTYPE Operation against a key holding the wrong kind of value\n\n', "ERR unknown command 'nonsense', with args beginning with: 'x' \n\n"]);
  expect([cli('hset', 'h', 'f', '1'), cli('hgetall', 'h'), cli('type', 'h')]).toEqual(['1\n', 'f\n1\n', 'hash\n']);
  expect([cli('set', 'short', 'x', 'EX', '10'), cli('ttl', 'short')]).toEqual(['OK\n', '10\n']);
  pod.node.clock.advance(10_000);
  expect([cli('exists', 'short'), cli('dbsize')]).toEqual(['0\n', '4\n']);
  expect(cli('info')).toContain('redis_version:7.4.2\r\n');
  expect(pod.exec('sh', '-c', 'printf "PING\\r\\nQUIT\\r\\n" | nc 127.0.0.1 6379')).toEqual(['+PONG\r\n+OK\r\n', 0]);
  expect(pod.stop()).toBe(0);
  expect(pod.log().at(-1)).toMatch(/# Redis is now ready to exit, bye bye\.\.\.$/);
});

it('asks for the password of redis and finds no server at another port', () => {
  const pod = start('redis:7', ['--requirepass', 'secret', '--port', '7000']);
  expect(pod.exec('redis-cli', '-p', '7000', 'ping')).toEqual(['NOAUTH Authentication required.\n\n', 1]);
  expect(pod.exec('redis-cli', '-p', '7000', '-a', 'secret', '--no-auth-warning', 'ping')).toEqual(['PONG\n', 0]);
  expect(pod.exec('redis-cli', 'ping')).toEqual(['Could not connect to Redis at 127.0.0.1:6379: Connection refused\n', 1]);
});

it('starts postgres only with a password, and is asked whether it is ready', () => {
  const refused = start('postgres:17');
  expect([refused.container.exitCode, refused.log()[0]]).toEqual([1, 'Error: Database is uninitialized and superuser password is not specified.']);
  const pod = start('postgres:17', [], { env: [['POSTGRES_PASSWORD', 'x']] });
  expect(pod.log().at(-1)).toMatch(/UTC \[1\] LOG: {2}database system is ready to accept connections$/);
  expect(pod.exec('pg_isready')).toEqual(['/var/run/postgresql:5432 - accepting connections\n', 0]);
  expect(pod.exec('pg_isready', '-h', '127.0.0.1', '-p', '5433')).toEqual(['127.0.0.1:5433 - no response\n', 2]);
  expect(pod.exec('psql', '-c', 'select 1')[1]).toBe(2);
  expect(pod.stop()).toBe(0);
  expect(pod.log().at(-1)).toMatch(/LOG: {2}database system is shut down$/);
});

it('has nothing but its program in the pause image', () => {
  const pod = start('registry.k8s.io/pause:3.10');
  expect(pod.exec('sh', '-c', 'true')[0]).toMatch(/exec: "sh": executable file not found in \$PATH/);
  expect(pod.stop()).toBe(0);
});

it('ends connections with the server', () => {
  const pod = start('redis:7');
  const other = run(pod.node, pod.container.sandboxId, ['sh', '-c', `sleep 1000 | nc ${address} 6379; exit 4`], { name: 'b', image: 'redis:7' });
  pod.node.clock.advance(500);
  expect(other.exitCode).toBe(undefined);
  pod.stop();
  expect(pod.exec('true')[1]).toBe(undefined);
  expect(other.exitCode).toBe(undefined);
  pod.node.clock.advance(1_000_000);
  expect(other.exitCode).toBe(4);
});
