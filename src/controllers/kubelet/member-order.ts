/** Objects with their members in the order of their schema, which is the order in which the API shows them. */
import { ContainerStatus, PodStatus } from '../../schema/core/v1.ts';
import { structType, type StructType } from '../../schema/struct-type.ts';

export const containerStatusInOrder = (status: ContainerStatus): ContainerStatus => inOrder(structType(ContainerStatus), status);
export const podStatusInOrder = (status: PodStatus): PodStatus => inOrder(structType(PodStatus), status);

function inOrder<T extends object>(type: StructType, value: T): T {
  const members = value as Record<string, unknown>;
  const ordered: Record<string, unknown> = {};
  for (const { name } of type.fields) if (members[name] !== undefined) ordered[name] = members[name];
  return ordered as T;
}
