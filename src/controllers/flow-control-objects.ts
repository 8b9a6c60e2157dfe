/** What the server's flow control puts into an empty cluster, in the order in which it does. */
import {
  mandatoryFlowSchemas, mandatoryPriorityLevels, suggestedFlowSchemas, suggestedPriorityLevels,
} from '../schema/flow-control-objects.ts';
import type { SystemObject } from './bootstrap.ts';

const group = 'flowcontrol.apiserver.k8s.io';

const objectsOf = (kind: string, resource: string, specs: Readonly<Record<string, object>>): SystemObject[] =>
  Object.entries(specs).map(([name, spec]) => ({
    resource: `${resource}.${group}`,
    object: { apiVersion: `${group}/v1`, kind, metadata: { name, annotations: { 'apf.kubernetes.io/autoupdate-spec': 'true' } }, spec },
  }));
const schemas = (specs: Readonly<Record<string, object>>): SystemObject[] => objectsOf('FlowSchema', 'flowschemas', specs);
const levels = (specs: Readonly<Record<string, object>>): SystemObject[] =>
  objectsOf('PriorityLevelConfiguration', 'prioritylevelconfigurations', specs);

export const flowControlObjects: readonly SystemObject[] = [
  ...levels(suggestedPriorityLevels), ...schemas(suggestedFlowSchemas), ...levels(mandatoryPriorityLevels), ...schemas(mandatoryFlowSchemas),
];
