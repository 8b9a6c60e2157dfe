/** The parts of the README that are made from the code: between `<!-- name -->` and the next blank-line-ended block. */
import { flagOf, optionTable, variableOf } from '../../src/options.ts';

export function renderOptions(): string {
  const rows = optionTable.map(({ name, value, default: standard, does }) =>
    `| \`${flagOf(name)}${value ? ` ${value.replaceAll('|', '\\|')}` : ''}\` | \`${name}\` | ${standard ? `\`${standard}\`` : ''} | ${does} |`);
  return [
    `Each option is a flag, a variable (\`${flagOf('nodeCpu')}\` is \`${variableOf('nodeCpu')}\`) and a property of \`startKube()\`, whose defaults are`,
    'port 0, a manual clock, the profile `fast` and silence.',
    '',
    '| Flag | Property | Default | Does |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

export function renderDifferences(differences: readonly string[]): string {
  return ['Differences from Kubernetes that are kept on purpose:', '', ...differences.map((text) => `- ${text}`)].join('\n');
}

/** Replaces the text between `<!-- name -->` and `<!-- /name -->`. */
export function withSection(readme: string, name: string, text: string): string {
  return readme.replace(new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(<!-- /${name} -->)`), (_, open: string, close: string) => `${open}\n${text}\n\n${close}`);
}
