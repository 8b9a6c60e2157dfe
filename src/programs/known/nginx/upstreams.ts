/** nginx's upstreams: groups of servers with names of their own, looked up when the configuration is read. */
import { resolveHost } from '../../applets/network-tools.ts';
import type { Process } from '../../process.ts';
import { ConfigFault, type Directive } from './config.ts';

export interface Peer {
  readonly ip: string;
  readonly port: number;
}

interface Server extends Peer {
  readonly weight: number;
  readonly backup: boolean;
  /** Grows by the weight with each choice; the one that is chosen pays for all. */
  current: number;
}

export class Upstreams {
  readonly #groups = new Map<string, Server[]>();

  /** Looks all servers up. Throws ConfigFault for a name that nobody has: nginx does not start then. */
  constructor(process: Process, config: readonly Directive[]) {
    const http = config.filter(({ name }) => name === 'http').flatMap(({ block = [] }) => block);
    for (const { args: [name = ''], block = [] } of http.filter((one) => one.name === 'upstream')) {
      this.#groups.set(name, block.filter((one) => one.name === 'server' && !one.args.includes('down')).map((one) => server(process, one)));
    }
    for (const pass of passes(http)) {
      const host = proxied(pass.args[0] ?? '')?.host;
      if (host === undefined || host.includes('$') || this.#groups.has(host)) continue;
      const [name, port] = split(host);
      this.#groups.set(host, [{ ip: lookUp(process, name, name, pass), port, weight: 1, backup: false, current: 0 }]);
    }
  }

  /** The servers to try for a request, the one whose turn it is first; undefined for a name that the configuration does not have. */
  choose(host: string): readonly Peer[] | undefined {
    const group = this.#groups.get(host);
    if (!group) return undefined;
    const active = group.filter(({ backup }) => !backup);
    for (const one of active) one.current += one.weight;
    const order = active.toSorted((a, b) => b.current - a.current);
    if (order[0]) order[0].current -= active.reduce((sum, { weight }) => sum + weight, 0);
    return [...order, ...group.filter(({ backup }) => backup)];
  }
}

/** Host with its port, and path, of what `proxy_pass` names; undefined when it is not plain HTTP. */
export function proxied(url: string): { host: string; path: string | undefined } | undefined {
  const match = /^http:\/\/([^/?]+)([/?].*)?$/s.exec(url);
  return match && !match[1]!.startsWith('unix:') ? { host: match[1]!, path: match[2] } : undefined;
}

function passes(directives: readonly Directive[]): Directive[] {
  return directives.flatMap((one) => (one.name === 'proxy_pass' ? [one] : one.name === 'server' || one.name === 'location' ? passes(one.block ?? []) : []));
}

/** Name and port of an address, port 80 by default. */
export function split(address: string): [name: string, port: number] {
  const match = /^(.*?)(?::(\d+))?$/.exec(address)!;
  return [match[1]!, Number(match[2] ?? '80')];
}

function server(process: Process, directive: Directive): Server {
  const [address = '', ...options] = directive.args;
  const [name, port] = split(address);
  const weight = options.map((option) => /^weight=(\d+)$/.exec(option)?.[1]).find((text) => text !== undefined);
  return { ip: lookUp(process, name, address, directive), port, weight: Number(weight ?? '1'), backup: options.includes('backup'), current: 0 };
}

function lookUp(process: Process, name: string, shown: string, { file, line }: Directive): string {
  const ip = resolveHost(process, name);
  if (ip === undefined) throw new ConfigFault(`host not found in upstream "${shown}" in ${file}:${line}`);
  return ip;
}
