/** How many objects and nodes a cluster may have: the option `quota`, within the limits of every cluster. */
import { limits } from '../limits.ts';
import { OptionError, type Options } from '../options.ts';

export interface Quota { readonly objects: number; readonly nodes: number }

/** What a cluster has before anybody asks for anything takes some. */
const objectsLeast = 500;

/** Throws OptionError for a quota that no cluster could start with, or above the limits. */
export function quotaOf({ quota, nodes: started }: Options): Quota {
  const given = Object.fromEntries(quota.split(',').map((part) => part.split('=') as [string, string]));
  const objects = Number(given['objects'] ?? limits.objectsMax);
  const nodes = Number(given['nodes'] ?? limits.nodesMax);
  if (objects < objectsLeast) throw new OptionError(`Failed to read --quota: objects=${objects} is below ${objectsLeast}, of which a cluster needs most for itself. Give more.`);
  if (objects > limits.objectsMax) throw new OptionError(`Failed to read --quota: objects=${objects} is above the limit objectsMax (${limits.objectsMax}). Give less.`);
  if (nodes > limits.nodesMax) throw new OptionError(`Failed to read --quota: nodes=${nodes} is above the limit nodesMax (${limits.nodesMax}). Give less.`);
  if (started > nodes) throw new OptionError(`Failed to read --nodes: ${started} is above the quota of nodes (${nodes}). Give less.`);
  return { objects, nodes };
}
