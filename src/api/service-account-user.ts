/** Service accounts as users: what the claims of their tokens say. */
import type { User } from './services.ts';

type Claims = Readonly<Record<string, unknown>>;

/** The user that a service-account token stands for; undefined when the claims are not of such a token. */
export function serviceAccountUser(claims: Claims | undefined): User | undefined {
  const subject = claims?.['sub'];
  const match = typeof subject === 'string' ? /^system:serviceaccount:([^:]+):[^:]+$/.exec(subject) : undefined;
  if (!claims || !match) return undefined;
  const kubernetes = claims['kubernetes.io'] as KubernetesClaims | undefined;
  const bound: [string, string | undefined][] = [
    ['authentication.kubernetes.io/credential-id', typeof claims['jti'] === 'string' ? `JTI=${claims['jti']}` : undefined],
    ['authentication.kubernetes.io/node-name', kubernetes?.node?.name],
    ['authentication.kubernetes.io/node-uid', kubernetes?.node?.uid],
    ['authentication.kubernetes.io/pod-name', kubernetes?.pod?.name],
    ['authentication.kubernetes.io/pod-uid', kubernetes?.pod?.uid],
  ];
  const extra = Object.fromEntries(bound.flatMap(([name, value]) => (value === undefined ? [] : [[name, [value]]])));
  return {
    name: subject as string,
    ...(kubernetes?.serviceaccount?.uid ? { uid: kubernetes.serviceaccount.uid } : {}),
    groups: ['system:serviceaccounts', `system:serviceaccounts:${match[1]}`, 'system:authenticated'],
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
}

interface Reference { readonly name?: string; readonly uid?: string }
interface KubernetesClaims { readonly serviceaccount?: Reference; readonly pod?: Reference; readonly node?: Reference }
