/** ServiceAccount: every Pod runs as an account of its namespace, and gets that account's token mounted. */
import { safeLetters } from '../../lib/safe-letters.ts';
import type { Container, Pod, ServiceAccount, Volume } from '../../schema/core/v1.ts';
import type { AdmissionContext, AdmissionRequest, AdmissionStep } from '../admission.ts';
import { annotation, mirrorPodAnnotation } from '../validation/pod/annotations.ts';
import { isResource, podOf, refusal, unaskable } from './refusal.ts';
import { secretReferences, type SecretReference } from './secret-references.ts';

const enforceAnnotation = 'kubernetes.io/enforce-mountable-secrets';
const tokenMountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const tokenVolumePrefix = 'kube-api-access-';
const suffixLength = 5;

export const serviceAccount: AdmissionStep = {
  name: 'ServiceAccount',
  resources: ['pods'],
  admit(request, context) {
    if (request.operation !== 'CREATE' || !isResource(request, '', 'pods')) return;
    const pod = podOf(request.object);
    if (!isMirror(pod)) {
      const account = accountOf(pod.spec.serviceAccountName || 'default', request, context);
      pod.spec.serviceAccountName = account.metadata.name!;
      pod.spec.serviceAccount = account.metadata.name!;
      if (pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountToken(pod, context);
      if (!pod.spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
        pod.spec.imagePullSecrets = account.imagePullSecrets.map(({ name }) => ({ name: name ?? '' }));
      }
    }
    check(request, context);
  },
  validate: check,
};

function check(request: AdmissionRequest, context: AdmissionContext): void {
  const { operation } = request;
  const isEphemeral = operation === 'UPDATE' && isResource(request, '', 'pods', 'ephemeralcontainers');
  if (!isEphemeral && !(operation === 'CREATE' && isResource(request, '', 'pods'))) return;
  const pod = podOf(request.object);
  if (!isEphemeral && isMirror(pod)) {
    checkMirror(pod, request);
    return;
  }
  const name = pod.spec.serviceAccountName;
  if (!name) throw refusal(request, `no service account specified for pod ${request.namespace}/${pod.metadata.name ?? ''}`);
  const account = accountOf(name, request, context);
  if (isTrue(account.metadata.annotations?.[enforceAnnotation])) limitSecrets(pod, account, isEphemeral, request);
}

const isMirror = (pod: Pod): boolean => annotation(pod.metadata.annotations, mirrorPodAnnotation) !== undefined;

/** Go's strconv.ParseBool. */
const isTrue = (text: string | undefined): boolean => text !== undefined && ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text);

/** The kubelet made a mirror pod from a file; it cannot depend on the API. */
function checkMirror(pod: Pod, request: AdmissionRequest): void {
  if (pod.spec.serviceAccountName) throw refusal(request, 'a mirror pod may not reference service accounts');
  if (secretReferences(pod).length > 0) throw refusal(request, 'a mirror pod may not reference secrets');
  if (pod.spec.volumes?.some(({ projected }) => projected?.sources?.some((source) => source.serviceAccountToken))) {
    throw refusal(request, 'a mirror pod may not use ServiceAccountToken volume projections');
  }
}

function accountOf(name: string, request: AdmissionRequest, context: AdmissionContext): ServiceAccount {
  const account = context.get('', 'serviceaccounts', request.namespace, name);
  if (account) return account as ServiceAccount;
  throw refusal(request, `error looking up service account ${request.namespace}/${name}: `
    + (unaskable(name) ?? `serviceaccount "${name}" not found`));
}

/** Mounts the token into every container that has nothing at that path. */
function mountToken(pod: Pod, context: AdmissionContext): void {
  const { spec } = pod;
  const existing = spec.volumes?.find((volume) => volume.name.startsWith(tokenVolumePrefix));
  const name = existing?.name ?? tokenVolumePrefix + context.random.text(suffixLength, safeLetters);
  const containers: Container[] = [...(spec.initContainers ?? []), ...(spec.containers ?? [])]
    .filter((container) => !container.volumeMounts?.some((mount) => mount.mountPath === tokenMountPath));
  for (const container of containers) (container.volumeMounts ??= []).push({ name, readOnly: true, mountPath: tokenMountPath });
  if (!existing && containers.length > 0) (spec.volumes ??= []).push(tokenVolume(name));
}

const tokenVolume = (name: string): Volume => ({
  name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
    ],
    defaultMode: 0o644,
  },
});

/** Accounts with the (deprecated) annotation let their pods use listed secrets only. */
function limitSecrets(pod: Pod, account: ServiceAccount, ephemeralOnly: boolean, request: AdmissionRequest): void {
  const allowed = new Set(account.secrets?.map(({ name }) => name));
  const { name } = account.metadata;
  const references = secretReferences(pod).filter(({ from }) => (from === 'ephemeral container') === ephemeralOnly && from !== 'pull secret');
  const wrong = references.find((reference) => !allowed.has(reference.secret));
  if (wrong) {
    throw refusal(request, `${describe(wrong)} is not allowed because service account ${name} does not reference that secret`);
  }
  if (ephemeralOnly) return;
  pod.spec.imagePullSecrets?.forEach((secret, i) => {
    if (account.imagePullSecrets?.some((listed) => listed.name === secret.name)) return;
    throw refusal(request, `imagePullSecrets[${i}].name="${secret.name ?? ''}" is not allowed because service account ${name} `
      + 'does not reference that imagePullSecret');
  });
}

function describe({ from, container, variable, secret }: SecretReference): string {
  if (from === 'volume') return `volume with secret.secretName="${secret}"`;
  const place = variable === undefined ? 'envFrom' : `envVar ${variable}`;
  return `${from} ${container} with ${place} referencing secret.secretName="${secret}"`;
}
