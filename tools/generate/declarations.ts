/**
 * The types of the served objects as plain interfaces, for the package: what TypeScript infers from `src/schema` says the same in
 * two hundred times the text, which every project that imports them would read.
 */
import { alias, key, localName, moduleOf, specials, typedSpecials, wrapperOf, type FactField, type Facts } from './modules.ts';

const scalars: Record<string, string> = { string: 'string', bool: 'boolean', int32: 'number', int64: 'number', float64: 'number', bytes: 'string', object: 'unknown' };

/** The declarations of one group version; `types` are its types' full names. */
export function declarationsOf(facts: Facts, module: string, types: readonly string[]): string {
  const imports = new Set<string>();
  const reference = (name: string) => {
    if (moduleOf(name) === module) return localName(name);
    imports.add(moduleOf(name));
    return `${alias(moduleOf(name))}.${localName(name)}`;
  };
  const textOf = (type: string): string => {
    if (type.startsWith('*')) return textOf(type.slice(1));
    if (type.startsWith('[]')) return `${textOf(type.slice(2))}[]`;
    if (type.startsWith('map[')) return `Record<string, ${textOf(type.slice(type.indexOf(']') + 1))}>`;
    const special = specials[type];
    if (special !== undefined) return typedSpecials.has(special) ? (special === 'intOrString' ? '(number | string)' : 'string') : 'unknown';
    return type in facts.types ? reference(type) : scalars[type]!;
  };
  const member = (field: FactField) => `  ${key(field.name!)}${isOptional(facts, field) ? '?' : ''}: ${textOf(field.type!)};\n`;
  const bodies = types.toSorted().map((name) => {
    const { fields = [] } = facts.types[name]!;
    if (fields.some(({ type = '' }) => type.replace(/^(\*|\[\]|map\[\w+\])*/, '') === name)) return `export type ${localName(name)} = Record<string, unknown>;\n`;
    const inlined = fields.filter(({ inline }) => inline).map(({ inline }) => reference(inline!));
    const heritage = inlined.length === 0 ? '' : ` extends ${inlined.join(', ')}`;
    return `export interface ${localName(name)}${heritage} {\n${fields.filter(({ inline }) => !inline).map(member).join('')}}\n`;
  });
  const up = '../'.repeat(module.split('/').length - 1) || './';
  return [...[...imports].toSorted().map((other) => `import type * as ${alias(other)} from '${up}${other}.ts';\n`), ...bodies].join('');
}

function isOptional(facts: Facts, field: FactField): boolean {
  const wrapper = wrapperOf(facts, field);
  return wrapper === 'pointer' || wrapper === 'optional';
}
