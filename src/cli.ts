/** The command line: reads options, starts a server, says so in one line, ends cleanly. */
import { tmpdir } from 'node:os';
import path from 'node:path';
import fs from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadCompiledServer } from './compiled-server.ts';
import { help, OptionError, parseOptions, type Options } from './options.ts';
import { version } from './version.ts';

async function main(words: readonly string[]): Promise<void> {
  const [command, ...rest] = words[0] === undefined || words[0].startsWith('-') ? ['serve', ...words] : words;
  // Its words belong to the script.
  if (command === 'sh' && rest[0] !== '--help' && rest[0] !== '-h') return sh(rest);
  if (words.includes('--help') || words.includes('-h') || command === 'help') return print(help());
  if (words.includes('--version') || command === 'version') return print(`fakelet ${version}`);
  if (command === 'serve') return serve(parseOptions(rest, process.env));
  if (command === 'kubeconfig') return printKubeconfig(parseOptions(rest, process.env));
  throw new OptionError(`Failed to read the command line: unknown command '${command}'. Run fakelet --help.`);
}

async function sh(words: readonly string[]): Promise<void> {
  const { shCommand } = await import('./sh-command.ts');
  process.exitCode = await shCommand(words);
}

async function serve(options: Options): Promise<void> {
  const { server: { start } } = loadCompiledServer(path.dirname(fileURLToPath(import.meta.url)));
  const server = await start(options);
  print(server.banner);
  const stop = () => {
    // A second signal, or a connection that will not close, must not keep the process.
    setTimeout(() => process.exit(0), 800).unref();
    server.close().then(() => process.exit(0), fail);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

async function printKubeconfig(options: Options): Promise<void> {
  const { kubeconfig } = await import('./cluster/kubeconfig.ts');
  const tls = options.tls || options.tlsCert !== '';
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  const server = `${tls ? 'https' : 'http'}://${host}:${options.port}`;
  if (tls) return print((await fetchKubeconfig(server, options)).trimEnd());
  print(kubeconfig({ server, token: options.token }).trimEnd());
}

/** A generated certificate is known to the running server only, so it is asked. */
async function fetchKubeconfig(server: string, { token, port }: Options): Promise<string> {
  const https = await import('node:https');
  const headers = token === '' ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    const request = https.get(`${server}/_fakelet/v1/kubeconfig`, { rejectUnauthorized: false, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => { text += chunk.toString(); });
      response.on('end', () => resolve(text));
    });
    request.on('error', (error: NodeJS.ErrnoException) => reject(new OptionError(`Failed to read the kubeconfig: ${server} does not answer (${error.code}). `
      + `Start it with: fakelet --tls --port ${port}`)));
  });
}

const print = (text: string) => void process.stdout.write(`${text}\n`);

function fail(error: Error): void {
  const known = error instanceof OptionError || error.message.startsWith('Failed to ');
  process.stderr.write(`${known ? error.message : error.stack}\n`);
  process.exit(1);
}

/** Compiled code is kept between starts where Node can (22 and newer): a start then parses less. */
async function useCompileCache(): Promise<void> {
  const nodeModule = await import('node:module') as { enableCompileCache?: (directory: string) => void };
  if (fs.existsSync(tmpdir())) nodeModule.enableCompileCache?.(path.join(tmpdir(), 'fakelet-compile-cache'));
}

await useCompileCache();
await main(process.argv.slice(2)).catch(fail);
