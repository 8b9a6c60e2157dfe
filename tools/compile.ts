/**
 * Compiles what a start and a first Pod need: lives through both once in dist/server.cjs, and keeps what V8 made of it. The
 * build runs it last.
 */
import fs from 'node:fs';
import { loadCompiledServer } from '../src/compiled-server.ts';
import { parseOptions } from '../src/options.ts';

const { script, server } = loadCompiledServer('dist');
const { url, close } = await server.start(parseOptions(['--port', '0', '--profile', 'fast'], {}));
const pods = `${url}/api/v1/namespaces/default/pods`;
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'first' }, spec: { containers: [{ name: 'app', image: 'nginx:1.27' }] } };
await fetch(pods, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(pod) });
const watch = await fetch(`${pods}?watch=1&fieldSelector=metadata.name%3Dfirst`);
let text = '';
for await (const chunk of watch.body!) {
  text += Buffer.from(chunk as Uint8Array).toString();
  if (text.includes('"phase":"Running"')) break;
}
fs.writeFileSync('dist/server.cache', script.createCachedData());
await close();
process.exit(0);
