/** The expressions of webhooks and admission policies: what they may refer to and must give (apiserver/pkg/admission/plugin/cel/compile.go). */
import { invalid, type FieldError } from '../field-error.ts';
import { compileExpression } from '../cel/compile.ts';
import type { Names } from '../cel/type-check.ts';
import { bool, dyn, int, listOf, mapOf, objectOf, string, timestamp, type CelType } from '../cel/types.ts';

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
const kind = objectOf('kubernetes.GroupVersionKind', fields(string, 'group version kind'));
const resource = objectOf('kubernetes.GroupVersionResource', fields(string, 'group version resource'));
const request = objectOf('kubernetes.AdmissionRequest', {
  kind, resource, requestKind: kind, requestResource: resource, ...fields(string, 'subResource requestSubResource name namespace operation'),
  userInfo: objectOf('kubernetes.UserInfo', { ...fields(string, 'username uid'), groups: listOf(string), extra: mapOf(string, listOf(string)) }),
  dryRun: bool, options: dyn,
});
const namespaceObject = objectOf('kubernetes.Namespace', {
  metadata: objectOf('kubernetes.NamespaceMetadata', {
    ...fields(string, 'name generateName namespace UID resourceVersion'), labels: mapOf(string, string), annotations: mapOf(string, string),
    ...fields(timestamp, 'creationTimestamp deletionTimestamp'), ...fields(int, 'deletionGracePeriodSeconds generation'), finalizers: listOf(string),
  }),
  spec: objectOf('kubernetes.NamespaceSpec', { finalizers: listOf(string) }),
  status: objectOf('kubernetes.NamespaceStatus', {
    conditions: listOf(objectOf('kubernetes.NamespaceCondition', { ...fields(string, 'status type message reason'), lastTransitionTime: timestamp })),
    phase: string,
  }),
});
const always: Names = { object: dyn, oldObject: dyn, request, namespaceObject };
const authorizers: Names = {
  authorizer: { name: 'kubernetes.authorization.Authorizer' }, 'authorizer.requestResource': { name: 'kubernetes.authorization.ResourceCheck' },
};

const patches: Names = { 'Object{}': { name: 'Object' }, 'JSONPatch{}': objectOf('JSONPatch', fields(dyn, 'op path from value')) };

const namesFor = ({ params, authorizer, variables, patchTypes }: ExpressionVariables): Names => ({
  ...always, ...(params ? { params: dyn } : {}), ...(authorizer ? authorizers : {}), ...(patchTypes ? patches : {}),
  ...(variables ? { variables: objectOf('kubernetes.variables', variables) } : {}),
});

/** `results`: what it may give, anything when undefined. */
export function validateExpression(
  text: string, variables: ExpressionVariables, results: readonly string[] | undefined, path: string, errors: FieldError[], printed = text,
): void {
  const complaint = complaintAbout(text, variables, results);
  if (complaint) errors.push(invalid(path, printed, complaint));
}

function complaintAbout(text: string, variables: ExpressionVariables, results: readonly string[] | undefined): string | undefined {
  const type = compileExpression(text, namesFor(variables));
  if (typeof type === 'string') return type;
  if (!results || results.includes(type.name)) return undefined;
  return results.length === 1 ? `must evaluate to ${results[0]} but got ${type.name}` : `must evaluate to one of [${results.join(' ')}] but got ${type.name}`;
}

/** The type of a policy's variable; anything, when its expression is wrong. */
export function variableType(text: string, variables: ExpressionVariables): CelType {
  const type = compileExpression(text, namesFor(variables));
  return typeof type === 'string' ? dyn : type;
}
