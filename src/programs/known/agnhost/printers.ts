/** Commands that print something and end: dns-suffix, dns-server-list, etc-hosts, entrypoint-tester, nonewprivs. */
import type { Process } from '../../process.ts';
import { readFile } from '../../syscalls.ts';
import type { Run } from '../../wait.ts';
import type { Command } from './agnhost.ts';

const printer = (text: (process: Process) => string, operands = 0): Command => ({
  flags: { defaults: {} }, operands,
  * run(process): Run<number> {
    process.print(`${text(process)}\n`);
    return 0;
  },
});

/** The words after the first line of resolv.conf that begins with `key`. */
function resolverWords(process: Process, key: string): string {
  const line = readFile(process, '/etc/resolv.conf').split('\n').find((one) => one.startsWith(key));
  return line?.split(' ').slice(1).join(',') ?? '';
}

export const dnsSuffix = printer((process) => resolverWords(process, 'search'));
export const dnsServerList = printer((process) => resolverWords(process, 'nameserver'));
export const etcHosts = printer((process) => readFile(process, '/etc/hosts'));
export const entrypointTester = printer((process) => `[${process.args.join(' ')}]`, Infinity);
export const noNewPrivs = printer((process) => `Effective uid: ${process.credentials.uid}`);
