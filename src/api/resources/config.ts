/** ConfigMaps and Secrets (pkg/registry/core/{configmap,secret}). */
import type { ConfigMap, Secret } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import { validateConfigMap, validateConfigMapUpdate, validateSecret, validateSecretUpdate } from '../validation/config.ts';
import { genericStrategy } from './generic-strategy.ts';

const asConfigMap = (object: KubeObject): ConfigMap => object as unknown as ConfigMap;
const asSecret = (object: KubeObject): Secret => object as unknown as Secret;

export const configMapStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  object: (object, errors) => validateConfigMap(asConfigMap(object), errors),
  update: (next, old, errors) => validateConfigMapUpdate(asConfigMap(next), asConfigMap(old), errors),
});

export const secretStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {
  object: (object, errors) => validateSecret(asSecret(object), errors),
  update: (next, old, errors) => validateSecretUpdate(asSecret(next), asSecret(old), errors),
}, {
  convert: mergeStringData,
  selectableFields: (object) => ({ type: asSecret(object).type ?? '' }),
});

/** `stringData` is a way to write `data`; it is never stored. */
function mergeStringData(object: KubeObject): void {
  const secret = asSecret(object);
  const { stringData } = secret;
  if (!stringData) return;
  const data = Object.assign(Object.create(null) as Record<string, string>, secret.data);
  for (const name of Object.keys(stringData)) data[name] = Buffer.from(stringData[name]!).toString('base64');
  if (Object.keys(data).length > 0) secret.data = data;
  delete secret.stringData;
}
