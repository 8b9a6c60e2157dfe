/**
 * Loads the server's code. The build leaves beside it what V8 compiled of it (`tools/compile.ts`), so that a start neither
 * parses two megabytes nor compiles what the first Pod needs. V8 refuses what another version or another text was compiled
 * from; then the code is compiled as usual.
 */
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import vm from 'node:vm';
import { useLinearEngine } from './regexp-engine.ts';

type Server = typeof import('./serve.ts');
type Wrapper = (exports: object, require: NodeJS.Require, module: { exports: object }) => void;

export interface CompiledServer {
  readonly script: vm.Script;
  readonly server: Server;
}

/** `directory` holds `server.cjs`, and perhaps `server.cache`. */
export function loadCompiledServer(directory: string): CompiledServer {
  // V8 also refuses what was compiled under other settings, so ours are made first.
  useLinearEngine();
  const filename = path.resolve(directory, 'server.cjs');
  const cache = path.resolve(directory, 'server.cache');
  const script = new vm.Script(`(function (exports, require, module) {${fs.readFileSync(filename, 'utf8')}\n})`, {
    filename,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(fs.existsSync(cache) ? { cachedData: fs.readFileSync(cache) } : {}),
  });
  const module = { exports: {} };
  (script.runInThisContext() as Wrapper)(module.exports, createRequire(filename), module);
  return { script, server: module.exports as Server };
}
