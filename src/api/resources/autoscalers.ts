/** HorizontalPodAutoscalers (pkg/registry/autoscaling/horizontalpodautoscaler), of either version. */
import type { HorizontalPodAutoscaler } from '../../schema/autoscaling/v2.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import { validateAutoscaler, validateAutoscalerStatus } from '../validation/horizontal-pod-autoscaler.ts';
import { genericStrategy } from './generic-strategy.ts';
import { autoscalerAnnotations, passThroughInternal } from './horizontal-pod-autoscalers.ts';

const asAutoscaler = (object: KubeObject): HorizontalPodAutoscaler => object as unknown as HorizontalPodAutoscaler;

export const autoscalerStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  object: (object, errors) => validateAutoscaler(asAutoscaler(object), undefined, errors),
  update: (next, old, errors) => validateAutoscaler(asAutoscaler(next), asAutoscaler(old), errors),
  updateSteps: ['change', 'update'],
  status: (next, _old, errors) => validateAutoscalerStatus(asAutoscaler(next), errors),
}, { versionedAnnotations: autoscalerAnnotations, convert: passThroughInternal });
