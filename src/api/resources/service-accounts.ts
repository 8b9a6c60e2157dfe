/** ServiceAccounts (pkg/registry/core/serviceaccount): of a reference to a Secret only the name is kept. */
import type { ServiceAccount } from '../../schema/core/v1.ts';
import type { KubeObject } from '../../schema/objects.ts';
import type { ResourceFacts } from '../../schema/resource-facts.ts';
import type { Strategy } from '../strategy.ts';
import { genericStrategy } from './generic-strategy.ts';

export const serviceAccountStrategy = (facts: ResourceFacts): Strategy => genericStrategy(facts, {}, {
  prepareForCreate: keepSecretNames,
  prepareForUpdate: keepSecretNames,
});

function keepSecretNames(object: KubeObject): void {
  const account = object as unknown as ServiceAccount;
  if (account.secrets) account.secrets = account.secrets.map(({ name }) => (name ? { name } : {}));
}
