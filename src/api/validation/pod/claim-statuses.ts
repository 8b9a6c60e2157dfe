/** `status.extendedResourceClaimStatus`: how extended resources were mapped to requests of a claim. */
import type { PodSpec, PodStatus } from '../../../schema/core/v1.ts';
import { duplicate, invalid, required, type FieldError } from '../../field-error.ts';
import { dns1123Label, nameIsDNSSubdomain } from '../names.ts';
import { invalidForEach } from '../rules.ts';

export function validateExtendedResourceClaim(
  status: PodStatus['extendedResourceClaimStatus'], spec: PodSpec, errors: FieldError[],
): void {
  if (!status) return;
  const path = 'status.extendedResourceClaimStatus';
  const mappings = status.requestMappings ?? [];
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
  if (mappings.length === 0) errors.push(required(`${path}.requestMappings`, 'at least one request mapping is required'));
  const seen = new Set<string>();
  mappings.forEach(({ containerName, resourceName, requestName }, i) => {
    const at = `${path}.requestMappings[${i}]`;
    const container = containers.findLast(({ name }) => name === containerName);
    if (!container) {
      errors.push(invalid(`${at}.containerName`, containerName,
        'must match the name of an entry in spec.initContainers.name or spec.containers.name'));
    } else if (!Object.hasOwn(container.resources?.requests ?? {}, resourceName)) {
      errors.push(invalid(`${at}.resourceName`, resourceName, 'must match the extended resource name of an entry in '
        + 'spec.initContainers.resources.requests or spec.containers.resources.requests'));
    }
    invalidForEach(dns1123Label(requestName), requestName, `${path}.requestName`, errors);
    const mapping = JSON.stringify([containerName, resourceName, requestName]);
    if (seen.has(mapping)) {
      errors.push(duplicate(`${at}.containerName`, containerName), duplicate(`${at}.resourceName`, resourceName),
        duplicate(`${at}.requestName`, requestName));
    }
    seen.add(mapping);
  });
  if (!status.resourceClaimName) errors.push(required(`${path}.resourceClaimName`));
  else invalidForEach(nameIsDNSSubdomain(status.resourceClaimName), status.resourceClaimName, `${path}.resourceClaimName`, errors);
}
