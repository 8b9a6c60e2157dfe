/** Where a webhook is called (apiserver/pkg/util/webhook/validation.go). */
import type { ServiceReference } from '../../schema/admissionregistration/v1.ts';
import { invalid, required, type FieldError } from '../field-error.ts';
import { dns1123Subdomain, portNum } from './names.ts';

const form = '; desired format: https://host[/path]';

/** `https://host/path` without anything else. What Go's parser would refuse is not looked for. */
export function validateWebhookURL(url: string, path: string, errors: FieldError[]): void {
  const [, scheme = '', authority = '', , query = '', fragment = ''] = /^(?:([A-Za-z][\w+.-]*):)?(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(url)!;
  const at = authority.lastIndexOf('@');
  const [user, host] = [authority.slice(0, Math.max(at, 0)), authority.slice(at + 1)];
  if (scheme.toLowerCase() !== 'https') errors.push(invalid(path, scheme.toLowerCase(), `'https' is the only allowed URL scheme${form}`));
  if (host === '') errors.push(invalid(path, host, `host must be specified${form}`));
  if (at >= 0) errors.push(invalid(path, user, 'user information is not permitted in the URL'));
  if (fragment !== '') errors.push(invalid(path, fragment, 'fragments are not permitted in the URL'));
  if (query !== '') errors.push(invalid(path, query, 'query parameters are not permitted in the URL'));
}

/** Upstream calls its rule with name and namespace swapped, so a missing one is reported as the other. */
export function validateWebhookService({ name, namespace, path: urlPath, port = 0 }: ServiceReference, path: string, errors: FieldError[]): void {
  if (!namespace) errors.push(required(`${path}.name`));
  if (!name) errors.push(required(`${path}.namespace`));
  const fault = portNum(port);
  if (fault.length > 0) errors.push(invalid(`${path}.port`, port, `port is not valid: ${fault.join(', ')}`));
  if (urlPath) validateURLPath(urlPath, `${path}.path`, errors);
}

function validateURLPath(urlPath: string, path: string, errors: FieldError[]): void {
  const complain = (text: string): void => void errors.push(invalid(path, urlPath, text));
  if (urlPath === '/') return;
  if (urlPath === '//') {
    complain('segment[0] may not be empty');
    return;
  }
  if (!urlPath.startsWith('/')) complain("must start with a '/'");
  // Upstream cuts off one byte, whatever it was.
  Buffer.from(urlPath).subarray(1).toString().replace(/\/$/, '').split('/').forEach((step, i) => {
    if (step === '') complain(`segment[${i}] may not be empty`);
    else for (const text of dns1123Subdomain(step)) complain(`segment[${i}]: ${text}`);
  });
}
