/**
 * Every option of fakelet, once: the flag `--clock`, the variable `FAKELET_CLOCK` and the library property `clock` are
 * the same entry of this table. `help()` prints it, `parse()` reads it, the README's table is made from it.
 */
import { limits } from './limits.ts';

export interface Options {
  port: number;
  host: string;
  clock: string;
  profile: string;
  seed: number;
  startTime: string;
  nodes: number;
  nodeCpu: string;
  nodeMemory: string;
  nodePods: number;
  quota: string;
  mode: string;
  scheduler: string;
  kubelet: string;
  controllers: string;
  images: string;
  load: readonly string[];
  scenario: readonly string[];
  tls: boolean;
  tlsCert: string;
  tlsKey: string;
  token: string;
  allowAnonymous: boolean;
  logLevel: string;
}

type Kind = 'number' | 'text' | 'flag' | 'list';

interface OptionEntry {
  readonly name: keyof Options;
  readonly kind: Kind;
  readonly value: string;
  readonly default: string;
  readonly does: string;
  /** Accepted texts; a trailing `…` stands for any continuation. */
  readonly allowed?: RegExp;
}

export const optionTable: readonly OptionEntry[] = [
  { name: 'port', kind: 'number', value: 'N', default: '8701', does: 'port to listen on, 0 picks a free one', allowed: /^\d{1,5}$/ },
  { name: 'host', kind: 'text', value: 'ADDR', default: '127.0.0.1', does: 'address to listen on; others than loopback need --token or --allow-anonymous' },
  { name: 'clock', kind: 'text', value: 'MODE', default: 'real', does: 'real, manual, auto (moves only while somebody waits) or scaled:N', allowed: /^(real|manual|auto|scaled:\d+(\.\d+)?)$/ },
  { name: 'profile', kind: 'text', value: 'NAME', default: 'realistic', does: 'latencies of the node: realistic or fast', allowed: /^(realistic|fast)$/ },
  { name: 'seed', kind: 'number', value: 'N', default: '1', does: 'seed of all randomness', allowed: /^\d{1,10}$/ },
  { name: 'startTime', kind: 'text', value: 'TIME', default: '', does: 'RFC 3339 start of a manual clock (default 2026-01-01T00:00:00Z, or now)' },
  { name: 'nodes', kind: 'number', value: 'N', default: '1', does: 'nodes at start', allowed: /^\d{1,5}$/ },
  { name: 'nodeCpu', kind: 'text', value: 'QTY', default: '8', does: 'CPU of each node' },
  { name: 'nodeMemory', kind: 'text', value: 'QTY', default: '24Gi', does: 'memory of each node' },
  { name: 'nodePods', kind: 'number', value: 'N', default: '1000', does: 'Pods that fit on each node (a real kubelet: 110)', allowed: /^\d{1,7}$/ },
  { name: 'quota', kind: 'text', value: 'LIST', default: `objects=${limits.objectsMax},nodes=${limits.nodesMax}`, does: 'most objects and nodes that a cluster may have', allowed: /^((objects|nodes)=\d{1,9}(,(?!$)|$))*$/ },
  { name: 'mode', kind: 'text', value: 'MODE', default: 'full', does: 'full, or envtest: the API and its controllers without nodes', allowed: /^(full|envtest)$/ },
  { name: 'scheduler', kind: 'text', value: 'on|off', default: 'on', does: 'run the scheduler', allowed: /^(on|off)$/ },
  { name: 'kubelet', kind: 'text', value: 'on|off', default: 'on', does: 'run a kubelet on each node', allowed: /^(on|off)$/ },
  { name: 'controllers', kind: 'text', value: 'LIST', default: '*', does: 'controllers to run, as kube-controller-manager spells it: *,-name' },
  { name: 'images', kind: 'text', value: 'FILE', default: '', does: 'image catalogue (JSON or YAML) in addition to the built-in one' },
  { name: 'load', kind: 'list', value: 'FILE', default: '', does: 'manifests, a kubectl get -o yaml dump or a snapshot to start with; may be repeated' },
  { name: 'scenario', kind: 'list', value: 'NAME', default: '', does: 'scenario to start with: crash-loop, thousand-pods … or a file; may be repeated' },
  { name: 'tls', kind: 'flag', value: '', default: 'false', does: 'serve HTTPS (and HTTP/2) with a generated certificate' },
  { name: 'tlsCert', kind: 'text', value: 'FILE', default: '', does: 'certificate to serve with, PEM' },
  { name: 'tlsKey', kind: 'text', value: 'FILE', default: '', does: 'its key, PEM' },
  { name: 'token', kind: 'text', value: 'TEXT', default: '', does: 'bearer token that every request must carry' },
  { name: 'allowAnonymous', kind: 'flag', value: '', default: 'false', does: 'serve other hosts without a token' },
  { name: 'logLevel', kind: 'text', value: 'LEVEL', default: 'warn', does: 'fatal, error, warn, info, debug, trace or silent', allowed: /^(fatal|error|warn|info|debug|trace|silent)$/ },
];

/** A wrong option; the message is one line that says what to do. */
export class OptionError extends Error {}

/** `nodeCpu` → `node-cpu`. */
const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
export const flagOf = (name: string) => `--${kebab(name)}`;
export const variableOf = (name: string) => `FAKELET_${kebab(name).replaceAll('-', '_').toUpperCase()}`;

