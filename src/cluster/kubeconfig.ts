/** A kubeconfig for a server. */
import { stringify } from 'yaml';

export interface KubeconfigOptions {
  readonly server: string;
  /** Bearer token, empty for none. */
  readonly token: string;
  /** PEM of the certificate authority, for HTTPS. */
  readonly ca?: string;
}

export function kubeconfig({ server, token, ca }: KubeconfigOptions): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'fakelet', cluster: {
      server, ...(ca === undefined ? {} : { 'certificate-authority-data': Buffer.from(ca).toString('base64') }),
      // Some clients (@kubernetes/client-node) speak plain HTTP only where this is said.
      ...(server.startsWith('http:') ? { 'insecure-skip-tls-verify': true } : {}),
    } }],
    users: [{ name: 'admin', user: token === '' ? {} : { token } }],
    contexts: [{ name: 'fakelet', context: { cluster: 'fakelet', user: 'admin', namespace: 'default' } }],
    'current-context': 'fakelet',
  }, { lineWidth: 0 });
}
