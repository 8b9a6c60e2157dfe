/** Why bytes could not be read as an object. The text is Go's; whoever holds the request decides what status it becomes. */
export class DecodeError extends Error {}
