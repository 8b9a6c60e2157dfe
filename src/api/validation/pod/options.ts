/** What differs between a pod and a pod spec inside another object. */
export interface PodOptions {
  /** The object is a Pod, not a template of pods: nothing will be defaulted later. */
  readonly resourceIsPod: boolean;
}

export const podOptions: PodOptions = { resourceIsPod: true };
export const templateOptions: PodOptions = { resourceIsPod: false };
