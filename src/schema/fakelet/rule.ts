/** What our own objects, and above all the rules of behaviours and of faults, have in common. */
import { Type, type Static, type TSchema } from '@sinclair/typebox';

/** Objects without other members than those named. */
export const closed = { additionalProperties: false } as const;

/** The text of a Go duration, as a pattern. */
const goDuration = '([0-9]+(\\.[0-9]+)?(ns|us|µs|ms|s|m|h))+';

/** A Go duration: `0` needs its unit. `sign` is the pattern of what may come before it. */
export const durationText = (description: string, sign = '') => Type.String({ pattern: `^${sign}${goDuration}$`, maxLength: 64, description });

/** A Go duration, or a range from which the cluster's seed draws. */
export const Duration = Type.Union([
  Type.String({ pattern: `^(0|${goDuration})$`, maxLength: 64 }),
  Type.Object({ min: Type.String({ maxLength: 64 }), max: Type.String({ maxLength: 64 }) }, closed),
], { $id: 'Duration', description: "A duration such as '250ms' or '1m30s', or a range {min, max} that the seed draws from." });
export type Duration = Static<typeof Duration>;

/** As a duration, or for ever. */
export const DurationOrNever = Type.Union([...Duration.anyOf, Type.Literal('never')], {
  $id: 'DurationOrNever', description: "A duration such as '250ms', a range {min, max} or 'never'.",
});
export type DurationOrNever = Static<typeof DurationOrNever>;

export const RuleName = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$', maxLength: 63, description: 'Letters, digits, dots, dashes.' });

/** One of some words. */
export const oneOf = <const T extends readonly string[]>(words: T, description = words.map((word) => `'${word}'`).join(', ')) =>
  Type.Unsafe<T[number]>(Type.Union(words.map((word) => Type.Literal(word)), { description }));

/** Shell-like patterns. */
export const glob = (description: string) => Type.String({ maxLength: 253, description: `${description} \`*\` and \`?\` stand for any text and any character.` });

/** Several rules, newest last, and the names of those that nothing matched so far. */
export const ruleList = <T extends TSchema>(rule: T, $id: string) => Type.Object({
  items: Type.Array(rule, { description: 'In the order in which they were added. The newest that matches decides.' }),
  unused: Type.Array(Type.String(), { description: 'Names of the rules that nothing has matched.' }),
}, { $id });

export interface RuleList<T> { items: T[]; unused: string[] }
