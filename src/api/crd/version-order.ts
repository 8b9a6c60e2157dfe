/** The order in which API versions are preferred (apimachinery/pkg/version/helpers.go): v2, v1, v1beta2, v1alpha1, other names. */

const pattern = /^v(\d+)(?:(alpha|beta)(\d+))?$/;
const stages = ['alpha', 'beta', undefined];

/** A comparison for sorting: the most preferred version first. */
export function byPreference(a: string, b: string): number {
  const [left, right] = [pattern.exec(a), pattern.exec(b)];
  if (!left || !right) return left ? -1 : right ? 1 : a < b ? -1 : 1;
  return stages.indexOf(right[2]) - stages.indexOf(left[2]) || Number(right[1]) - Number(left[1]) || Number(right[3] ?? 0) - Number(left[3] ?? 0);
}
