/** A rule that ran into something it cannot compute; the message is cel-go's. */
export class EvaluationError extends Error {}
