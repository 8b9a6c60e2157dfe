/** Groups of the Kubernetes community need an approval to have a CustomResourceDefinition (apiextensions' apihelpers). */
import { invalid, required, type FieldError } from '../field-error.ts';
import type { Definition } from './custom-resource.ts';

const annotation = 'api-approved.kubernetes.io';
const field = `metadata.annotations[${annotation}]`;
const proposal = 'https://github.com/kubernetes/enhancements/pull/1111';

export function validateApproval(next: Definition, old: Definition | undefined, errors: FieldError[]): void {
  if (!/(^|\.)(k8s\.io|kubernetes\.io)$/.test(next.spec.group)) return;
  const value = next.metadata.annotations?.[annotation];
  const state = approval(value);
  if (old && approval(old.metadata.annotations?.[annotation]) === state) return;
  if (state === 'missing') {
    errors.push(required(field, `protected groups must have approval annotation "${annotation}", see ${proposal}`));
  } else if (state === 'invalid') {
    errors.push(invalid(field, value,
      `protected groups must have approval annotation "${annotation}" with either a URL or a reason starting with "unapproved", see ${proposal}`));
  }
}

function approval(value: string | undefined): 'missing' | 'bypassed' | 'approved' | 'invalid' {
  if (!value) return 'missing';
  if (value.startsWith('unapproved')) return 'bypassed';
  return URL.canParse(value) && new URL(value).host !== '' ? 'approved' : 'invalid';
}
