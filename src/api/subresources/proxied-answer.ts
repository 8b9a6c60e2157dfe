/**
 * What a proxied answer looks like when it leaves the API server: paths in redirects and in HTML lead through the proxy
 * (apimachinery/pkg/util/proxy/transport.go).
 */
import type { HttpAnswer } from '../node-connector.ts';

/** Attributes that hold addresses. */
const addressAttributes = new Set(['action', 'background', 'cite', 'classid', 'codebase', 'data', 'formaction', 'href', 'icon', 'longdesc', 'manifest', 'poster', 'profile', 'src', 'usemap']);

/** `prefix` is the path of the request up to and with `proxy`. */
export function rewritten(answer: HttpAnswer, prefix: string): HttpAnswer {
  const { headers, body } = answer;
  const { location } = headers;
  if (typeof location === 'string') return { ...answer, headers: { ...headers, location: through(location, prefix) } };
  if (String(headers['content-type'] ?? '').split(';')[0]!.trim() !== 'text/html') return answer;
  const html = Buffer.from(rewriteHtml(Buffer.from(body).toString('utf8'), prefix));
  return { ...answer, headers: { ...headers, 'content-length': String(html.length) }, body: html };
}

const through = (address: string, prefix: string): string => (address.startsWith('/') && !address.startsWith('//') ? `${prefix}${address}` : address);

/** Start tags are written anew, as Go's tokenizer spells them; everything else stays. */
function rewriteHtml(text: string, prefix: string): string {
  return text.replace(/<([A-Za-z][^\s/>]*)((?:\s+[^\s=>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*))?)*)\s*(\/?)>/g, (_, name: string, attributes: string, slash: string) => {
    const parts = [...attributes.matchAll(/([^\s=>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/g)].map(([, key = '', double, single, bare]) => {
      const value = double ?? single ?? bare ?? '';
      return ` ${key.toLowerCase()}="${addressAttributes.has(key.toLowerCase()) ? through(value, prefix) : value}"`;
    });
    return `<${name.toLowerCase()}${parts.join('')}${slash}>`;
  });
}
