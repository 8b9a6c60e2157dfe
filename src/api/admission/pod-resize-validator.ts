/** PodResizeValidator: a Pod cannot be resized beyond what its node has. */
import type { Node, PodSpec } from '../../schema/core/v1.ts';
import { podRequests } from '../../schema/pod-resources.ts';
import { parseQuantity, type Quantity } from '../../schema/values/quantity.ts';
import type { AdmissionRequest, AdmissionStep } from '../admission.ts';
import { isResource, podOf, refusal } from './refusal.ts';

const nothing = parseQuantity('0');

export const podResizeValidator: AdmissionStep = {
  name: 'PodResizeValidator',
  resources: ['pods'],
  validate(request, context) {
    if (request.operation !== 'UPDATE' || !isResource(request, '', 'pods', 'resize')) return;
    const { spec, metadata } = podOf(request.object);
    if (!spec.nodeName || metadata.generation === request.oldObject?.metadata.generation) return;
    const node = context.get('', 'nodes', '', spec.nodeName) as unknown as Node | undefined;
    if (!node) throw refusal(request, `node "${spec.nodeName}" not found`);
    const system = node.metadata.labels?.['kubernetes.io/os'];
    if (system !== undefined && system !== 'linux') {
      throw withCause(request, `pod resize is only supported on linux nodes, node "${spec.nodeName}" is "${system}"`, 'UnsupportedPlatform');
    }
    const lacking = lackingResources(spec, node);
    if (lacking.length > 0) {
      throw withCause(request, `node didn't have enough allocatable resources: ${lacking.join('; ')}`, 'NodeCapacity');
    }
  },
};

function lackingResources(spec: PodSpec, node: Node): string[] {
  const requests = podRequests(spec);
  const units: readonly (readonly [string, (quantity: Quantity) => bigint])[] = [
    ['cpu', (quantity) => quantity.milliValue()], ['memory', (quantity) => quantity.value()],
  ];
  return units.flatMap(([name, unit]) => {
    const requested = requests.get(name) ?? nothing;
    const allocatable = parseQuantity(node.status?.allocatable?.[name] ?? '0');
    return requested.cmp(allocatable) > 0 ? [`${name}, requested: ${unit(requested)}, allocatable: ${unit(allocatable)}`] : [];
  });
}

function withCause(request: AdmissionRequest, why: string, reason: string) {
  const error = refusal(request, why);
  error.status.details!.causes = [{ reason }];
  return error;
}
