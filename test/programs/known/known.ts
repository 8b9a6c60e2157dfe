/** Containers of known images, and what one can ask them. */
import { expect } from 'vitest';
import type { Container, ContainerConfig, HttpRequest } from '../../../src/runtime/runtime.ts';
import { exec, makeNode, makeSandbox, run, type Node } from '../../runtime/node.ts';

export const address = '10.244.1.2';

export interface Started {
  readonly node: Node;
  readonly container: Container;
  /** Lines of the log, as they are. */
  log(): string[];
  /** Status and body of an answer, or the error. */
  get(path: string, more?: Partial<HttpRequest>): unknown;
  headers(path: string): Readonly<Record<string, string>>;
  /** Output and exit code. */
  exec(...command: string[]): [output: string, exitCode: number | undefined];
  stop(signal?: string): number | undefined;
}

/** Starts a container with an image of the catalogue, in a sandbox of its own. */
export function start(image: string, args: readonly string[] = [], more: Partial<ContainerConfig> = {}): Started {
  const node = makeNode({ images: [] });
  const sandboxId = makeSandbox(node);
  node.runtime.pullImage(image, () => {});
  node.clock.runDue();
  const container = run(node, sandboxId, [], { image, args, ...more });
  const ask = (path: string, options: Partial<HttpRequest> = {}) => {
    let answer: unknown;
    node.runtime.http({ method: 'GET', scheme: 'HTTP', ip: address, port: 80, path, headers: [], timeoutMs: 60_000, ...options }, (result) => { answer = result; });
    node.clock.runDue();
    return answer as { error: string } | { status: number; headers: Record<string, string>; body: Uint8Array } | undefined;
  };
  return {
    node, container,
    log: () => node.runtime.logs(container.id).lines.map(({ text }) => text),
    get: (path, options) => {
      const answer = ask(path, options);
      return answer === undefined || 'error' in answer ? answer?.error : [answer.status, Buffer.from(answer.body).toString()];
    },
    headers: (path) => {
      const answer = ask(path);
      if (!answer || 'error' in answer) throw new Error(answer?.error ?? 'no answer');
      return answer.headers;
    },
    exec: (...command) => {
      const result = exec(node, container, command);
      return [result?.output ?? '', result?.exitCode];
    },
    stop: (signal) => {
      node.runtime.stopContainer(container.id, 90_000, () => {}, signal);
      node.clock.advance(89_000);
      return container.exitCode;
    },
  };
}

/** A text of the log without its times. */
export function untimed(lines: readonly string[]): string[] {
  const plain = lines.map((line) => line.replace(/^(I\d{4} [\d:.]+|\d{4}\/\d\d\/\d\d [\d:]+)/, 'TIME'));
  expect(plain.join('')).not.toContain('undefined');
  return plain;
}
