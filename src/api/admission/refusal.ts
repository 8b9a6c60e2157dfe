/** What the steps share: how they refuse, and how they see what they look at. */
import type { Pod } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { AdmissionRequest } from '../admission.ts';
import { quote } from '../../lib/go-format.ts';
import { forbidden, type ApiError } from '../errors.ts';
import { pathSegmentName } from '../validation/names.ts';

/** The 403 of an admission plugin. Until a name is generated, its prefix stands for it. */
export function refusal(request: AdmissionRequest, why: string): ApiError {
  const { metadata } = request.object ?? {};
  const name = metadata?.name || request.name || metadata?.generateName || 'Unknown';
  return forbidden({ group: request.group, resource: request.resource }, name, why);
}

/** Why client-go does not even ask for an object of this name, or undefined: plugins look up what they do not find in their caches. */
export function unaskable(name: string): string | undefined {
  if (name === '') return 'resource name may not be empty';
  const faults = pathSegmentName(name);
  return faults.length > 0 ? `invalid resource name ${quote(name)}: [${faults.join(' ')}]` : undefined;
}

/** Several reasons as Go prints an aggregate of errors. */
export function aggregate(texts: readonly string[]): string {
  const unique = [...new Set(texts)];
  return unique.length === 1 ? unique[0]! : `[${unique.join(', ')}]`;
}

export function isResource(request: AdmissionRequest, group: string, resource: string, subresource = ''): boolean {
  return request.group === group && request.resource === resource && request.subresource === subresource;
}

/** The Pod of a create of a Pod, else undefined. */
export function createdPod(request: AdmissionRequest): Pod | undefined {
  return request.operation === 'CREATE' && isResource(request, '', 'pods') ? podOf(request.object) : undefined;
}

export const podOf = (object: KubeObject | undefined): Pod => object as unknown as Pod;
