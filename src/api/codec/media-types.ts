/** The media types of bodies, and which codec reads them. */
export type Encoding = 'json' | 'yaml' | 'protobuf';

export const mediaTypes: Readonly<Record<Encoding, string>> = {
  json: 'application/json', yaml: 'application/yaml', protobuf: 'application/vnd.kubernetes.protobuf',
};

/** The encoding of a Content-Type header (none means JSON), or undefined when it is not one that the server reads. */
export function encodingOf(contentType: string | undefined): Encoding | undefined {
  if (contentType === undefined || contentType === '') return 'json';
  if (!/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\s*(?:;\s*[\w-]+\s*=\s*(?:"[^"]*"|[^\s;"]+)\s*)*;?\s*$/.test(contentType)) return undefined;
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase();
  return (Object.keys(mediaTypes) as Encoding[]).find((encoding) => mediaTypes[encoding] === type);
}
