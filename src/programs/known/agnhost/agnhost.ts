/**
 * agnhost, the program that Kubernetes' own tests run in most of their Pods (test/images/agnhost): one executable with a
 * command for each small task. What a command does here is what the published one does.
 */
import type { Process, Program } from '../../process.ts';
import type { Run } from '../../wait.ts';
import { parseFlags, type Flags, type FlagSet } from '../go.ts';
import { connect } from './connect.ts';
import { grpcHealthChecking } from './grpc-health-checking.ts';
import { liveness } from './liveness.ts';
import { logsGenerator } from './logs-generator.ts';
import { mounttest } from './mounttest.ts';
import { netexec } from './netexec.ts';
import { pause } from './pause.ts';
import { portForwardTester } from './port-forward-tester.ts';
import { porter } from './porter.ts';
import { dnsServerList, dnsSuffix, entrypointTester, etcHosts, noNewPrivs } from './printers.ts';
import { serveHostname } from './serve-hostname.ts';
import { testWebserver } from './test-webserver.ts';

export interface Command {
  readonly flags: FlagSet;
  /** Operands that it takes; none when missing. */
  readonly operands?: number;
  run(process: Process, flags: Flags): Run<number>;
}

const commands: Readonly<Record<string, Command>> = {
  connect, 'dns-server-list': dnsServerList, 'dns-suffix': dnsSuffix, 'entrypoint-tester': entrypointTester, 'etc-hosts': etcHosts,
  'grpc-health-checking': grpcHealthChecking, liveness, 'logs-generator': logsGenerator, mounttest, netexec, nonewprivs: noNewPrivs, pause,
  'port-forward-tester': portForwardTester, porter, 'serve-hostname': serveHostname, 'test-webserver': testWebserver,
};

const notEmulated: ReadonlySet<string> = new Set([
  'audit-proxy', 'crd-conversion-webhook', 'external-metrics', 'fake-gitserver', 'fake-registry-server', 'guestbook', 'inclusterclient', 'mtlsclient',
  'mtlsserver', 'net', 'nettest', 'no-snat-test', 'no-snat-test-proxy', 'podcertificatesigner', 'resource-consumer-controller', 'stress', 'tcp-reset',
  'test-service-account-issuer-discovery', 'webhook',
]);

export const agnhost: Program = function* (process) {
  const [name, ...args] = process.args.slice(1);
  if (name === undefined || name === '-h' || name === '--help' || name === 'help') return help(process);
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) return refuse(process, name);
  const flags = parseFlags(args, command.flags);
  if (typeof flags === 'string') {
    process.complain(`Usage:\n  app ${name} [flags]\n\nError: ${flags}\n`);
    return 1;
  }
  const wanted = command.operands ?? 0;
  if (wanted !== Infinity && flags.rest.length !== wanted) {
    process.complain(`Error: accepts ${wanted === 0 ? 'at most 0' : wanted} arg(s), received ${flags.rest.length}\n`);
    return 1;
  }
  return yield* command.run(process, flags);
};

function help(process: Process): number {
  process.print(`Usage:\n  app [command]\n\nAvailable Commands:\n${Object.keys(commands).toSorted().map((name) => `  ${name}\n`).join('')}`);
  return 0;
}

function refuse(process: Process, name: string): number {
  if (notEmulated.has(name)) process.complain(`Failed to run agnhost ${name}: this command is not emulated. Give the container a behavior in its place.\n`);
  else process.complain(`Error: unknown command "${name}" for "app"\n`);
  return 1;
}
