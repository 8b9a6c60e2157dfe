/**
 * What a server says about its Table columns. The texts are recorded from a v1.36.2 API server, which takes most of them
 * from its API documentation: `common` to all kinds, and by `group/Kind` and column.
 */
import texts from './column-descriptions.json' with { type: 'json' };

type Columns = Readonly<Record<string, string>>;

const common: Columns = texts.common;
const ofKind: Readonly<Record<string, Columns>> = texts.ofKind;

/** The description of a column of `kind` (`group/Kind`); empty for columns that no server was asked for. */
export const describeColumn = (kind: string, column: string): string => ofKind[kind]?.[column] ?? common[column] ?? '';
