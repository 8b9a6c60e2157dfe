/** The images that everybody has: examples that show what a registry does, and well-known ones with the programs in them. */
import type { ImageRule } from './images.ts';

/**
 * Images that show what a registry and a node can do; the recordings were made with them. `busybox` is on every node, as
 * most examples use it; `registry.test` is a registry that exists nowhere else.
 */
const exampleImages: readonly ImageRule[] = [
  { name: 'busybox:1.36', contents: 'busybox', cmd: ['sh'], onNode: true, sizeBytes: 2_223_686 },
  { name: 'busybox:1.37', contents: 'busybox', cmd: ['sh'], onNode: true, sizeBytes: 2_223_686, files: { '/etc/version': '1.37\n' } },
  { name: 'busybox-sigint:1.36', contents: 'busybox', cmd: ['sh'], onNode: true, stopSignal: 'SIGINT' },
  { name: 'registry.test/fresh:*', contents: 'busybox', cmd: ['sh'], pullMs: 50 },
  { name: 'registry.test/slow3s:*', contents: 'busybox', cmd: ['sh'], pullMs: 3000 },
  { name: 'registry.test/slow8s:*', contents: 'busybox', cmd: ['sh'], pullMs: 8000 },
  { name: 'registry.test/flaky:*', contents: 'busybox', cmd: ['sh'], pull: 'flaky' },
  { name: 'registry.test/denied:*', pull: 'denied' },
  { name: 'registry.test/*', pull: 'notFound' },
  { name: '*.invalid/*', pull: 'unresolvable' },
  // The registry that Kubernetes' own tests expect nowhere.
  { name: 'invalid.registry.k8s.io/*', pull: 'unresolvable' },
];

/** As most images have it, in the place of their Debian's or Alpine's tools: the applets, and bash. */
const bash = { '/bin/bash': 'bash' } as const;
const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const nginx: Omit<ImageRule, 'name'> = {
  contents: 'unknown', entrypoint: ['/docker-entrypoint.sh'], cmd: ['nginx', '-g', 'daemon off;'], stopSignal: 'SIGQUIT', sizeBytes: 72_188_133,
  env: [['PATH', path], ['NGINX_VERSION', '1.27.5']],
  programs: { ...bash, '/docker-entrypoint.sh': 'nginxEntrypoint', '/usr/sbin/nginx': 'nginx' },
  links: { '/var/log/nginx/access.log': '/dev/stdout', '/var/log/nginx/error.log': '/dev/stderr' },
  files: {
    '/docker-entrypoint.d/': '', '/run/': '',
    '/etc/nginx/nginx.conf': 'user  nginx;\nworker_processes  auto;\nerror_log  /var/log/nginx/error.log notice;\npid        /run/nginx.pid;\n\n'
      + 'events {\n    worker_connections  1024;\n}\n\nhttp {\n    include       /etc/nginx/mime.types;\n    default_type  application/octet-stream;\n'
      + '    access_log  /var/log/nginx/access.log;\n    include /etc/nginx/conf.d/*.conf;\n}\n',
    '/etc/nginx/conf.d/default.conf': 'server {\n    listen       80;\n    listen  [::]:80;\n    server_name  localhost;\n\n    location / {\n'
      + '        root   /usr/share/nginx/html;\n        index  index.html index.htm;\n    }\n}\n',
    '/usr/share/nginx/html/index.html': '<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n<h1>Welcome to nginx!</h1>\n'
      + '<p>This page comes from an emulated nginx. Mount files of yours over /usr/share/nginx/html.</p>\n</body>\n</html>\n',
  },
};

const httpd: Omit<ImageRule, 'name'> = {
  contents: 'unknown', cmd: ['httpd-foreground'], stopSignal: 'SIGWINCH', sizeBytes: 58_715_303, workingDir: '/usr/local/apache2',
  env: [['PATH', `/usr/local/apache2/bin:${path}`], ['HTTPD_PREFIX', '/usr/local/apache2']],
  programs: { ...bash, '/usr/local/bin/httpd-foreground': 'apache', '/usr/local/apache2/bin/httpd': 'apache' },
  files: {
    '/usr/local/apache2/conf/httpd.conf': 'ServerRoot "/usr/local/apache2"\nListen 80\nDocumentRoot "/usr/local/apache2/htdocs"\n',
    '/usr/local/apache2/htdocs/index.html': '<html><body><h1>It works!</h1></body></html>\n',
  },
};

const redis: Omit<ImageRule, 'name'> = {
  contents: 'unknown', entrypoint: ['docker-entrypoint.sh'], cmd: ['redis-server'], sizeBytes: 45_006_722, workingDir: '/data',
  env: [['PATH', path], ['REDIS_VERSION', '7.4.2']],
  programs: { ...bash, '/usr/local/bin/docker-entrypoint.sh': 'redisEntrypoint', '/usr/local/bin/redis-server': 'redisServer', '/usr/local/bin/redis-cli': 'redisCli' },
};

const postgresBin = '/usr/lib/postgresql/17/bin';
const postgres: Omit<ImageRule, 'name'> = {
  contents: 'unknown', entrypoint: ['docker-entrypoint.sh'], cmd: ['postgres'], stopSignal: 'SIGINT', sizeBytes: 158_590_894,
  env: [['PATH', `${path}:${postgresBin}`], ['PGDATA', '/var/lib/postgresql/data'], ['PG_MAJOR', '17']],
  programs: {
    ...bash, '/usr/local/bin/docker-entrypoint.sh': 'commandEntrypoint', [`${postgresBin}/postgres`]: 'postgres', '/usr/bin/pg_isready': 'pgIsReady',
    '/usr/bin/psql': 'psql',
  },
  files: { '/var/lib/postgresql/data/': '', '/var/run/postgresql/': '' },
};

const agnhost: Omit<ImageRule, 'name'> = {
  contents: 'busybox', entrypoint: ['/agnhost'], cmd: ['pause'], sizeBytes: 53_621_675,
  programs: { ...bash, '/agnhost': 'agnhost', '/agnhost-2': 'agnhost' },
  files: { '/uploads/': '', '/localhost.crt': '', '/localhost.key': '' },
};

const e2e = 'registry.k8s.io/e2e-test-images';

/** What everybody has. */
export const builtInImages: readonly ImageRule[] = [
  ...exampleImages,
  { name: 'busybox:*', contents: 'busybox', cmd: ['sh'], sizeBytes: 2_223_686 },
  { name: 'busybox@*', contents: 'busybox', cmd: ['sh'], sizeBytes: 2_223_686 },
  { name: `${e2e}/busybox:*`, contents: 'busybox', cmd: ['sh'], sizeBytes: 2_223_686 },
  { name: 'alpine[:@]*', contents: 'busybox', cmd: ['/bin/sh'], sizeBytes: 3_637_752 },
  { ...nginx, name: 'nginx[:@]*' },
  { ...nginx, name: `${e2e}/nginx:*`, sizeBytes: 7_398_578 },
  { ...httpd, name: 'httpd[:@]*' },
  { ...httpd, name: `${e2e}/httpd:*`, sizeBytes: 41_981_540 },
  { ...redis, name: 'redis[:@]*' },
  { ...redis, name: `${e2e}/redis:*` },
  { ...postgres, name: 'postgres[:@]*' },
  { name: 'registry.k8s.io/pause[:@]*', contents: 'bare', entrypoint: ['/pause'], user: '65535', sizeBytes: 318_731 },
  { ...agnhost, name: `${e2e}/agnhost[:@]*` },
];
