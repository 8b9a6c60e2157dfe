/** The expressions of webhooks and admission policies: what they may refer to and must give (apiserver/pkg/admission/plugin/cel/compile.go). */
import type { FieldError } from '../field-error.ts';
import type { Environment } from '../cel/environment.ts';
import { compileExpression } from '../cel/program.ts';
import { authorizerType, bool, dyn, int, listOf, mapOf, openStruct, resourceCheckType, string, struct, timestamp, type CelType } from '../cel/types.ts';
import { validChecked } from './expression.ts';

/** What stands beside the object and the request. */
export interface ExpressionVariables {
  readonly params: boolean;
  readonly authorizer: boolean;
  /** The policy's own, those that are declared before this expression. */
  readonly variables?: Readonly<Record<string, CelType>>;
  /** Objects of the kind that is changed, and patches, may be written out. */
  readonly patchTypes?: boolean;
}

const fields = (type: CelType, names: string): Record<string, CelType> => Object.fromEntries(names.split(' ').map((name) => [name, type]));
const kind = struct('kubernetes.GroupVersionKind', fields(string, 'group version kind'));
const resource = struct('kubernetes.GroupVersionResource', fields(string, 'group version resource'));
const request = struct('kubernetes.AdmissionRequest', {
  kind, resource, requestKind: kind, requestResource: resource, ...fields(string, 'subResource requestSubResource name namespace operation'),
  userInfo: struct('kubernetes.UserInfo', { ...fields(string, 'username uid'), groups: listOf(string), extra: mapOf(string, listOf(string)) }),
  dryRun: bool, options: dyn,
});
const namespaceObject = struct('kubernetes.Namespace', {
  metadata: struct('kubernetes.NamespaceMetadata', {
    ...fields(string, 'name generateName namespace UID resourceVersion'), labels: mapOf(string, string), annotations: mapOf(string, string),
    ...fields(timestamp, 'creationTimestamp deletionTimestamp'), ...fields(int, 'deletionGracePeriodSeconds generation'), finalizers: listOf(string),
  }),
  spec: struct('kubernetes.NamespaceSpec', { finalizers: listOf(string) }),
  status: struct('kubernetes.NamespaceStatus', {
    conditions: listOf(struct('kubernetes.NamespaceCondition', { ...fields(string, 'status type message reason'), lastTransitionTime: timestamp })),
    phase: string,
  }),
});
const always = { object: dyn, oldObject: dyn, request, namespaceObject };
const authorizers = { authorizer: authorizerType, 'authorizer.requestResource': resourceCheckType };

/** Objects of the kind that is changed, whose fields are not known, and patches. */
function patchStruct(name: string): CelType | undefined {
  if (name === 'JSONPatch') return struct(name, fields(dyn, 'op path from value'));
  return name.split('.', 1)[0] === 'Object' ? openStruct(name) : undefined;
}

const environmentFor = ({ params, authorizer, variables, patchTypes }: ExpressionVariables): Environment => ({
  variables: {
    ...always, ...(params ? { params: dyn } : {}), ...(authorizer ? authorizers : {}), ...(variables ? { variables: struct('kubernetes.variables', variables) } : {}),
  },
  ...(patchTypes ? { structs: patchStruct } : {}),
});

/** `results`: what it may give, anything when undefined. */
export function validateExpression(
  text: string, variables: ExpressionVariables, results: readonly string[] | undefined, path: string, errors: FieldError[], printed = text,
): void {
  const refusal = (type: string): string | undefined => {
    if (!results || results.includes(type)) return undefined;
    return `must evaluate to ${results.length === 1 ? results[0]! : `one of [${results.join(' ')}]`} but got ${type}`;
  };
  validChecked(text, environmentFor(variables), refusal, path, errors, printed);
}

/** The type of a policy's variable; anything, when its expression is wrong. */
export function variableType(text: string, variables: ExpressionVariables): CelType {
  const checked = compileExpression(text, environmentFor(variables));
  return typeof checked === 'string' ? dyn : checked.type;
}
