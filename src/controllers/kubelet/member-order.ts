/** Objects with their members in the order of their schema, which is the order in which the API shows them. */
import { ContainerStatus, PodStatus } from '../../schema/core/v1.ts';
import { structType, type StructType } from '../../schema/struct-type.ts';

export const containerStatusInOrder = (status: ContainerStatus): ContainerStatus => inOrder(structType(ContainerStatus), status);
export const podStatusInOrder = (status: PodStatus): PodStatus => inOrder(structType(PodStatus), status);

function inOrder<T extends object>(type: StructType, value: T): T {
  if (isInOrder(ranksOf(type), value)) return value;
  const members = value as Record<string, unknown>;
  const ordered: Record<string, unknown> = {};
  for (const { name } of type.fields) if (members[name] !== undefined) ordered[name] = members[name];
  return ordered as T;
}

/** Most values were put together in the right order, and to see that costs less than to make them anew. */
function isInOrder(ranks: ReadonlyMap<string, number>, value: object): boolean {
  let last = -1;
  for (const name in value) {
    const rank = ranks.get(name) ?? -1;
    if (rank < last || rank < 0 || (value as Record<string, unknown>)[name] === undefined) return false;
    last = rank;
  }
  return true;
}

const ranksByType = new Map<StructType, ReadonlyMap<string, number>>();

function ranksOf(type: StructType): ReadonlyMap<string, number> {
  let ranks = ranksByType.get(type);
  if (!ranks) ranksByType.set(type, ranks = new Map(type.fields.map(({ name }, i) => [name, i])));
  return ranks;
}
