/**
 * Service-account tokens: JWTs signed with ES256, verifiable at `/openid/v1/jwks` like a real cluster's. The key is made
 * at first use and is the one thing of a cluster that does not come from its seed: a predictable key would be no key.
 */
import { createHash, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';

export type Claims = Readonly<Record<string, unknown>>;

export class ServiceAccountTokens {
  #keys: { privateKey: KeyObject; publicKey: KeyObject; id: string } | undefined;

  /** The claims as a compact JWT. */
  sign(claims: Claims): string {
    const { privateKey, id } = this.#keyPair();
    const text = `${encode({ alg: 'ES256', kid: id })}.${encode(claims)}`;
    return `${text}.${sign('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }

  /** The claims of a token that this cluster signed and that is valid at `nowMs`, or undefined. */
  verify(token: string, nowMs: number): Claims | undefined {
    const [header, payload, signature, ...more] = token.split('.');
    if (!header || !payload || !signature || more.length > 0 || !this.#keys) return undefined;
    const key = { key: this.#keys.publicKey, dsaEncoding: 'ieee-p1363' } as const;
    if (!verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))) return undefined;
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Claims;
    return typeof claims['exp'] === 'number' && claims['exp'] * 1000 > nowMs ? claims : undefined;
  }

  /** The public key as a JSON Web Key Set. */
  jwks(): { keys: Record<string, unknown>[] } {
    const { publicKey, id } = this.#keyPair();
    return { keys: [{ use: 'sig', kid: id, alg: 'ES256', ...publicKey.export({ format: 'jwk' }) }] };
  }

  #keyPair() {
    if (!this.#keys) {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const publicKey = createPublicKey(privateKey);
      const id = createHash('sha256').update(publicKey.export({ type: 'spki', format: 'der' })).digest('base64url');
      this.#keys = { privateKey, publicKey, id };
    }
    return this.#keys;
  }
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
