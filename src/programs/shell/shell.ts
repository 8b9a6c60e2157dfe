/** The state of one shell process: variables, functions, parameters, options, traps and jobs. */
import type { Process } from '../process.ts';
import type { Node } from './ast.ts';
import type { Limit } from './builtin-limits.ts';
import type { Job } from './jobs.ts';

export interface Variable {
  value: string | undefined;
  exported: boolean;
  readOnly: boolean;
}

/** An error that ends a shell which is not interactive. The message has the shell's name in front already. */
export class ShellFault extends Error {
  readonly status: number;

  constructor(message: string, status = 2) {
    super(message);
    this.status = status;
  }
}

/** `break`, `continue` and `return` on their way to what they leave. */
export interface Leaving {
  readonly kind: 'break' | 'continue' | 'return';
  levels: number;
  /** A `return` that names its status: in a trap it is not the one from before. */
  readonly named?: boolean;
}

export interface ShellOptions {
  readonly name: string;
  readonly parameters: readonly string[];
  /** Single letters, as in `$-`. */
  readonly flags: Iterable<string>;
  /** Runs a file: messages carry lines. */
  readonly script: boolean;
}

export class Shell {
  readonly process: Process;
  readonly name: string;
  readonly script: boolean;
  /** `$$`: the process of the outermost shell. */
  readonly rootPid: number;
  readonly variables: Map<string, Variable>;
  readonly functions: Map<string, Node>;
  readonly aliases: Map<string, string>;
  readonly flags: Set<string>;
  /** Where programs were found, by name. */
  readonly hashed: Map<string, string>;
  /** Limits that were set, by letter. */
  readonly limits: Map<string, Limit>;
  /** Commands of traps by signal number, 0 for EXIT; '' ignores the signal. */
  readonly traps: Map<number, string>;
  errTrap: string | undefined;
  /** Inside of a trap: the status before it, which a plain `exit` uses. */
  trapStatus: number | undefined;
  parameters: readonly string[];
  status = 0;
  line = 0;
  /** Status of the last command substitution of the command that is being expanded. */
  substitutionStatus: number | undefined;
  leaving: Leaving | undefined;
  loops = 0;
  functionDepth = 0;
  /** Above 0 where a failing command does not count for `set -e`. */
  tested = 0;
  /** Depth of nested evaluation, bounded. */
  depth = 0;
  /** The builtin that runs, for messages. */
  command: string | undefined;
  jobs: Job[] = [];
  /** Jobs of the shell that forked this one: `jobs` shows them, `wait` does not know them. */
  readonly inheritedJobs: readonly Job[];
  lastBackground: Process | undefined;
  /** Variables to bring back when the function ends. */
  locals: Map<string, Variable | undefined> | undefined;
  getoptsAt = 0;
  #environment: Map<string, string> | undefined;

  constructor(process: Process, options: ShellOptions, parent?: Shell) {
    this.process = process;
    this.name = options.name;
    this.script = options.script;
    this.parameters = options.parameters;
    this.flags = new Set(options.flags);
    this.inheritedJobs = parent?.jobs ?? [];
    this.rootPid = parent?.rootPid ?? process.pid;
    this.variables = parent ? copyVariables(parent.variables) : importEnvironment(process);
    this.functions = new Map(parent?.functions);
    this.aliases = new Map(parent?.aliases);
    this.hashed = new Map(parent?.hashed);
    this.limits = new Map(parent?.limits);
    this.traps = new Map(parent ? [...parent.traps].filter(([, action]) => action === '') : []);
    if (!parent) return;
    this.status = parent.status;
    this.line = parent.line;
    this.functionDepth = parent.functionDepth;
    this.loops = parent.loops;
    this.tested = parent.tested;
    this.depth = parent.depth;
    this.lastBackground = parent.lastBackground;
    this.getoptsAt = parent.getoptsAt;
    this.locals = parent.locals && new Map(parent.locals);
  }

  /** A copy for a process that was forked off. */
  fork(process: Process): Shell {
    return new Shell(process, { name: this.name, parameters: this.parameters, flags: this.flags, script: this.script }, this);
  }

