/** Every function that expressions may call (apiserver/pkg/cel/environment/base.go). */
import { authorizerFunctions } from './functions/authorizer.ts';
import { conversions } from './functions/conversions.ts';
import { listFunctions } from './functions/lists.ts';
import { formatFunctions } from './functions/named-formats.ts';
import { netFunctions } from './functions/net.ts';
import { operators } from './functions/operators.ts';
import { optionalFunctions } from './functions/optional.ts';
import { quantityFunctions } from './functions/quantity.ts';
import { semverFunctions } from './functions/semver.ts';
import { stringFunctions } from './functions/strings.ts';
import { timeFunctions } from './functions/times.ts';
import { urlFunctions } from './functions/url.ts';
import type { CelFunction } from './signatures.ts';

const functions: ReadonlyMap<string, CelFunction> = new Map(Object.entries({
  ...operators, ...conversions, ...timeFunctions, ...stringFunctions, ...listFunctions, ...optionalFunctions, ...netFunctions, ...urlFunctions,
  ...quantityFunctions, ...semverFunctions, ...formatFunctions, ...authorizerFunctions,
}));

export const functionNamed = (name: string): CelFunction | undefined => functions.get(name);
