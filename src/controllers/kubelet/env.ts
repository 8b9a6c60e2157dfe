/** The environment of a container (kubelet_pods.go makeEnvironmentVariables). */
import type { ConfigMap, Container, EnvVar, Pod, Secret } from '../../schema/core/v1.ts';
import type { ApiPort } from '../../api/port.ts';
import type { KubeObject } from '../../schema/objects.ts';
import { ConfigError } from './config-error.ts';
import { fieldValue, resourceValue, type NodeFacts } from './downward-api.ts';
import { expand } from './expansion.ts';
import { serviceEnv } from './service-env.ts';

export interface EnvInput {
  readonly port: ApiPort;
  readonly pod: Pod;
  readonly container: Container;
  readonly podIPs: readonly string[];
  readonly node: NodeFacts;
}

/** The variables in a stable order: those of the spec, then those of Services. Throws `ConfigError`. */
export function environment(input: EnvInput): ReadonlyMap<string, string> {
  const { port, pod, container } = input;
  const sources = new Sources(port, pod.metadata.namespace ?? '');
  const services = serviceEnv(port, pod);
  const env = new Map<string, string>();
  for (const { prefix = '', configMapRef, secretRef } of container.envFrom ?? []) {
    const data = configMapRef
      ? sources.configMap(configMapRef.name ?? '', configMapRef.optional)
      : secretRef && sources.secret(secretRef.name ?? '', secretRef.optional);
    for (const [key, value] of Object.entries(data ?? {})) env.set(prefix + key, value);
  }
  for (const variable of container.env ?? []) {
    const value = valueOf(variable, input, sources, (name) => env.get(name) ?? services.get(name));
    if (value !== undefined) env.set(variable.name, value);
  }
  for (const [name, value] of services) if (!env.has(name)) env.set(name, value);
  return env;
}

/** Undefined: an optional source that is not there. */
function valueOf(
  variable: EnvVar, { pod, container, podIPs, node }: EnvInput, sources: Sources, lookup: (name: string) => string | undefined,
): string | undefined {
  if (variable.value !== undefined && variable.value !== '') return expand(variable.value, lookup);
  const from = variable.valueFrom;
  if (from?.fieldRef) return fieldValue(pod, from.fieldRef.fieldPath, podIPs, node);
  if (from?.resourceFieldRef) return resourceValue(pod, container, from.resourceFieldRef, node);
  if (from?.configMapKeyRef) {
    const { name = '', key, optional } = from.configMapKeyRef;
    return sources.key(sources.configMap(name, optional), 'ConfigMap', name, key, optional);
  }
  if (from?.secretKeyRef) {
    const { name = '', key, optional } = from.secretKeyRef;
    return sources.key(sources.secret(name, optional), 'Secret', name, key, optional);
  }
  return '';
}

/** ConfigMaps and Secrets of one namespace as texts. */
class Sources {
  readonly #port: ApiPort;
  readonly #namespace: string;

  constructor(port: ApiPort, namespace: string) {
    this.#port = port;
    this.#namespace = namespace;
  }

  configMap(name: string, optional: boolean | undefined): Record<string, string> | undefined {
    const found = this.#port.lister<ConfigMap & KubeObject>('configmaps').get(this.#namespace, name);
    if (found) return found.data ?? {};
    if (optional) return undefined;
    throw new ConfigError(`configmap "${name}" not found`);
  }

  secret(name: string, optional: boolean | undefined): Record<string, string> | undefined {
    const found = this.#port.lister<Secret & KubeObject>('secrets').get(this.#namespace, name);
    if (found) return Object.fromEntries(Object.entries(found.data ?? {}).map(([key, data]) => [key, decodeBase64(data)]));
    if (optional) return undefined;
    throw new ConfigError(`secret "${name}" not found`);
  }

  key(
    data: Record<string, string> | undefined, kind: string, name: string, key: string, optional: boolean | undefined,
  ): string | undefined {
    if (data && Object.hasOwn(data, key)) return data[key];
    if (optional) return undefined;
    throw new ConfigError(`couldn't find key ${key} in ${kind} ${this.#namespace}/${name}`);
  }
}

const decodeBase64 = (data: string): string => Buffer.from(data, 'base64').toString();
