/**
 * How a session or a port-forward leaves HTTP: over WebSocket or over SPDY/3.1, and in which sub-protocol. Upstream:
 * apimachinery/pkg/util/httpstream (Handshake), apiserver/pkg/util/httpstream/wsstream, kubelet's cri/streaming.
 */
import type { ApiResponse } from '../response.ts';

export interface Handshake {
  readonly transport: 'websocket' | 'spdy';
  /** The sub-protocol that was chosen; empty when a WebSocket client offered none. */
  readonly protocol: string;
}

type RequestHeaders = Readonly<Record<string, string | undefined>>;

/** Carries SPDY in WebSocket messages; the way of kubectl port-forward. */
export const tunnelProtocol = 'SPDY/3.1+portforward.k8s.io';
const streamClose = 'v5.channel.k8s.io';
const sessionChannels = ['', 'v4.channel.k8s.io', 'v4.base64.channel.k8s.io', 'channel.k8s.io', 'base64.channel.k8s.io'];
const sessionVersions = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'];
const portChannels = ['', 'v4.channel.k8s.io', 'v4.base64.channel.k8s.io'];
const portVersions = ['portforward.k8s.io'];

/** What exec and attach speak, or the answer that refuses. */
export function sessionHandshake(headers: RequestHeaders): Handshake | ApiResponse {
  if (isWebSocket(headers)) return webSocket(headers, streamClose, sessionChannels);
  const chosen = spdy(headers, sessionVersions);
  if (typeof chosen !== 'object') return { transport: 'spdy', protocol: chosen };
  // The refusal of a version is written twice: by the handshake and by its caller.
  if (chosen.offered) return httpError(403, chosen.message, 2, acceptedVersions(sessionVersions));
  return httpError(400, chosen.message);
}

/** What a port-forward speaks, or the answer that refuses. */
export function portHandshake(headers: RequestHeaders): Handshake | ApiResponse {
  if (isWebSocket(headers)) return webSocket(headers, tunnelProtocol, portChannels);
  const chosen = spdy(headers, portVersions);
  if (typeof chosen !== 'object') return { transport: 'spdy', protocol: chosen };
  if (chosen.offered) return httpError(403, chosen.message, 1, acceptedVersions(portVersions));
  // The kubelet says nothing, and the API server takes its empty 200 for a broken upgrade.
  return httpError(500, 'invalid upgrade response: status code 200');
}

/** A kubelet's refusal in plain text. */
export const textRefusal = (status: number, text: string): ApiResponse =>
  ({ status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from(text) });

export const isWebSocket = (headers: RequestHeaders): boolean => headers['upgrade']?.toLowerCase() === 'websocket';

const listed = (header: string | undefined): string[] => (header ? header.split(',').map((one) => one.trim()) : []);

/** The API server takes what it serves itself wherever it stands; of the others the client's first counts. */
function webSocket(headers: RequestHeaders, preferred: string, served: readonly string[]): Handshake | ApiResponse {
  const offered = listed(headers['sec-websocket-protocol']);
  if (offered.includes(preferred)) return { transport: 'websocket', protocol: preferred };
  const protocol = (offered.length === 0 ? [''] : offered).find((one) => served.includes(one));
  return protocol === undefined ? { status: 403, headers: { connection: 'close' }, body: new Uint8Array(0) } : { transport: 'websocket', protocol };
}

const versionHeader = 'X-Stream-Protocol-Version';

function spdy(headers: RequestHeaders, served: readonly string[]): string | { readonly offered: boolean; readonly message: string } {
  const offered = listed(headers[versionHeader.toLowerCase()]);
  if (offered.length === 0) return { offered: false, message: `unable to upgrade: ${versionHeader} is required` };
  return offered.find((one) => served.includes(one)) ?? {
    offered: true,
    message: `unable to upgrade: unable to negotiate protocol: client supports [${offered.join(' ')}], server accepts [${served.join(' ')}]`,
  };
}

const acceptedVersions = (served: readonly string[]) => ({ 'X-Accepted-Stream-Protocol-Versions': [...served] });

/** Go's http.Error. */
function httpError(status: number, message: string, times = 1, more: Record<string, string[]> = {}): ApiResponse {
  return {
    status, headers: { 'Content-Type': 'text/plain; charset=utf-8', ...more, 'X-Content-Type-Options': 'nosniff' },
    body: Buffer.from(`${message}\n`.repeat(times)),
  };
}
