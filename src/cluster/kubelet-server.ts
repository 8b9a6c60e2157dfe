/** What a kubelet's own HTTP server answers to the API server's node proxy: its health and its Pods. */
import type { HttpAnswer } from '../api/node-connector.ts';
import type { ApiPort } from '../api/port.ts';

const plain = { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' };

/** The answer of the kubelet of `node` at a path. */
export function kubeletAnswer(port: ApiPort, node: string, path: string): HttpAnswer {
  switch (path.replace(/\?.*/, '')) {
    case '/healthz': return text(200, 'ok', plain);
    case '/pods':
    case '/pods/': {
      const items = port.lister('pods').byIndex('node', node);
      return text(200, JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items }), { 'content-type': 'application/json' });
    }
    default: return text(404, '404 page not found\n', plain);
  }
}

function text(status: number, body: string, headers: Readonly<Record<string, string>>): HttpAnswer {
  const bytes = Buffer.from(body);
  return { status, headers: { ...headers, 'content-length': String(bytes.length) }, body: bytes };
}
