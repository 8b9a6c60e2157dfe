/** The certificate that `--tls` serves with: the user's own, or a generated one for loopback names. */
import fs from 'node:fs';
import type { Options } from './options.ts';

export interface TlsMaterial {
  readonly key: string;
  readonly cert: string;
  /** What a client must trust. */
  readonly ca: string;
}

/** Undefined without `--tls`. Throws an Error that says what to do when a file cannot be read. */
export async function tlsMaterial(options: Options): Promise<TlsMaterial | undefined> {
  if (options.tlsCert !== '') {
    const cert = read(options.tlsCert, '--tls-cert');
    return { cert, key: read(options.tlsKey, '--tls-key'), ca: cert };
  }
  return options.tls ? generate(options.host) : undefined;
}

async function generate(host: string): Promise<TlsMaterial> {
  // Loaded only when asked for: it costs a start more than all the rest of the wiring.
  const { default: selfsigned } = await import('selfsigned');
  const names = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'];
  const addresses = [...new Set(['127.0.0.1', '::1', ...(/^[\d.]+$|:/.test(host) ? [host] : [])])];
  const pems = await selfsigned.generate([{ name: 'commonName', value: 'fakelet' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [...names.map((value) => ({ type: 2 as const, value })), ...addresses.map((ip) => ({ type: 7 as const, ip }))] },
    ],
  });
  return { key: pems.private, cert: pems.cert, ca: pems.cert };
}

function read(file: string, flag: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`Failed to set up TLS: ${flag} ${file} cannot be read (${(error as NodeJS.ErrnoException).code}). Check the path.`);
  }
}
