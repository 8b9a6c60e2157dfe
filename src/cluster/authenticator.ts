/**
 * Who asks: the user behind a request's headers. Every request is authorised; this only finds names, as reviews, events
 * and managed fields show them.
 */
import { serviceAccountUser } from '../api/service-account-user.ts';
import type { User } from '../api/services.ts';
import type { ServiceAccountTokens } from './service-account-tokens.ts';

type Headers = Readonly<Record<string, string | undefined>>;

const administrator: User = { name: 'kubernetes-admin', uid: '8b0d3f4e-1f1c-4c39-9d0e-2f6a5b7c8d90', groups: ['kubeadm:cluster-admins', 'system:authenticated'] };
const authenticated = 'system:authenticated';

/** The user, or undefined when `token` is asked for and not given (401). */
export function authenticate(headers: Headers, token: string, tokens: ServiceAccountTokens, nowMs: number): User | undefined {
  const authorization = headers['authorization'];
  const bearer = authorization?.startsWith('Bearer ') ? authorization.slice(7).trim() : undefined;
  const account = bearer?.includes('.') ? serviceAccountUser(tokens.verify(bearer, nowMs)) : undefined;
  if (!account && token !== '' && bearer !== token) return undefined;
  return impersonated(headers) ?? account ?? administrator;
}

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
