/** What is wrong inside a rule, with the path to it. */
export class RuleError extends Error {
  readonly #path: string;
  readonly #why: string;

  constructor(path: string, why: string) {
    super(`${path}: ${why}`);
    this.#path = path;
    this.#why = why;
  }

  /** The same, seen from the object that holds it. */
  within(parent: string): RuleError {
    return new RuleError(`${parent}.${this.#path}`, this.#why);
  }
}
