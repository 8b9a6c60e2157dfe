/** Versions that users see. */
declare const FAKELET_VERSION: string;

/** Of this program; the build puts package.json's version here. */
export const version = FAKELET_VERSION;
/** Of the Kubernetes that is emulated. */
export const kubernetesVersion = 'v1.36.2';
