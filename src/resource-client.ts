/**
 * The objects of a resource as typed values: `kube.pods.create(…)`, `kube.resource('deployments.apps').list()`. Each call is
 * one request to the API, without a socket: faults hit it, the journal has it, and refusals are those of the API.
 */
import { ApiError, type Status } from './api/errors.ts';
import type { ResourceDef } from './api/registry.ts';
import type { Cluster } from './cluster/cluster.ts';
import { EmulatorError } from './cluster/emulator-error.ts';
import { fetchOf } from './in-process-fetch.ts';
import type { Inspection } from './inspection.ts';
import type { Pod } from './schema/core/v1.ts';
import type { DeleteOptions } from './schema/meta/v1.ts';
import type { KubeObject } from './schema/objects.ts';
import type { ResourceTypes } from './schema/resource-types.ts';
import { Awaited, until } from './until.ts';

/** What a user writes of a type: the API fills in or refuses what is missing. */
export type Draft<T> = T extends readonly (infer Item)[] ? Draft<Item>[] : T extends object ? { [Member in keyof T]?: Draft<T[Member]> | undefined } : T;

export interface ListSelection { labelSelector?: string; fieldSelector?: string }
export interface PatchOptions {
  /** Strategic unless it says otherwise; custom resources know only merge and JSON patches. */
  type?: 'strategic' | 'merge' | 'json';
  subresource?: string;
}
export interface ApplyOptions { fieldManager?: string; force?: boolean; subresource?: string }
export interface LogOptions { container?: string; previous?: boolean; tailLines?: number }

type StatusOf<T> = T extends { status?: infer S } ? NonNullable<S> : Record<string, unknown>;

/** Where the client finds the cluster, whose parts change with every reset. */
export interface ClientTarget {
  readonly cluster: Cluster;
  readonly inspect: Inspection;
}

/** Every method rejects with the API's refusal, an ApiError with the Status; `wait` as `kube.until`. */
export class ResourceClient<T extends object = KubeObject> {
  protected readonly target: ClientTarget;
  protected readonly resource: string;
  readonly #namespace: string;

  constructor(target: ClientTarget, resource: string, namespace = 'default') {
    this.target = target;
    this.resource = resource;
    this.#namespace = namespace;
  }

  /** The same in another namespace. */
  in(namespace: string): this {
    return new (this.constructor as new (...args: unknown[]) => this)(this.target, this.resource, namespace);
  }

  /** apiVersion and kind need not be said. */
  create(object: Draft<T>): Promise<T> {
    return this.#send('POST', '', { body: this.#whole(object) });
  }

  get(name: string): Promise<T> {
    return this.#send('GET', `/${name}`);
  }

  async list(selection: ListSelection = {}): Promise<T[]> {
    const { items } = await this.#send<{ items: T[] }>('GET', '', { query: { ...selection } });
    return items;
  }

  /** PUT: the whole object, whose resourceVersion must be current when it is given. */
  update(object: Draft<T>): Promise<T> {
    return this.#send('PUT', `/${nameOf(object)}`, { body: this.#whole(object) });
  }

  /** `patch` is a list of operations for a JSON patch. */
  patch(name: string, patch: Draft<T> | readonly object[], { type, subresource }: PatchOptions = {}): Promise<T> {
    const chosen = type ?? (this.#def().type ? 'strategic' : 'merge');
    return this.#send('PATCH', `/${name}${subresource === undefined ? '' : `/${subresource}`}`, { body: patch, contentType: patchTypes[chosen] });
  }

  /** Merges into the status as a controller or a kubelet would: conditions by their type. */
  patchStatus(name: string, status: Draft<StatusOf<T>>): Promise<T> {
    return this.patch(name, { status } as Draft<T>, { subresource: 'status' });
  }

  /** Server-side apply. */
  apply(object: Draft<T>, { fieldManager = 'fakelet', force = false, subresource }: ApplyOptions = {}): Promise<T> {
    const path = `/${nameOf(object)}${subresource === undefined ? '' : `/${subresource}`}`;
    return this.#send('PATCH', path, { body: this.#whole(object), contentType: 'application/apply-patch+yaml', query: { fieldManager, force: String(force) } });
  }

  /** What a Pod's grace period or a finalizer keeps is still there afterwards: see `wait`. */
  async delete(name: string, options?: Draft<DeleteOptions>): Promise<void> {
    await this.#send('DELETE', `/${name}`, options === undefined ? {} : { body: options });
  }

  /** Waits as `kubectl wait --for` does ('condition=Ready', 'delete' …); moves a manual clock. Answers the object, undefined when it is gone. */
  async wait(name: string, condition: string, timeout?: string): Promise<T | undefined> {
    const awaited = new Awaited(this.resource, name, this.#namespace);
    const { object } = await until(this.target.cluster.controls, this.target.inspect, awaited.meets(condition, timeout));
    return object as T | undefined;
  }

  protected async post(path: string, body: object): Promise<void> {
    await this.#ask('POST', path, { body });
  }

  protected async text(path: string, query: object): Promise<string> {
    return (await this.#ask('GET', path, { query })).text();
  }

  async #send<A = T>(method: string, path: string, sent: Sent = {}): Promise<A> {
    return (await this.#ask(method, path, sent)).json() as Promise<A>;
  }

  async #ask(method: string, path: string, { body, contentType = 'application/json', query = {} }: Sent): Promise<Response> {
    const { token } = this.target.cluster.settings.options;
    const asked = new URLSearchParams(Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]));
    const response = await fetchOf(this.target.cluster)(`${this.#path()}${path}?${asked}`, {
      method,
      headers: { 'user-agent': 'fakelet', ...(token === '' ? {} : { authorization: `Bearer ${token}` }), ...(body === undefined ? {} : { 'content-type': contentType }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return response;
    throw new ApiError(await response.json() as Status);
  }

  #path(): string {
    const { group, version, namespaced, resource } = this.#def();
    return `${group === '' ? '/api/' : `/apis/${group}/`}${version}${namespaced ? `/namespaces/${this.#namespace}` : ''}/${resource}`;
  }

  #whole(object: Draft<T>): object {
    const { apiVersion, kind } = this.#def();
    return { apiVersion, kind, ...object };
  }

  #def(): ResourceDef {
    const def = this.target.cluster.api.services.registry.byName(this.resource);
    if (!def) throw new EmulatorError(404, `Failed to find the resource '${this.resource}': it is not served. Write its plural name, with the group unless it is core.`);
    return def;
  }
}

interface Sent { readonly body?: unknown; readonly contentType?: string; readonly query?: object }

const patchTypes = {
  strategic: 'application/strategic-merge-patch+json', merge: 'application/merge-patch+json', json: 'application/json-patch+json',
} as const;

function nameOf(object: object): string {
  const { name } = (object as { metadata?: { name?: string } }).metadata ?? {};
  if (name === undefined) throw new EmulatorError(400, 'Failed to write the object: it has no metadata.name. Give one.');
  return name;
}

export class PodClient extends ResourceClient<Pod> {
  /** What a container wrote; of the only one unless one is named. */
  log(name: string, options: LogOptions = {}): Promise<string> {
    return this.text(`/${name}/log`, options);
  }

  /** As `kubectl drain` does; a budget may refuse it with 429. */
  async evict(name: string): Promise<void> {
    await this.post(`/${name}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } });
  }
}

/** A client of a built-in resource knows the type of its objects. */
export interface Resources {
  <Name extends keyof ResourceTypes>(resource: Name): ResourceClient<ResourceTypes[Name]>;
  <T extends object = KubeObject>(resource: string): ResourceClient<T>;
}
