/**
 * Image names as container tools read them: `[domain/]path[:tag][@digest]` (distribution/reference, and
 * kubernetes/pkg/util/parsers). Short names mean `docker.io`, one-word names its `library/`.
 */
import { quote } from '../../lib/go-format.ts';

/** The text is not an image name; the message is the kubelet's. */
export class ImageReferenceError extends Error {}

export interface ImageReference {
  /** Full name without tag and digest, for example `docker.io/library/busybox`. */
  readonly name: string;
  /** `latest` when neither tag nor digest was given, empty beside a lone digest. */
  readonly tag: string;
  readonly digest: string;
}

const defaultDomain = 'docker.io';
const domainPattern = /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const pathPattern = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const digestHexDigits: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };
const pathCharsMax = 255;

/** Reads an image name. Throws `ImageReferenceError`. */
export function parseImageReference(image: string): ImageReference {
  try {
    return parse(image);
  } catch (error) {
    if (!(error instanceof ImageReferenceError)) throw error;
    throw new ImageReferenceError(`couldn't parse image name ${quote(image)}: ${error.message}`);
  }
}

/** The tag for the purpose of defaulting the pull policy; empty for a name that does not parse or has only a digest. */
export function imageTag(image: string): string {
  try {
    return parse(image).tag;
  } catch (error) {
    if (error instanceof ImageReferenceError) return '';
    throw error;
  }
}

/** The image with `:latest` where it has neither tag nor digest, as the kubelet asks the runtime for it. Throws `ImageReferenceError`. */
export function withDefaultTag(image: string): string {
  const { tag, digest } = parseImageReference(image);
  return digest === '' && !image.endsWith(`:${tag}`) ? `${image}:${tag}` : image;
}

/** The name under which containerd knows an image: `docker.io/library/busybox:1.36`. A digest makes the tag go. */
export function runtimeImageName(image: string): string {
  const { name, tag, digest } = parseImageReference(image);
  return digest === '' ? `${name}:${tag}` : `${name}@${digest}`;
}

function parse(image: string): ImageReference {
  if (/^[a-f0-9]{64}$/.test(image)) {
    throw new ImageReferenceError(`invalid repository name (${image}), cannot specify 64-byte hexadecimal strings`);
  }
  const { domain, rest } = splitDomain(image);
  const colon = rest.indexOf(':');
  const repository = colon < 0 ? rest : rest.slice(0, colon);
  if (repository.toLowerCase() !== repository) {
    throw new ImageReferenceError(`invalid reference format: repository name (${repository}) must be lowercase`);
  }
  const parts = splitTagAndDigest(rest);
  if (!domainPattern.test(domain) || !parts) throw new ImageReferenceError('invalid reference format');
  const { path, tag, digest } = parts;
  if (path.length > pathCharsMax) throw new ImageReferenceError(`repository name must not be more than ${pathCharsMax} characters`);
  checkDigest(digest);
  return { name: `${domain}/${path}`, tag: tag === '' && digest === '' ? 'latest' : tag, digest };
}

/** The first part is a domain when it looks like one: a dot, a port, an upper-case letter, or `localhost`. */
function splitDomain(image: string): { domain: string; rest: string } {
  const slash = image.indexOf('/');
  if (slash < 0) return { domain: defaultDomain, rest: `library/${image}` };
  const first = image.slice(0, slash);
  const isDomain = first === 'localhost' || /[.:]/.test(first) || first.toLowerCase() !== first;
  const domain = !isDomain || first === 'index.docker.io' ? defaultDomain : first;
  const rest = isDomain ? image.slice(slash + 1) : image;
  return { domain, rest: domain === defaultDomain && !rest.includes('/') ? `library/${rest}` : rest };
}

function splitTagAndDigest(rest: string): { path: string; tag: string; digest: string } | undefined {
  const at = rest.indexOf('@');
  const digest = at < 0 ? undefined : rest.slice(at + 1);
  const named = at < 0 ? rest : rest.slice(0, at);
  const colon = named.indexOf(':');
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  const path = colon < 0 ? named : named.slice(0, colon);
  const valid = pathPattern.test(path) && (tag === undefined || tagPattern.test(tag)) && (digest === undefined || digestPattern.test(digest));
  return valid ? { path, tag: tag ?? '', digest: digest ?? '' } : undefined;
}

function checkDigest(digest: string): void {
  if (digest === '') return;
  const colon = digest.indexOf(':');
  const algorithm = digest.slice(0, colon);
  const hex = digest.slice(colon + 1);
  if (!Object.hasOwn(digestHexDigits, algorithm)) {
    throw new ImageReferenceError(/^[a-z0-9]+(?:[.+_-][a-z0-9]+)*$/.test(algorithm) ? 'unsupported digest algorithm' : 'invalid checksum digest format');
  }
  if (hex.length !== digestHexDigits[algorithm]) throw new ImageReferenceError('invalid checksum digest length');
  if (!/^[a-f0-9]+$/.test(hex)) throw new ImageReferenceError('invalid checksum digest format');
}
