/**
 * The images that exist, as data: rules by name, the first that matches counts. A rule says whether the image is on the
 * node, what a pull does and what is inside. An image that no rule names can be pulled and holds an unknown program,
 * which runs for ever and listens on the ports that the container declares.
 */
import { Prng } from '../lib/prng.ts';
import type { KnownProgram } from '../programs/known/registry.ts';
import { matches } from '../programs/pattern.ts';
import { builtInImages } from './built-in-images.ts';
import type { ImageInfo } from './runtime.ts';

/** Why a registry gives no image. */
export type PullFailure = 'notFound' | 'denied' | 'unresolvable';

export interface ImageRule {
  /** Pattern (`*`, `?`) of the name as users write it, with a tag: `busybox:1.36`, `registry.test/slow3s:*`. */
  readonly name: string;
  /** On every node from the start. */
  readonly onNode?: boolean;
  /** `flaky`: the first pull of each tag ends with "not found", later ones work. */
  readonly pull?: 'ok' | 'flaky' | PullFailure;
  readonly pullMs?: number;
  readonly sizeBytes?: number;
  /**
   * `busybox`: a shell, applets and nothing else. `server`: a program that serves until its stop signal. `unknown`: both.
   * `bare`: such a program and no other, not even a shell.
   */
  readonly contents?: 'busybox' | 'server' | 'unknown' | 'bare';
  /** Programs of its own: path → what the file holds. */
  readonly programs?: Readonly<Record<string, KnownProgram>>;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly env?: readonly (readonly [name: string, value: string])[];
  readonly workingDir?: string;
  /** A number, or a name that cannot be checked against runAsNonRoot. */
  readonly user?: string;
  readonly stopSignal?: string;
  /** Ports that the server listens on beside those that the container declares. */
  readonly ports?: readonly number[];
  /** More files, path → text. A path that ends with `/` is a directory. */
  readonly files?: Readonly<Record<string, string>>;
  /** Symbolic links, path → target. */
  readonly links?: Readonly<Record<string, string>>;
}

/** Every image has something that it runs; what it does, nobody knows. */
const unknownImage: ImageRule = { name: '*', contents: 'unknown', entrypoint: ['/entrypoint'] };

/** References whose rule is remembered. */
const rulesKept = 1_000;

export interface ParsedReference {
  readonly host: string;
  readonly repository: string;
  /** With its `:` or `@`. */
  readonly tag: string;
}

/** Splits a reference as containerd does: docker.io and `latest` are filled in. */
export function parseReference(reference: string): ParsedReference {
  const slash = reference.indexOf('/');
  const first = slash < 0 ? '' : reference.slice(0, slash);
  const hasHost = first !== '' && (/[.:]/.test(first) || first === 'localhost');
  const host = hasHost ? first : 'docker.io';
  const rest = hasHost ? reference.slice(slash + 1) : reference;
  const at = rest.search(/[:@]/);
  const name = at < 0 ? rest : rest.slice(0, at);
  const repository = host === 'docker.io' && !name.includes('/') ? `library/${name}` : name;
  return { host, repository, tag: at < 0 ? ':latest' : rest.slice(at) };
}

/** `docker.io/library/busybox:1.36`. */
export function canonicalName(reference: string): string {
  const { host, repository, tag } = parseReference(reference);
  return `${host}/${repository}${tag}`;
}

/** As users write it, with a tag: `busybox:latest`. */
export function familiarName(reference: string): string {
  return canonicalName(reference).replace(/^docker\.io\/(library\/)?/, '');
}

export class ImageCatalogue {
  readonly #rules: readonly ImageRule[];
  readonly #ruleOf = new Map<string, ImageRule>();
  readonly #infos = new Map<string, ImageInfo>();

  /** `rules` come before the built-in ones. */
  constructor(rules: readonly ImageRule[] = []) {
    this.#rules = [...rules, ...builtInImages];
  }

  rule(reference: string): ImageRule {
    let rule = this.#ruleOf.get(reference);
    if (!rule) {
      const name = familiarName(reference);
      rule = this.#rules.find((candidate) => matches(candidate.name, name)) ?? unknownImage;
      if (this.#ruleOf.size > rulesKept) this.#ruleOf.clear();
      this.#ruleOf.set(reference, rule);
    }
    return rule;
  }

  /** Names of the images that are on every node. Rules with wildcards name none. */
  onNode(): readonly string[] {
    return this.#rules.filter((rule) => rule.onNode === true && !/[*?[]/.test(rule.name)).map((rule) => rule.name);
  }

  info(reference: string): ImageInfo {
    const name = canonicalName(reference);
    const known = this.#infos.get(name);
    if (known) return known;
    const rule = this.rule(reference);
    const { host, repository } = parseReference(reference);
    const digest = new Prng(1).stream(name).text(64, '0123456789abcdef');
    const user = rule.user?.split(':')[0];
    const info: ImageInfo = {
      name,
      imageId: `${host}/${repository}@sha256:${digest}`,
      sizeBytes: rule.sizeBytes ?? 10_000_000,
      ...(user !== undefined && (/^\d+$/.test(user) ? { uid: Number(user) } : { username: user })),
      ...(rule.stopSignal !== undefined && { stopSignal: rule.stopSignal }),
    };
    this.#infos.set(name, info);
    return info;
  }
}
