/** Where fakelet differs from Kubernetes on purpose, one sentence each. The README's list is made from this one. */
export const differences: readonly string[] = [
  'Container commands are emulated, never run: a program that fakelet does not know runs for ever and answers on the ports it declares.',
  'Every request is authorised; RBAC objects are stored but not enforced.',
  'Service-account tokens are signed with ES256 instead of RS256.',
];
