/** Resources that are served in two groups or versions and stored in one. */
import type { Conversion } from '../registry.ts';
import { autoscalerConversion } from './horizontal-pod-autoscalers.ts';
import { eventConversion } from './events.ts';

const conversions: Readonly<Record<string, Conversion>> = {
  'events.k8s.io/v1/events': eventConversion,
  'autoscaling/v1/horizontalpodautoscalers': autoscalerConversion,
};

export function conversionOf(group: string, version: string, resource: string): Conversion | undefined {
  return conversions[`${group}/${version}/${resource}`];
}
