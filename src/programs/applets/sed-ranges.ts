/** Which lines the addresses of sed commands select (editors/sed.c process_files). */
import type { Address, SedCommand } from './sed-script.ts';

export interface SedLine {
  readonly number: number;
  readonly isLast: boolean;
  readonly text: string;
}

interface Range {
  /** It goes on to the next line. */
  goesOn: boolean;
  /** The last line, when that is known. */
  end: number | undefined;
  /** A range from a line number comes once. */
  spent: boolean;
}

export class SedRanges {
  readonly #ranges = new Map<SedCommand, Range>();
  #lastRegex: RegExp | undefined;

  /** The regular expression, an empty one being the last one used. */
  regexOf(regex: RegExp | undefined): RegExp | undefined {
    return this.#lastRegex = regex ?? this.#lastRegex;
  }

  goesOn(command: SedCommand): boolean {
    return this.#ranges.get(command)?.goesOn ?? false;
  }

  selects(command: SedCommand, line: SedLine): boolean {
    const { first, second } = command;
    if (!first) return true;
    if (!second) return this.#matches(first, line);
    let range = this.#ranges.get(command);
    if (!range) this.#ranges.set(command, range = { goesOn: false, end: undefined, spent: false });
    const within = range.goesOn;
    if (!within) {
      // A line that other commands have passed by still begins the range.
      const begins = first.kind === 'line' ? !range.spent && first.line <= line.number : this.#matches(first, line);
      if (!begins) return false;
      range.spent = first.kind === 'line';
      range.end = second.kind === 'line' ? second.line : second.kind === 'offset' ? line.number + second.line : undefined;
    }
    range.goesOn = !(range.end !== undefined ? range.end <= line.number : second.kind === 'last' ? line.isLast : within && this.#matches(second, line));
    return true;
  }

  #matches(address: Address, { number, isLast, text }: SedLine): boolean {
    switch (address.kind) {
      case 'line': return number === address.line;
      case 'last': return isLast;
      case 'step': return address.step === 0 ? number === address.line : number >= address.line && (number - address.line) % address.step === 0;
      case 'offset': return false;
      default: return (this.regexOf(address.regex)?.exec(text) ?? null) !== null;
    }
  }
}
