/** ConfigMaps and Secrets (pkg/apis/core/validation: ValidateConfigMap, ValidateSecret). */
import type { ConfigMap, Secret } from '../../schema/core/v1.ts';
import { equal } from '../../lib/json.ts';
import { forbidden, invalid, key, required, tooLong, type FieldError } from '../field-error.ts';
import { configMapKey } from './names.ts';
import { invalidForEach, keysOf, validateImmutable } from './rules.ts';

const dataBytesMax = 1024 * 1024;
const immutableText = 'field is immutable when `immutable` is set';

export function validateConfigMap({ data = {}, binaryData = {} }: ConfigMap, errors: FieldError[]): void {
  let bytes = 0;
  for (const name of keysOf(data)) {
    invalidForEach(configMapKey(name), name, key('data', name), errors);
    if (Object.hasOwn(binaryData, name)) errors.push(invalid(key('data', name), name, 'duplicate of key present in binaryData'));
    bytes += Buffer.byteLength(data[name]!);
  }
  for (const name of keysOf(binaryData)) {
    invalidForEach(configMapKey(name), name, key('binaryData', name), errors);
    bytes += base64Bytes(binaryData[name]);
  }
  if (bytes > dataBytesMax) errors.push(tooLong('', dataBytesMax));
}

export function validateConfigMapUpdate(next: ConfigMap, old: ConfigMap, errors: FieldError[]): void {
  if (!old.immutable) return;
  if (!next.immutable) errors.push(forbidden('immutable', immutableText));
  for (const member of ['data', 'binaryData'] as const) {
    if (!equal(next[member] ?? {}, old[member] ?? {})) errors.push(forbidden(member, immutableText));
  }
}

/** What a Secret of each type must hold. */
const requiredKeys: ReadonlyMap<string, readonly string[]> = new Map([
  ['kubernetes.io/ssh-auth', ['ssh-privatekey']], ['kubernetes.io/tls', ['tls.crt', 'tls.key']],
]);
const dockerKeys: ReadonlyMap<string, string> = new Map([
  ['kubernetes.io/dockercfg', '.dockercfg'], ['kubernetes.io/dockerconfigjson', '.dockerconfigjson'],
]);
const accountAnnotation = 'kubernetes.io/service-account.name';

export function validateSecret(secret: Secret, errors: FieldError[]): void {
  const { data = {}, type = '' } = secret;
  let bytes = 0;
  for (const name of keysOf(data)) {
    invalidForEach(configMapKey(name), name, key('data', name), errors);
    bytes += base64Bytes(data[name]);
  }
  if (bytes > dataBytesMax) errors.push(tooLong('data', dataBytesMax));
  const has = (name: string) => Object.hasOwn(data, name);
  if (type === 'kubernetes.io/service-account-token' && !secret.metadata?.annotations?.[accountAnnotation]) {
    errors.push(required(key('metadata.annotations', accountAnnotation)));
  }
  if (type === 'kubernetes.io/basic-auth' && !has('username') && !has('password')) {
    errors.push(required(key('data', 'username')), required(key('data', 'password')));
  }
  for (const name of requiredKeys.get(type) ?? []) if (!has(name)) errors.push(required(key('data', name)));
  const dockerKey = dockerKeys.get(type);
  if (dockerKey !== undefined) validateDockerConfig(data, dockerKey, errors);
}

function validateDockerConfig(data: Readonly<Record<string, string>>, name: string, errors: FieldError[]): void {
  if (!Object.hasOwn(data, name)) {
    errors.push(required(key('data', name)));
    return;
  }
  try {
    JSON.parse(Buffer.from(data[name] ?? '', 'base64').toString());
  } catch (error) {
    errors.push(invalid(key('data', name), '<secret contents redacted>', (error as Error).message));
  }
}

export function validateSecretUpdate(next: Secret, old: Secret, errors: FieldError[]): void {
  validateImmutable(next.type, old.type, 'type', errors);
  if (!old.immutable) return;
  if (!next.immutable) errors.push(forbidden('immutable', immutableText));
  if (!equal(next.data ?? {}, old.data ?? {})) errors.push(forbidden('data', immutableText));
}

/** A value may be null: no bytes. */
const base64Bytes = (text: string | null | undefined): number =>
  (text ? Math.floor(text.length * 3 / 4) - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0) : 0);
