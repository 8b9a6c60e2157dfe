/** Files that options name. */
import fs from 'node:fs';
import { OptionError } from './options.ts';

/** Throws OptionError. */
export function readFile(file: string, flag: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new OptionError(`Failed to read ${flag} ${file}: ${(error as NodeJS.ErrnoException).code}. Check the path.`);
  }
}