/** All options at their defaults. */
export function defaultOptions(): Options {
  const options: Record<string, unknown> = {};
  for (const entry of optionTable) options[entry.name] = convert(entry, entry.default, 'the default');
  return options as unknown as Options;
}

/** Options from command-line words and environment; the command line wins. Throws OptionError. */
export function parseOptions(words: readonly string[], environment: Readonly<Record<string, string | undefined>>): Options {
  const options = defaultOptions() as unknown as Record<string, unknown>;
  for (const entry of optionTable) {
    const text = environment[variableOf(entry.name)];
    if (text !== undefined) set(options, entry, text, variableOf(entry.name));
  }
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const [flag, inlineValue] = splitFlag(word);
    const entry = optionTable.find(({ name }) => flagOf(name) === flag);
    if (!entry) throw new OptionError(`Failed to read the command line: unknown word '${word}'.${suggestion(flag)} Run fakelet --help.`);
    if (entry.kind === 'flag') set(options, entry, inlineValue ?? 'true', flag);
    else {
      const value = inlineValue ?? words[++i];
      if (value === undefined) throw new OptionError(`Failed to read ${flag}: it needs a value (${entry.value}). Run fakelet --help.`);
      set(options, entry, value, flag);
    }
  }
  return check(options as unknown as Options);
}

/** Options of the library: given properties over the given defaults. */
export function libraryOptions(given: Partial<Options>): Options {
  const options = defaultOptions() as unknown as Record<string, unknown>;
  const library: Partial<Options> = { port: 0, clock: 'manual', profile: 'fast', logLevel: 'silent' };
  for (const [name, value] of Object.entries({ ...library, ...given })) {
    const entry = optionTable.find((one) => one.name === name);
    if (!entry) throw new OptionError(`Failed to read the options: unknown option '${name}'.${suggestion(flagOf(name))}`);
    if (value === undefined) continue;
    if (entry.kind === 'list') options[name] = value;
    else set(options, entry, String(value), name);
  }
  return check(options as unknown as Options);
}

/** One screen of help. */
export function help(): string {
  const rows = optionTable.map((entry) => [`${flagOf(entry.name)} ${entry.value}`.trim(), entry.does
    + (entry.default && entry.kind !== 'flag' ? ` (${entry.default})` : '')] as const);
  const width = Math.max(...rows.map(([flag]) => flag.length));
  return [
    'fakelet: a Kubernetes Pod API with a faithful kubelet, on a clock you control.',
    '',
    'Usage: fakelet [serve] [options]                serve until SIGTERM',
    '       fakelet kubeconfig [--port N] [--host A] print a kubeconfig for a running server',
    '       fakelet sh [--image IMAGE] SCRIPT [ARGS] run a script in an emulated container, skipping idle time',
    '       fakelet --version | --help',
    '',
    'Options (each is also a variable: --node-cpu is FAKELET_NODE_CPU):',
    ...rows.map(([flag, does]) => `  ${flag.padEnd(width)}  ${does}`),
  ].join('\n');
}

function set(options: Record<string, unknown>, entry: OptionEntry, text: string, source: string): void {
  const value = convert(entry, text, source);
  options[entry.name] = entry.kind === 'list' ? [...(options[entry.name] as string[]), ...(value as string[])] : value;
}

function convert(entry: OptionEntry, text: string, source: string): unknown {
  if (entry.allowed && !entry.allowed.test(text)) {
    throw new OptionError(`Failed to read ${source}: '${text}' is not valid (${entry.does}). Run fakelet --help.`);
  }
  if (entry.kind === 'number') return Number(text);
  if (entry.kind === 'list') return text === '' ? [] : text.split(',');
  if (entry.kind === 'text') return text;
  if (text !== 'true' && text !== 'false') throw new OptionError(`Failed to read ${source}: '${text}' is neither true nor false.`);
  return text === 'true';
}

function check(options: Options): Options {
  if (options.port > 65535) throw new OptionError(`Failed to read --port: ${options.port} is above 65535.`);
  if (options.tlsCert !== '' && options.tlsKey === '') throw new OptionError('Failed to set up TLS: --tls-cert needs --tls-key. Give both.');
  if (options.tlsKey !== '' && options.tlsCert === '') throw new OptionError('Failed to set up TLS: --tls-key needs --tls-cert. Give both.');
  if (!isLoopback(options.host) && options.token === '' && !options.allowAnonymous) {
    throw new OptionError(`Failed to listen on ${options.host}: other machines could reach it. Add --token TEXT or --allow-anonymous.`);
  }
  if (options.startTime !== '' && Number.isNaN(Date.parse(options.startTime)) && options.startTime !== 'now') {
    throw new OptionError(`Failed to read --start-time: '${options.startTime}' is not a time. Write it as 2026-01-01T00:00:00Z.`);
  }
  return options;
}

export const isLoopback = (host: string) => host === 'localhost' || host === '::1' || host.startsWith('127.');

function splitFlag(word: string): [string, string | undefined] {
  const equals = word.indexOf('=');
  return word.startsWith('--') && equals > 0 ? [word.slice(0, equals), word.slice(equals + 1)] : [word, undefined];
}

function suggestion(flag: string): string {
  const close = optionTable.map(({ name }) => flagOf(name)).find((known) => known.startsWith(flag.slice(0, 5)) && flag.length > 4);
  return close ? ` Did you mean ${close}?` : '';
}
