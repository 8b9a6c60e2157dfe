/**
 * The rules for names (apimachinery/pkg/util/validation and pkg/api/validation): what DNS labels, ports, keys and
 * variables may be called. Each rule answers with complaints in upstream's words; none means valid. Rules whose name
 * ends in `Prefix` judge a `generateName`.
 */
import {
  byteLength, dns1123LabelFormat, dns1123SubdomainComplaint, dns1123SubdomainFormat, emptyError, labelKey, labelValue, patternError,
} from '../../schema/values/label-syntax.ts';

export { labelValue, labelKey as qualifiedName, emptyError, patternError };

const dns1123LabelPattern = anchored(dns1123LabelFormat);
const dns1123SubdomainPattern = anchored(dns1123SubdomainFormat);
const dns1035LabelFormat = '[a-z]([-a-z0-9]*[a-z0-9])?';
const dns1035LabelPattern = anchored(dns1035LabelFormat);
const underscoreLabelFormat = '_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const underscoreSubdomainFormat = `${underscoreLabelFormat}(\\.${underscoreLabelFormat})*`;
const underscoreSubdomainPattern = anchored(underscoreSubdomainFormat);
const wildcardSubdomainFormat = `\\*\\.${dns1123SubdomainFormat}`;
const wildcardSubdomainPattern = anchored(wildcardSubdomainFormat);
const envVarNameFormat = '[-._a-zA-Z][-._a-zA-Z0-9]*';
const envVarNamePattern = anchored(envVarNameFormat);
const configMapKeyFormat = '[-._a-zA-Z0-9]+';
const configMapKeyPattern = anchored(configMapKeyFormat);
const cIdentifierFormat = '[A-Za-z_][A-Za-z0-9_]*';
const cIdentifierPattern = anchored(cIdentifierFormat);
const httpHeaderNameFormat = '[-A-Za-z0-9]+';
const httpHeaderNamePattern = anchored(httpHeaderNameFormat);
const conditionReasonFormat = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?';
const conditionReasonPattern = anchored(conditionReasonFormat);
const percentFormat = '[0-9]+%';
const percentPattern = anchored(percentFormat);

const labelBytesMax = 63;
const subdomainBytesMax = 253;
const portNameBytesMax = 15;
const int32Max = 2 ** 31 - 1;

export function dns1123Label(value: string): string[] {
  const errors = tooLong(value, labelBytesMax);
  if (dns1123LabelPattern.test(value)) return errors;
  if (dns1123SubdomainPattern.test(value)) return [...errors, 'must not contain dots'];
  return [...errors, patternError(
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
    dns1123LabelFormat, 'my-name', '123-abc')];
}

export function dns1123Subdomain(value: string): string[] {
  const errors = tooLong(value, subdomainBytesMax);
  if (!dns1123SubdomainPattern.test(value)) errors.push(patternError(dns1123SubdomainComplaint, dns1123SubdomainFormat, 'example.com'));
  return errors;
}

export function dns1123SubdomainWithUnderscore(value: string): string[] {
  const errors = tooLong(value, subdomainBytesMax);
  if (!underscoreSubdomainPattern.test(value)) {
    errors.push(patternError(
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
      underscoreSubdomainFormat, 'example.com'));
  }
  return errors;
}

export function wildcardDNS1123Subdomain(value: string): string[] {
  const errors = tooLong(value, subdomainBytesMax);
  if (!wildcardSubdomainPattern.test(value)) {
    errors.push(patternError(
      "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
      wildcardSubdomainFormat, '*.example.com'));
  }
  return errors;
}

export function conditionReason(value: string): string[] {
  return conditionReasonPattern.test(value) ? [] : [patternError(
    "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
    conditionReasonFormat, 'my_name', 'MY_NAME', 'MyName', 'ReasonA,ReasonB', 'ReasonA:ReasonB')];
}

