/** Details of container statuses: the health of devices. */
import type { Container, ContainerStatus, PodSpec, PodStatus } from '../../../schema/core/v1.ts';
import { duplicate, forbidden, invalid, notSupported, required, tooLong, type FieldError } from '../../field-error.ts';

type AllocatedResourceStatus = NonNullable<ContainerStatus['allocatedResourcesStatus']>[number];

/** Where the statuses of each list of containers are. */
export const statusLists = [
  ['containerStatuses', 'containers'], ['initContainerStatuses', 'initContainers'], ['ephemeralContainerStatuses', 'ephemeralContainers'],
] as const;

const healths = ['Healthy', 'Unhealthy', 'Unknown'];
const messageBytesMax = 1024;

export function validateContainerStatuses(status: PodStatus, spec: PodSpec, errors: FieldError[]): void {
  for (const [list, containers] of statusLists) {
    status[list]?.forEach((containerStatus, i) => {
      const path = `status.${list}[${i}].allocatedResourcesStatus`;
      const resources = containerStatus.allocatedResourcesStatus ?? [];
      if (list === 'ephemeralContainerStatuses') {
        if (resources.length > 0) errors.push(forbidden(path, 'must not be specified in container status'));
        return;
      }
      const container = spec[containers]?.find(({ name }) => name === containerStatus.name) as Container | undefined;
      resources.forEach((resource, j) => validateResource(resource, container, `${path}[${j}]`, errors));
    });
  }
}

function validateResource(resource: AllocatedResourceStatus, container: Container | undefined, path: string, errors: FieldError[]): void {
  if (container) validateResourceIsUsed(resource.name, container, `${path}.name`, errors);
  const ids = new Set<string>();
  resource.resources?.forEach(({ resourceID, health = '', message }, i) => {
    const at = `${path}.resources[${i}]`;
    if (!healths.includes(health)) errors.push(notSupported(`${at}.health`, health, healths));
    if (message === '') errors.push(required(`${at}.message`, 'must be non-empty if specified'));
    else if (Buffer.byteLength(message ?? '') > messageBytesMax) errors.push(tooLong(`${at}.message`, messageBytesMax));
    if (ids.has(resourceID)) errors.push(duplicate(`${at}.resourceID`, resourceID));
    ids.add(resourceID);
  });
}

function validateResourceIsUsed(name: string, container: Container, path: string, errors: FieldError[]): void {
  if (!name.startsWith('claim:')) {
    if (!Object.hasOwn(container.resources?.requests ?? {}, name)) {
      errors.push(invalid(path, name, "must match one of the container's resource requests"));
    }
    return;
  }
  const claims = container.resources?.claims?.map((claim) => `claim:${claim.name}${claim.request ? `/${claim.request}` : ''}`);
  if (!claims?.includes(name)) {
    errors.push(invalid(path, name, "must match one of the container's resource claims in a format "
      + "'claim:<claimName>/<request>' or 'claim:<claimName>' if request is empty"));
  }
}