  get(name: string): string | undefined {
    if (name === 'LINENO') return String(this.line);
    if (name === 'RANDOM') return String(this.process.machine.prng.below(32_768));
    return this.variables.get(name)?.value ?? this.#terminalSize(name);
  }

  /** What an interactive bash keeps in COLUMNS and LINES. */
  #terminalSize(name: string): string | undefined {
    if (name !== 'COLUMNS' && name !== 'LINES') return undefined;
    const tty = this.flags.has('s') && this.process.name.endsWith('bash') ? this.process.files[0]?.tty : undefined;
    return tty && tty.rows > 0 ? String(name === 'COLUMNS' ? tty.columns : tty.rows) : undefined;
  }

  /** Throws ShellFault for a variable that is read only. */
  set(name: string, value: string): void {
    const variable = this.variables.get(name);
    if (variable?.readOnly) throw this.fault(`${name}: is read only`);
    if (name === 'OPTIND') this.getoptsAt = 0;
    else if (name === 'PATH') this.hashed.clear();
    const grown = value.length - (variable?.value?.length ?? 0);
    if (grown > 4096) this.process.allocate(grown);
    if (variable) variable.value = value;
    else this.variables.set(name, { value, exported: this.flags.has('a'), readOnly: false });
    if (variable?.exported || this.flags.has('a')) this.#environment = undefined;
  }

  unset(name: string): void {
    const variable = this.variables.get(name);
    if (variable?.readOnly) throw this.fault(`${name}: is read only`);
    this.variables.delete(name);
    this.#environment = undefined;
  }

  declare(name: string, change: Partial<Variable>): void {
    const variable = this.variables.get(name);
    if (variable) Object.assign(variable, change);
    else this.variables.set(name, { value: undefined, exported: false, readOnly: false, ...change });
    this.#environment = undefined;
  }

  /** Brings a variable back to what it was (`local`, assignments before a function). */
  restore(name: string, variable: Variable | undefined): void {
    if (variable) this.variables.set(name, variable);
    else this.variables.delete(name);
    this.#environment = undefined;
  }

  /** The environment of commands. */
  environment(): ReadonlyMap<string, string> {
    if (!this.#environment) {
      this.#environment = new Map();
      for (const [name, { value, exported }] of this.variables) if (exported && value !== undefined) this.#environment.set(name, value);
    }
    return this.#environment;
  }

  /** A message with what ash puts in front. */
  message(text: string): string {
    const command = this.command ?? (this.script ? this.name : undefined);
    if (command === undefined) return `${this.name}: ${text}\n`;
    return `${this.name}: ${command === this.name ? '' : `${command}: `}line ${this.line}: ${text}\n`;
  }

  warn(text: string): void {
    this.process.complain(this.message(text));
  }

  fault(text: string, status = 2): ShellFault {
    return new ShellFault(this.message(text), status);
  }
}

function copyVariables(variables: ReadonlyMap<string, Variable>): Map<string, Variable> {
  const copies = new Map<string, Variable>();
  for (const [name, variable] of variables) copies.set(name, { ...variable });
  return copies;
}

function importEnvironment(process: Process): Map<string, Variable> {
  const variables = new Map<string, Variable>();
  const set = (name: string, value: string, exported = false): void => {
    variables.set(name, { value, exported, readOnly: false });
  };
  set('IFS', ' \t\n');
  set('OPTIND', '1');
  set('PS1', '\\w \\$ ');
  set('PS2', '> ');
  set('PS4', '+ ');
  set('PATH', '/sbin:/usr/sbin:/bin:/usr/bin');
  set('HOSTNAME', process.machine.hostname);
  for (const [name, value] of process.env) if (/^[A-Za-z_]\w*$/.test(name)) set(name, value, true);
  set('PPID', String(process.parent?.pid ?? 0));
  set('PWD', process.cwd, true);
  const level = Number(process.env.get('SHLVL') ?? '0');
  set('SHLVL', String(Number.isInteger(level) ? level + 1 : 1), true);
  if (process.env.get('PATH') === undefined) variables.get('PATH')!.exported = true;
  return variables;
}
