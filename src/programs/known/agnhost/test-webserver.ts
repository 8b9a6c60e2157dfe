/** agnhost test-webserver: the container's files over HTTP. */
import { attempt, Errno } from '../../errno.ts';
import { dataOf } from '../../files/nodes.ts';
import type { Process } from '../../process.ts';
import { find, names } from '../../syscalls.ts';
import type { Run } from '../../wait.ts';
import { waitForEver } from '../go.ts';
import { notFound, serveGo, type Answer } from '../go-http.ts';
import type { HttpCall } from '../serving.ts';
import type { Command } from './agnhost.ts';

const always = {
  'Cache-Control': 'private', 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Credentials': 'true',
  'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
  'Access-Control-Allow-Headers': 'DNT,X-Mx-ReqToken,Keep-Alive,User-Agent,X-Requested-With,Cache-Control,Content-Type',
};

export const testWebserver: Command = {
  flags: { defaults: { port: 80 } },
  * run(process, flags): Run<number> {
    const failed = serveGo(process, flags.number('port'), (call, answer) =>
      serveFile(process, call, (status, body, headers) => answer(status, body, { ...always, ...headers })));
    return failed ?? (yield* waitForEver(process));
  },
};

/** As http.FileServer does. */
function serveFile(process: Process, call: HttpCall, answer: Answer): void {
  const found = attempt(() => find(process, call.path));
  if (found instanceof Errno || !found.node) return notFound(answer);
  if (found.node.kind !== 'directory') return answer(200, found.node.kind === 'file' ? Buffer.from(dataOf(found.node), 'latin1').toString() : '');
  if (!call.path.endsWith('/')) return answer(301, '', { Location: `${found.name}/` });
  const index = found.node.entries.get('index.html');
  if (index?.kind === 'file') return answer(200, dataOf(index), { 'Content-Type': 'text/html; charset=utf-8' });
  const { entries } = found.node;
  const list = names(process, found.path).map((name) => {
    const shown = entries.get(name)?.kind === 'directory' ? `${name}/` : name;
    return `<a href="${shown}">${shown}</a>\n`;
  });
  answer(200, `<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n${list.join('')}</pre>\n`, { 'Content-Type': 'text/html; charset=utf-8' });
}
