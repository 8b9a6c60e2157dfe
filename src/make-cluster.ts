/** Makes a cluster from options, reading the files they name. */
import fs from 'node:fs';
import { parse, parseAllDocuments } from 'yaml';
import { Cluster } from './cluster/cluster.ts';
import type { Options } from './options.ts';
import { OptionError } from './options.ts';
import { version } from './version.ts';

/** Throws OptionError when a file cannot be read or holds something else than it should. */
export function makeCluster(options: Options, ca?: string): Cluster {
  return new Cluster({
    options,
    version,
    ...(ca === undefined ? {} : { ca }),
    ...(options.images === '' ? {} : { images: parse(readFile(options.images, '--images')) as unknown }),
    manifests: options.load.flatMap((file) => documents(file)),
  });
}

function documents(file: string): unknown[] {
  const all = parseAllDocuments(readFile(file, '--load'));
  const broken = 'empty' in all ? undefined : all.find((document) => document.errors.length > 0)?.errors[0];
  if (broken) throw new OptionError(`Failed to load ${file}: ${broken.message.split('\n')[0]}. Correct the file.`);
  return [...all].map((document) => document.toJS() as unknown).filter((value) => value !== null);
}

function readFile(file: string, flag: string): string {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new OptionError(`Failed to read ${flag} ${file}: ${(error as NodeJS.ErrnoException).code}. Check the path.`);
  }
}
