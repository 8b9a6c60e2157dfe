/** Tokens for projected volumes, with the claims of the TokenRequest API (pkg/serviceaccount Claims). */
import type { Pod } from '../../schema/core/v1.ts';
import type { Clock } from '../../clock/clock.ts';
import type { Prng } from '../../lib/prng.ts';

const issuer = 'https://kubernetes.default.svc.cluster.local';

/** Makes a JWT of claims, as the API server does. */
export type SignToken = (claims: Readonly<Record<string, unknown>>) => string;

export class ServiceAccountTokens {
  readonly #sign: SignToken;
  readonly #clock: Clock;
  readonly #random: Prng;
  /** By Pod and audience, so that a refreshed volume does not change without need. */
  readonly #tokens = new Map<string, string>();

  constructor(sign: SignToken, clock: Clock, random: Prng) {
    this.#sign = sign;
    this.#clock = clock;
    this.#random = random;
  }

  token(pod: Pod, audience: string | undefined, expirationSeconds: number): string {
    const key = `${pod.metadata.uid}/${audience ?? ''}`;
    let token = this.#tokens.get(key);
    if (token === undefined) {
      token = this.#make(pod, audience ?? issuer, expirationSeconds);
      this.#tokens.set(key, token);
    }
    return token;
  }

  forget(podUid: string): void {
    for (const key of this.#tokens.keys()) if (key.startsWith(`${podUid}/`)) this.#tokens.delete(key);
  }

  #make(pod: Pod, audience: string, expirationSeconds: number): string {
    const now = Math.floor(this.#clock.now() / 1000);
    const { namespace, name, uid } = pod.metadata;
    const account = pod.spec.serviceAccountName ?? 'default';
    return this.#sign({
      aud: [audience], exp: now + expirationSeconds, iat: now, iss: issuer, jti: this.#random.uuid(),
      'kubernetes.io': { namespace, node: { name: pod.spec.nodeName }, pod: { name, uid }, serviceaccount: { name: account } },
      nbf: now, sub: `system:serviceaccount:${namespace}:${account}`,
    });
  }
}
