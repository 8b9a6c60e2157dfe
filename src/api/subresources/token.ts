/** `serviceaccounts/token`: TokenRequests (pkg/registry/core/serviceaccount/storage/token.go). */
import type { Pod, ServiceAccount } from '../../schema/core/v1.ts';
import type { TokenRequest } from '../../schema/authentication/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { parseApiVersion } from '../../schema/objects.ts';
import { formatTime } from '../../schema/values/time.ts';
import { badRequest, conflict, invalid, notFound } from '../errors.ts';
import { invalid as invalidField, type FieldError } from '../field-error.ts';
import { trackTransient } from '../field-managers.ts';
import { storageKey } from '../registry.ts';
import type { Services } from '../services.ts';
import type { WriteContext } from '../verbs/write-context.ts';

const group = 'authentication.k8s.io';
export const defaultAudience = 'https://kubernetes.default.svc.cluster.local';
const minSeconds = 600;
const maxSeconds = 2 ** 32;

/** Answers the request with a signed token. `request` is decoded, defaulted and changed in place. Throws ApiError. */
export function requestToken(services: Services, context: WriteContext, request: TokenRequest & KubeObject): KubeObject {
  const { def, namespace, name } = context;
  const { metadata } = request;
  const gk = { group, kind: 'TokenRequest' };
  if (metadata.name && metadata.name !== name) {
    throw invalid(gk, name, [invalidField('metadata.name', metadata.name, 'must match the service account name if specified')]);
  }
  const stored = services.store.get(storageKey(def, namespace, name));
  if (!stored) throw notFound(def.groupResource, name);
  const account = stored.value as unknown as ServiceAccount;
  const { uid } = account.metadata!;
  if (metadata.uid && metadata.uid !== uid) {
    throw conflict({ group, resource: 'TokenRequest' }, name,
      `the UID in the token request (${metadata.uid}) does not match the UID of the service account (${uid})`);
  }
  trackTransient(services, context, request);
  const nowMs = services.clock.now();
  const spec = request.spec;
  if (!spec.audiences?.length) spec.audiences = [defaultAudience];
  Object.assign(metadata, { name, namespace, uid, creationTimestamp: formatTime(nowMs) });
  const seconds = (spec.expirationSeconds ??= 3600);
  validate(gk, seconds);
  const claims = boundClaims(services, context, spec.boundObjectRef ?? undefined);
  const iat = Math.floor(nowMs / 1000);
  const token = services.tokens.sign({
    aud: spec.audiences, exp: iat + seconds, iat, iss: defaultAudience, jti: services.random.uuid(),
    'kubernetes.io': { namespace, ...claims, serviceaccount: { name, uid } },
    nbf: iat, sub: `system:serviceaccount:${namespace}:${name}`,
  });
  request.status = { token, expirationTimestamp: formatTime(nowMs + seconds * 1000) };
  return request;
}

function validate(gk: { group: string; kind: string }, seconds: number): void {
  const errors: FieldError[] = [];
  if (seconds < minSeconds) errors.push(invalidField('spec.expirationSeconds', seconds, 'may not specify a duration less than 10 minutes'));
  if (seconds > maxSeconds) errors.push(invalidField('spec.expirationSeconds', seconds, 'may not specify a duration larger than 2^32 seconds'));
  if (errors.length > 0) throw invalid(gk, '', errors);
}

interface BoundObjectRef { kind?: string; apiVersion?: string; name?: string; uid?: string }

/** What the token says of the object it is bound to: it dies with it. */
function boundClaims(services: Services, { namespace, name }: WriteContext, ref: BoundObjectRef | undefined): Record<string, unknown> {
  if (!ref) return {};
  // What is no group version counts as none.
  const { group: refGroup, version } = parseApiVersion((ref.apiVersion ?? '').split('/').length > 2 ? '' : ref.apiVersion ?? '');
  const resource = refGroup === '' ? { Pod: 'pods', Node: 'nodes', Secret: 'secrets' }[ref.kind ?? ''] : undefined;
  if (!resource) throw badRequest(`cannot bind token to object of type ${refGroup}/${version}, Kind=${ref.kind ?? ''}`);
  const def = services.registry.byName(resource)!;
  const refName = ref.name ?? '';
  const object = services.store.get(storageKey(def, namespace, refName))?.value;
  if (!object) throw notFound(def.groupResource, refName);
  const pod = object as unknown as Pod;
  if (resource === 'pods' && pod.spec.serviceAccountName !== name) {
    throw badRequest(`cannot bind token for serviceaccount ${JSON.stringify(name)} to pod running with different serviceaccount name.`);
  }
  const { uid } = object.metadata;
  if (ref.uid && ref.uid !== uid) {
    throw conflict({ group: refGroup, resource: ref.kind! }, refName,
      `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`);
  }
  const nodeClaim = resource === 'pods' && pod.spec.nodeName ? { node: nodeClaimOf(services, pod.spec.nodeName) } : {};
  return { [ref.kind!.toLowerCase()]: { name: refName, uid }, ...nodeClaim };
}

function nodeClaimOf({ registry, store }: Services, name: string): Record<string, unknown> {
  const uid = store.get(storageKey(registry.byName('nodes')!, '', name))?.value.metadata.uid;
  return { name, ...(uid === undefined ? {} : { uid }) };
}
