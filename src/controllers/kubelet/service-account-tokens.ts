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
  readonly #tokens = new Map<string, Map<string, () => string>>();

  constructor(sign: SignToken, clock: Clock, random: Prng) {
    this.#sign = sign;
    this.#clock = clock;
    this.#random = random;
  }

  /** A token that is valid from now on; it is signed at its first use, for hardly any container reads it. */
  token(pod: Pod, audience: string = issuer, expirationSeconds: number): () => string {
    const uid = pod.metadata.uid!;
    let tokens = this.#tokens.get(uid);
    if (!tokens) this.#tokens.set(uid, tokens = new Map());
    let token = tokens.get(audience);
    if (!token) tokens.set(audience, token = this.#signLater(pod, audience, expirationSeconds));
    return token;
  }

  forget(podUid: string): void {
    this.#tokens.delete(podUid);
  }

  #signLater({ metadata: { namespace, name, uid }, spec }: Pod, audience: string, expirationSeconds: number): () => string {
    const now = Math.floor(this.#clock.now() / 1000);
    const account = spec.serviceAccountName ?? 'default';
    // Drawn now: who reads when must not shift what others draw.
    const jti = this.#random.uuid();
    let token: string | undefined;
    return () => token ??= this.#sign({
      aud: [audience], exp: now + expirationSeconds, iat: now, iss: issuer, jti,
      'kubernetes.io': { namespace, node: { name: spec.nodeName }, pod: { name, uid }, serviceaccount: { name: account } },
      nbf: now, sub: `system:serviceaccount:${namespace}:${account}`,
    });
  }
}
