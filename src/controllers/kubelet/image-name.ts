/** Whether an image reference can be parsed, with the words of distribution/reference. */

const hex = '[0-9a-fA-F]';
const domain = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const host = `(?:${domain}(?:\\.${domain})*|\\[(?:[a-fA-F0-9:]+)\\])(?::[0-9]+)?`;
const pathComponent = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const name = `(?:${host}/)?${pathComponent}(?:/${pathComponent})*`;
const reference = new RegExp(`^${name}(?::[\\w][\\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:${hex}{32,})?$`);

/** Why the reference is no image name, or undefined when it is one. */
export function imageNameError(image: string): string | undefined {
  if (/^[a-f0-9]{64}$/.test(image)) {
    return parseError(image, `invalid repository name (${image}), cannot specify 64-byte hexadecimal strings`);
  }
  if (reference.test(image)) return undefined;
  if (image === '') return parseError(image, 'repository name must have at least one component');
  const { remote, whole } = split(image);
  if (remote.toLowerCase() !== remote && reference.test(whole.replace(remote, remote.toLowerCase()))) {
    return parseError(image, `invalid reference format: repository name (${remote}) must be lowercase`);
  }
  return parseError(image, 'invalid reference format');
}

const parseError = (image: string, why: string) => `couldn't parse image name "${image}": ${why}`;

/** Separates what names the registry from the repository (reference.splitDockerDomain). */
function split(image: string): { remote: string; whole: string } {
  const slash = image.indexOf('/');
  const first = slash < 0 ? '' : image.slice(0, slash);
  const isDomain = first !== '' && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first);
  const rest = isDomain ? image.slice(slash + 1) : image;
  const colon = rest.indexOf(':');
  return { remote: colon < 0 ? rest : rest.slice(0, colon), whole: image };
}
