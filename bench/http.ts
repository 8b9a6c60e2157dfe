/** Requests per second over HTTP, against a bare node:http server that parses and serialises the same objects. */
import { spawn, type ChildProcess } from 'node:child_process';
import autocannon from 'autocannon';
import { podManifest } from './pods.ts';
import type { Figure } from './figure.ts';

const seconds = 4;
const connections = 10;
/** V8 has compiled what a request runs through after about so many. */
const warmUpRequests = 6000;

/** Answers GET with a stored object made into JSON, writes with the parsed body made into JSON again. */
const bareServer = `
  const http = require('node:http');
  const pod = JSON.parse(process.argv[1]);
  http.createServer((request, response) => {
    const answer = (code, object) => {
      const body = Buffer.from(JSON.stringify(object) + '\\n');
      response.writeHead(code, { 'content-type': 'application/json', 'content-length': body.length });
      response.end(body);
    };
    if (request.method === 'GET') return answer(200, pod);
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => answer(request.method === 'POST' ? 201 : 200, { ...pod, sent: JSON.parse(Buffer.concat(chunks).toString()) }));
  }).listen(0, '127.0.0.1', function () { console.log('ready http://127.0.0.1:' + this.address().port); });
`;

interface Load { readonly method: 'GET' | 'POST' | 'PATCH'; path(i: number): string; body?(i: number): string; readonly type?: string }

export async function benchHttp(): Promise<Figure[]> {
  const fakelet = await serverOf(['dist/cli.js', '--port', '0', '--mode', 'envtest']);
  const pods = '/api/v1/namespaces/default/pods';
  await new Promise((resume) => { setTimeout(resume, 200); });
  const created = await fetch(fakelet.url + pods, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(podManifest('web')) });
  const bare = await serverOf(['-e', bareServer, await created.text()]);
  const loads: Record<string, Load> = {
    GET: { method: 'GET', path: () => `${pods}/web` },
    create: { method: 'POST', path: () => pods, type: 'application/json', body: (i) => JSON.stringify(podManifest(`web-${i}`)) },
    'status PATCH': { method: 'PATCH', path: () => `${pods}/web/status`, type: 'application/strategic-merge-patch+json',
      body: (i) => JSON.stringify({ status: { message: `m${i}`, conditions: [{ type: 'bench', status: i % 2 ? 'True' : 'False' }] } }) },
  };
  const targets: Record<string, string> = { GET: '>= 0.7x', create: '>= 0.25x', 'status PATCH': '' };
  const figures: Figure[] = [];
  for (const [what, load] of Object.entries(loads)) {
    const ours = await rates(fakelet.url, load);
    const theirs = await rates(bare.url, load);
    const ratio = (when: keyof Rates) => `${(ours[when] / theirs[when]).toFixed(2)}x (${ours[when].toFixed(0)}/s)`;
    figures.push({ what: `HTTP ${what} against bare node:http`, measured: ratio('warm'), target: targets[what]! });
    figures.push({ what: `  in the first ${seconds} s`, measured: ratio('first'), target: '' });
  }
  fakelet.child.kill('SIGKILL');
  bare.child.kill('SIGKILL');
  return figures;
}

let sequence = 0;

/** Requests per second, in a server's first seconds and once it is warm. */
interface Rates { readonly first: number; readonly warm: number }

async function rates(url: string, load: Load): Promise<Rates> {
  const run = async (bound: { duration: number } | { amount: number }) => {
    const result = await autocannon({
      url, connections, ...bound,
      requests: [{
        method: load.method, path: load.path(0), ...(load.type ? { headers: { 'content-type': load.type } } : {}),
        setupRequest: (request) => ({ ...request, ...(load.body ? { body: load.body(++sequence) } : {}) }),
      }],
    });
    if (result.non2xx > 0 || result.errors > 0) throw new Error(`${load.method} ${url}: ${result.non2xx} answers were refused, ${result.errors} failed`);
    return result.requests.average;
  };
  const first = await run({ duration: seconds });
  await run({ amount: warmUpRequests });
  return { first, warm: await run({ duration: seconds }) };
}

async function serverOf(words: string[]): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve) => {
    let text = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const match = /ready (\S+)/.exec(text);
      if (match) resolve(match[1]!);
    });
  });
  return { child, url };
}
