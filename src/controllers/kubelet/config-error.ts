/** The container cannot be configured (CreateContainerConfigError); the message goes into its waiting state. */
export class ConfigError extends Error {}
