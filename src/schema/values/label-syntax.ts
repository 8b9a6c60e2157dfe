/**
 * What label keys and label values look like (apimachinery/pkg/api/validate/content). Selectors and validation share
 * these rules. Each answers with complaints in upstream's words; none means valid.
 */

export const dns1123LabelFormat = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
export const dns1123SubdomainFormat = `${dns1123LabelFormat}(\\.${dns1123LabelFormat})*`;
export const dns1123SubdomainComplaint = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";

const keyFormat = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const keyComplaint = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const valueFormat = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?';
const valueComplaint = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

const keyPattern = new RegExp(`^${keyFormat}$`);
const valuePattern = new RegExp(`^${valueFormat}$`);
const subdomainPattern = new RegExp(`^${dns1123SubdomainFormat}$`);

const nameBytesMax = 63;
const prefixBytesMax = 253;

/** A label key: a name of up to 63 bytes, after an optional DNS prefix and a slash. Upstream also calls it qualified name. */
export function labelKey(value: string): string[] {
  const parts = value.split('/');
  if (parts.length > 2) {
    const complaint = patternError(keyComplaint, keyFormat, 'MyName', 'my.name', '123-abc');
    return [`a valid label key ${complaint} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const name = parts.at(-1)!;
  const errors = parts.length === 2 ? prefixErrors(parts[0]!).map((error) => `prefix part ${error}`) : [];
  if (name === '') errors.push(`name part ${emptyError}`);
  else if (byteLength(name) > nameBytesMax) errors.push(`name part ${maxBytesError(nameBytesMax)}`);
  if (!keyPattern.test(name)) errors.push(`name part ${patternError(keyComplaint, keyFormat, 'MyName', 'my.name', '123-abc')}`);
  return errors;
}

/** A label value: empty, or up to 63 bytes. */
export function labelValue(value: string): string[] {
  const errors: string[] = [];
  if (byteLength(value) > nameBytesMax) errors.push(maxBytesError(nameBytesMax));
  if (!valuePattern.test(value)) errors.push(patternError(valueComplaint, valueFormat, 'MyValue', 'my_value', '12345'));
  return errors;
}

export const emptyError = 'must be non-empty';

/** A complaint about a text that misses its pattern, with examples of better ones. */
export function patternError(complaint: string, format: string, ...examples: string[]): string {
  const like = examples.map((example) => `'${example}', `).join(' or ');
  return `${complaint} (${like === '' ? '' : `e.g. ${like}`}regex used for validation is '${format}')`;
}

/** Length as Go counts it. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

function prefixErrors(prefix: string): string[] {
  if (prefix === '') return [emptyError];
  const errors: string[] = [];
  if (byteLength(prefix) > prefixBytesMax) errors.push(maxBytesError(prefixBytesMax));
  if (!subdomainPattern.test(prefix)) errors.push(patternError(dns1123SubdomainComplaint, dns1123SubdomainFormat, 'example.com'));
  return errors;
}

function maxBytesError(bytesMax: number): string {
  return `must be no more than ${bytesMax} bytes`;
}
