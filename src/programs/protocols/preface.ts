/**
 * What a connection speaks, told by its first bytes as on the wire. TLS is the hellos alone: what follows is not
 * encrypted.
 */
export const clientHello = '\x16\x03\x01\x00\x00';
export const serverHello = '\x16\x03\x03\x00\x00';
export const http2Preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

/** Why a TLS client gives up on a first answer, in Go's words; undefined: it does not. */
export function handshakeFailure(answer: string): string | undefined {
  if (answer.startsWith(serverHello)) return undefined;
  if (answer === '') return 'EOF';
  if (answer.startsWith('HTTP/')) return 'http: server gave HTTP response to HTTPS client';
  return 'tls: first record does not look like a TLS handshake';
}
