/** Connections from the node into Pods: what probes, hooks and proxies see, with Go's error texts. */
import type { Clock } from '../clock/clock.ts';
import { fromBuffer, toBuffer } from '../programs/bytes.ts';
import { Errno } from '../programs/errno.ts';
import { Socket, type Network } from '../programs/network.ts';
import { greetsHealth, healthAnswer, healthRequest, type HealthAnswer } from '../programs/protocols/grpc-health.ts';
import { sendRequest } from '../programs/protocols/http-client.ts';
import type { Connection, ConnectResult, HttpRequest, HttpResult } from './runtime.ts';

/** gRPC's code of a call that was not answered in time. */
const DEADLINE_EXCEEDED = 4;

export class NodeClient {
  readonly #clock: Clock;
  readonly #network: Network;
  readonly #nodeIp: string;
  #nextPort = 40_000;

  constructor(clock: Clock, network: Network, nodeIp: string) {
    this.#clock = clock;
    this.#network = network;
    this.#nodeIp = nodeIp;
  }

  connect(ip: string, port: number, timeoutMs: number, done: (result: ConnectResult) => void): void {
    const socket = this.#open(ip, port);
    if (!(socket instanceof Errno)) return done({ ok: true, connection: asConnection(socket) });
    const address = addressText(ip, port);
    if (socket.code === 'ECONNREFUSED') return done({ ok: false, message: `dial tcp ${address}: connect: connection refused` });
    // Nobody has the address: packets get lost until the dialer gives up.
    this.#clock.after(timeoutMs, `connection to ${address}`, () => done({ ok: false, message: `dial tcp ${address}: i/o timeout` }));
  }

  http(request: HttpRequest, done: (result: HttpResult | { readonly error: string }) => void): void {
    const { ip, port, path, timeoutMs } = request;
    const url = `${request.scheme.toLowerCase()}://${addressText(ip, port)}${path}`;
    const fail = (why: string): void => done({ error: `${capitalized(request.method)} "${url}": ${why}` });
    const timeout = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';
    const socket = this.#open(ip, port);
    if (socket instanceof Errno) {
      if (socket.code === 'ECONNREFUSED') return fail(`dial tcp ${addressText(ip, port)}: connect: connection refused`);
      this.#clock.after(timeoutMs, `request to ${url}`, () => fail(timeout));
      return;
    }
    let finished = false;
    const timer = this.#clock.after(timeoutMs, `request to ${url}`, () => {
      if (finished) return;
      finished = true;
      socket.end();
      fail(timeout);
    });
    sendRequest(socket, { ...request, body: request.body === undefined ? '' : fromBuffer(request.body) }, (result) => {
      if (finished) return;
      finished = true;
      this.#clock.cancel(timer);
      if (typeof result === 'string') fail(result);
      else done({ ...result, body: toBuffer(result.body) });
    });
  }

  /** Asks a gRPC server for its health. Undefined when none has answered in time: a client tries until then. */
  checkHealth(ip: string, port: number, service: string, timeoutMs: number, done: (answer: HealthAnswer | undefined) => void): void {
    const socket = this.#open(ip, port);
    let received = '';
    let finished = false;
    const finish = (answer: HealthAnswer | undefined): void => {
      if (finished) return;
      finished = true;
      this.#clock.cancel(timer);
      if (socket instanceof Socket) socket.release();
      done(answer);
    };
    const timer = this.#clock.after(timeoutMs, `health check of ${addressText(ip, port)}`, () => finish(greetsHealth(received) ? { code: DEADLINE_EXCEEDED, message: 'context deadline exceeded' } : undefined));
    if (socket instanceof Errno) return;
    socket.retain();
    socket.onData((data) => {
      received += data;
      const answer = healthAnswer(received);
      if (answer) finish(answer);
    });
    socket.send(healthRequest(service, addressText(ip, port)));
  }

  #open(ip: string, port: number): Socket | Errno {
    try {
      return this.#network.connect(ip, port, `${this.#nodeIp}:${this.#nextPort++}`);
    } catch (error) {
      if (error instanceof Errno) return error;
      throw error;
    }
  }
}

/** What waits for the other end to read before the sender should. */
const unsentBytesMax = 65_536;

function asConnection(socket: Socket): Connection {
  socket.retain();
  let onEnd: () => void = () => {};
  let onRoom: () => void = () => {};
  let ended = false;
  let onData: ((data: Uint8Array) => void) | undefined;
  return {
    write: (data) => {
      socket.send(fromBuffer(data), () => onRoom());
      return socket.unsent < unsentBytesMax;
    },
    onRoom: (handler) => {
      onRoom = handler;
    },
    end: () => socket.end(),
    onData: (handler) => {
      onData = handler;
      socket.onData((data) => {
        if (data !== '') onData?.(toBuffer(data));
        else {
          ended = true;
          onEnd();
        }
      });
    },
    onEnd: (handler) => {
      onEnd = handler;
      if (ended) handler();
    },
  };
}

function addressText(ip: string, port: number): string {
  return ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`;
}

function capitalized(method: string): string {
  return method.slice(0, 1).toUpperCase() + method.slice(1).toLowerCase();
}
