/**
 * The OpenAPI documents of one cluster, made from the schema and the registry when they are first asked for and kept until
 * the registry changes. They are what kubectl explains, validates and diffs with. There are no descriptions, and OpenAPI v3
 * comes as JSON only.
 */
import { createHash } from 'node:crypto';
import type { JsonObject } from '../../lib/json.ts';
import type { GroupVersionKind } from '../../schema/objects.ts';
import type { SchemaOf } from './bodies.ts';
import { documentV2 } from './document-v2.ts';
import { discoveryDocument, discoveryPaths } from './discovery-documents.ts';
import { documentV3 } from './document-v3.ts';
import { textsDigest } from './descriptions/texts.ts';
import { encodeGnostic } from './gnostic.ts';
import type { PublishedResource } from './operations.ts';

/** What the documents are made from; a `Registry` is one. */
export interface Published {
  /** Rises with every change. */
  readonly generation: number;
  groups(): readonly { readonly group: string; readonly versions: readonly string[] }[];
  resources(group: string, version: string): readonly PublishedResource[];
}

export interface Document {
  /** JSON text. */
  readonly json: string;
  /** SHA-512 in upper-case hexadecimal: the ETag, and the `hash` in the index. */
  readonly hash: string;
}

/** The media type in which kubectl asks for OpenAPI v2. */
export const gnosticMediaType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';

type GroupVersion = Omit<GroupVersionKind, 'kind'>;

export class OpenApi {
  readonly #published: Published;
  readonly #schemaOf: SchemaOf;
  readonly #documents = new Map<string, Document>();
  readonly #discoveryDocuments = new Map<string, Document>();
  readonly #hashes = new Map<string, string>();
  #generation = -1;
  #v2: Document | undefined;
  #v2Protobuf: Uint8Array | undefined;

  /** `schemaOf` gives the OpenAPI v3 schema of a custom resource. */
  constructor(published: Published, schemaOf: SchemaOf = () => undefined) {
    this.#published = published;
    this.#schemaOf = schemaOf;
  }

  /** `/openapi/v3`: where the document of each group version is, for example under `apis/apps/v1`. */
  index(): JsonObject {
    const entries = this.#groupVersions().map((groupVersion) => {
      const path = pathOf(groupVersion);
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${this.#hash(groupVersion)}` }] as const;
    });
    const discovery = this.#discoveryPaths().map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${this.#discovery(path).hash}` }] as const);
    return { paths: Object.fromEntries([...entries, ...discovery].sort(([a], [b]) => (a < b ? -1 : 1))) };
  }

  /** `/openapi/v3/{path}`: `api/v1`, `apis/apps/v1`, `version`. Undefined when nothing is served there. */
  v3(path: string): Document | undefined {
    if (this.#discoveryPaths().includes(path)) return this.#discovery(path);
    const groupVersion = this.#groupVersions().find((served) => pathOf(served) === path);
    if (!groupVersion) return undefined;
    const hash = this.#hash(groupVersion);
    let document = this.#documents.get(path);
    if (document?.hash !== hash) {
      const { group, version } = groupVersion;
      document = { json: JSON.stringify(documentV3(groupVersion, this.#published.resources(group, version), this.#schemaOf)), hash };
      this.#documents.set(path, document);
    }
    return document;
  }

  /** `/openapi/v2` as JSON. */
  v2(): Document {
    this.#forgetIfChanged();
    if (!this.#v2) {
      const json = JSON.stringify(documentV2(this.#allResources(), this.#schemaOf));
      this.#v2 = { json, hash: sha512(json) };
    }
    return this.#v2;
  }

  /** `/openapi/v2` in gnostic's protobuf. */
  v2Protobuf(): Uint8Array {
    this.#forgetIfChanged();
    return (this.#v2Protobuf ??= encodeGnostic(documentV2(this.#allResources(), this.#schemaOf)));
  }

  #allResources(): PublishedResource[] {
    return this.#groupVersions().flatMap(({ group, version }) => this.#published.resources(group, version));
  }

  #groupVersions(): GroupVersion[] {
    return this.#published.groups().flatMap(({ group, versions }) => versions.map((version) => ({ group, version })));
  }

  /** Custom resources have documents of their group versions alone. */
  #discoveryPaths(): string[] {
    const builtIn = ({ group, versions }: { group: string; versions: readonly string[] }) =>
      versions.some((version) => this.#published.resources(group, version).some(({ type }) => type));
    return discoveryPaths(this.#published.groups().filter((entry) => entry.group !== '' && builtIn(entry)).map(({ group }) => group));
  }

  #discovery(path: string): Document {
    let document = this.#discoveryDocuments.get(path);
    if (!document) {
      const json = JSON.stringify(discoveryDocument(path));
      this.#discoveryDocuments.set(path, document = { json, hash: sha512(json) });
    }
    return document;
  }

  /** Taken from what a document is made of, so that the index needs no documents. */
  #hash(groupVersion: GroupVersion): string {
    this.#forgetIfChanged();
    const path = pathOf(groupVersion);
    let hash = this.#hashes.get(path);
    if (hash === undefined) {
      const resources = this.#published.resources(groupVersion.group, groupVersion.version).map((resource) => [
        resource.resource, resource.kind, resource.namespaced, resource.facts.verbs, [...resource.subresources.values()],
        resource.type ? null : this.#schemaOf(resource) ?? null,
      ]);
      hash = sha512(JSON.stringify([path, resources, textsDigest()]));
      this.#hashes.set(path, hash);
    }
    return hash;
  }

  #forgetIfChanged(): void {
    if (this.#generation === this.#published.generation) return;
    this.#generation = this.#published.generation;
    this.#hashes.clear();
    this.#v2 = undefined;
    this.#v2Protobuf = undefined;
  }
}

const pathOf = ({ group, version }: GroupVersion): string => (group === '' ? `api/${version}` : `apis/${group}/${version}`);
const sha512 = (text: string): string => createHash('sha512').update(text).digest('hex').toUpperCase();
