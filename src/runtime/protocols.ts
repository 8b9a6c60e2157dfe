/**
 * What a connection speaks, told by its first bytes as on the wire. TLS is the hellos alone: what follows is not
 * encrypted. Of gRPC there is the connection's preface and its answer, which is all that a health probe waits for here,
 * as no emulated server is unhealthy by itself.
 */
export const clientHello = '\x16\x03\x01\x00\x00';
export const serverHello = '\x16\x03\x03\x00\x00';
export const http2Preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
/** An empty SETTINGS frame: with it a server takes up HTTP/2. */
export const http2Settings = '\0\0\0\x04\0\0\0\0\0';

/** Why a TLS client gives up on a first answer, in Go's words; undefined: it does not. */
export function handshakeFailure(answer: string): string | undefined {
  if (answer.startsWith(serverHello)) return undefined;
  if (answer === '') return 'EOF';
  if (answer.startsWith('HTTP/')) return 'http: server gave HTTP response to HTTPS client';
  return 'tls: first record does not look like a TLS handshake';
}
