/**
 * Who asks: the user behind a request's headers. Every request is authorised; this only finds names, as reviews, events
 * and managed fields show them.
 */
import type { User } from '../api/services.ts';
import type { Claims, ServiceAccountTokens } from './service-account-tokens.ts';

type Headers = Readonly<Record<string, string | undefined>>;

const administrator: User = { name: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:authenticated'] };
const authenticated = 'system:authenticated';

/** The user, or undefined when `token` is asked for and not given (401). */
export function authenticate(headers: Headers, token: string, tokens: ServiceAccountTokens, nowMs: number): User | undefined {
  const authorization = headers['authorization'];
  const bearer = authorization?.startsWith('Bearer ') ? authorization.slice(7).trim() : undefined;
  const account = bearer?.includes('.') ? serviceAccount(tokens.verify(bearer, nowMs)) : undefined;
  if (!account && token !== '' && bearer !== token) return undefined;
  return impersonated(headers) ?? account ?? administrator;
}

/** The user that a service-account token stands for. */
export function serviceAccount(claims: Claims | undefined): User | undefined {
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
    groups: ['system:serviceaccounts', `system:serviceaccounts:${match[1]}`, authenticated],
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
}

interface Reference { readonly name?: string; readonly uid?: string }
interface KubernetesClaims { readonly serviceaccount?: Reference; readonly pod?: Reference; readonly node?: Reference }

function impersonated(headers: Headers): User | undefined {
  const name = headers['impersonate-user'];
  if (name === undefined) return undefined;
  const groups = headers['impersonate-group']?.split(', ') ?? [];
  const extra: Record<string, string[]> = {};
  for (const [header, value] of Object.entries(headers)) {
    if (header.startsWith('impersonate-extra-')) extra[decodeURIComponent(header.slice('impersonate-extra-'.length))] = value!.split(', ');
  }
  const uid = headers['impersonate-uid'];
  return {
    name, ...(uid === undefined ? {} : { uid }), groups: groups.includes(authenticated) ? groups : [...groups, authenticated],
    ...(Object.keys(extra).length > 0 ? { extra } : {}),
  };
}
