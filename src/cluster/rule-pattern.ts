/** The patterns in rules of behaviours and of faults: shell-like, and one that is not given fits any text. */
import { matches } from '../programs/pattern.ts';

export const fits = (pattern: string | undefined, text: string): boolean => pattern === undefined || matches(pattern, text);
