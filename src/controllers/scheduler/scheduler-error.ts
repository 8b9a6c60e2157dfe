/** A plugin could not do its work for a Pod: nothing is decided about the Pod, and it is tried again after its back-off. */
export class SchedulerError extends Error {}
