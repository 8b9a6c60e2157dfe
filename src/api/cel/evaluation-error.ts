/** Running into something that cannot be computed; the message is cel-go's. */
export class EvaluationError extends Error {}
