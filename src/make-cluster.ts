/** Makes a cluster from options, reading the files they name. */
import { parse } from 'yaml';
import { Cluster } from './cluster/cluster.ts';
import { EmulatorError } from './cluster/emulator-error.ts';
import { ManifestError } from './cluster/manifests.ts';
import { Scenarios } from './cluster/scenarios/scenarios.ts';
import { readFile } from './named-file.ts';
import { readLoaded } from './loaded-files.ts';
import { OptionError, type Options } from './options.ts';
import type { ImageRule } from './runtime/images.ts';
import { checkerOf } from './schema/fakelet/check.ts';
import { Scenario } from './schema/fakelet/scenario.ts';
import { version } from './version.ts';

/** Throws OptionError when a file cannot be read or holds something else than it should. */
export function makeCluster(options: Options, ca?: string): Cluster {
  const { documents, snapshot } = readLoaded(options.load);
  const cluster = new Cluster({
    options,
    version,
    onError: (text) => void process.stderr.write(`fakelet: a part of the emulator failed, please report it: ${text}\n`),
    ...(ca === undefined ? {} : { ca }),
    ...(options.images === '' ? {} : { images: imageRules(options.images) }),
    manifests: documents.map(({ value }) => value),
    scenarios: options.scenario.map(scenario),
    ...(snapshot === undefined ? {} : { snapshot }),
  });
  // What is wrong with the options shows now, not at the first request.
  try {
    if (snapshot) cluster.reset();
    else cluster.start();
  } catch (error) {
    cluster.close();
    if (error instanceof ManifestError) throw new OptionError(`Failed to load ${documents[error.index]!.source}${error.item}: ${error.why}`);
    throw error;
  }
  return cluster;
}

/** One of the catalogue, or one of the user's in a file. */
function scenario(name: string): Scenario {
  if (!/\.(ya?ml|json)$/.test(name)) {
    try {
      return Scenarios.find(name);
    } catch (error) {
      if (error instanceof EmulatorError) throw new OptionError(error.message);
      throw error;
    }
  }
  const value = parse(readFile(name, '--scenario')) as unknown;
  const wrong = checkerOf(Scenario)(value);
  if (wrong !== undefined) throw new OptionError(`Failed to read --scenario ${name}: ${wrong}. See docs/behaviors.md.`);
  return value as Scenario;
}

function imageRules(file: string): ImageRule[] {
  const rules = parse(readFile(file, '--images')) as unknown;
  if (Array.isArray(rules) && rules.every((rule) => typeof (rule as ImageRule | null)?.name === 'string')) return rules as ImageRule[];
  throw new OptionError(`Failed to read --images ${file}: it is no list of rules with a name each. See "Images" in the README.`);
}