export function dns1035Label(value: string): string[] {
  const errors = tooLong(value, labelBytesMax);
  if (!dns1035LabelPattern.test(value)) {
    errors.push(patternError(
      "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
      dns1035LabelFormat, 'my-name', 'abc-123'));
  }
  return errors;
}

export function configMapKey(value: string): string[] {
  const errors = tooLong(value, subdomainBytesMax);
  if (!configMapKeyPattern.test(value)) {
    errors.push(patternError("a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
      configMapKeyFormat, 'key.name', 'KEY_NAME', 'key-name'));
  }
  return [...errors, ...startsLikeParentDirectory(value)];
}

export function envVarName(value: string): string[] {
  const errors = startsLikeParentDirectory(value);
  if (envVarNamePattern.test(value)) return errors;
  return [patternError(
    "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
    envVarNameFormat, 'my.env-name', 'MY_ENV.NAME', 'MyEnvName1'), ...errors];
}

export function relaxedEnvVarName(value: string): string[] {
  if (value === '') return [`environment variable name ${emptyError}`];
  return /^[ -<>-~]*$/.test(value) ? [] : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
}

export function cIdentifier(value: string): string[] {
  return cIdentifierPattern.test(value) ? [] : [patternError(
    "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
    cIdentifierFormat, 'my_name', 'MY_NAME', 'MyName')];
}

export function portName(value: string): string[] {
  const errors = tooLong(value, portNameBytesMax);
  if (!/^[-a-z0-9]+$/.test(value)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  if (!/[a-z]/.test(value)) errors.push('must contain at least one letter (a-z)');
  if (value.includes('--')) errors.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) errors.push('must not begin or end with a hyphen');
  return errors;
}

export function httpHeaderName(value: string): string[] {
  return httpHeaderNamePattern.test(value) ? [] : [patternError(
    "a valid HTTP header must consist of alphanumeric characters or '-'", httpHeaderNameFormat, 'X-Header-Name')];
}

export function percent(value: string): string[] {
  return percentPattern.test(value) ? [] : [patternError(
    "a valid percent string must be a numeric string followed by an ending '%'", percentFormat, '1%', '93%')];
}

export function portNum(value: number): string[] {
  return inRange(value, 1, 65535);
}

export function userID(value: number): string[] {
  return inRange(value, 0, int32Max);
}

export const groupID = userID;

export function inRange(value: number, least: number, most: number): string[] {
  return value >= least && value <= most ? [] : [`must be between ${least} and ${most}, inclusive`];
}

/** A name that stands in URL paths by itself (Roles and the like). */
export function pathSegmentName(value: string): string[] {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return pathSegmentNamePrefix(value);
}

export function pathSegmentNamePrefix(value: string): string[] {
  return ['/', '%'].filter((char) => value.includes(char)).map((char) => `may not contain '${char}'`);
}

export const nameIsDNSSubdomain = dns1123Subdomain;
export const nameIsDNSLabel = dns1123Label;
export const nameIsDNS1035Label = dns1035Label;
export const nameIsDNSSubdomainPrefix = (value: string) => dns1123Subdomain(maskTrailingDash(value));
export const nameIsDNSLabelPrefix = (value: string) => dns1123Label(maskTrailingDash(value));
export const nameIsDNS1035LabelPrefix = (value: string) => dns1035Label(maskTrailingDash(value));

/** A prefix may end in a dash, since characters will follow it. Upstream shortens by one, and so lets longer ones pass. */
function maskTrailingDash(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix;
}

function startsLikeParentDirectory(value: string): string[] {
  if (value === '.' || value === '..') return [`must not be '${value}'`];
  return value.startsWith('..') ? ["must not start with '..'"] : [];
}

function tooLong(value: string, bytesMax: number): string[] {
  return byteLength(value) > bytesMax ? [`must be no more than ${bytesMax} characters`] : [];
}

function anchored(format: string): RegExp {
  return new RegExp(`^${format}$`);
}
