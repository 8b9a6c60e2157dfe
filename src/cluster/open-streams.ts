/**
 * What a cluster still owes its clients: streams that flow and answers that are not given yet. A reset ends them all. A
 * clock of pace `auto` moves while somebody waits: for an answer, for lines of a log, for the end of a session, or for
 * one object (as kubectl wait and kubectl delete do). Informers watch collections for ever; they do not count.
 */
import type { ApiRequest, ApiResponse } from '../api/kube-api.ts';
import type { ApiStream, Upgrade } from '../api/streams.ts';

export class OpenStreams {
  readonly #ends = new Set<() => void>();
  readonly #onWait: () => void;
  #waiting = 0;

  /** `onWait` hears that somebody has begun to wait. */
  constructor(onWait: () => void) {
    this.#onWait = onWait;
  }

  /** Clients that wait for the clock. */
  get waiting(): number {
    return this.#waiting;
  }

  /** The same answer, followed to its end. */
  track(request: Pick<ApiRequest, 'path' | 'query'>, response: ApiResponse): ApiResponse {
    if ('stream' in response) return { ...response, stream: this.#stream(response.stream, isWait(request)) };
    if ('deferred' in response) {
      return { ...response, deferred: (done) => {
        const release = this.wait();
        response.deferred((final) => {
          release();
          done(final);
        });
      } };
    }
    if ('upgrade' in response) return { ...response, upgrade: this.#upgrade(response.upgrade, isWait(request)) };
    return response;
  }

  /** Somebody waits from now on, until the returned function is called. */
  wait(): () => void {
    let isWaiting = true;
    this.#waiting++;
    this.#onWait();
    return () => {
      if (isWaiting) this.#waiting--;
      isWaiting = false;
    };
  }

  /** Ends every stream. */
  close(): void {
    for (const end of [...this.#ends]) end();
  }

  #stream(stream: ApiStream, waits: boolean): ApiStream {
    return { start: (sink) => {
      let isOpen = true;
      let stop: () => void = () => undefined;
      const release = waits ? this.wait() : () => undefined;
      const finish = () => {
        if (!isOpen) return;
        isOpen = false;
        this.#ends.delete(end);
        release();
        sink.end();
      };
      const end = () => {
        stop();
        finish();
      };
      this.#ends.add(end);
      stop = stream.start({ ...sink, end: finish });
      return () => {
        isOpen = false;
        this.#ends.delete(end);
        release();
        stop();
      };
    } };
  }

  #upgrade(upgrade: Upgrade, waits: boolean): Upgrade {
    if (upgrade.kind === 'watch') return { ...upgrade, stream: this.#stream(upgrade.stream, waits) };
    if (upgrade.kind === 'portForward') return upgrade;
    return { ...upgrade, start: (output) => {
      const release = this.wait();
      const session = upgrade.start({ ...output, end: (status) => {
        release();
        output.end(status);
      } });
      return { ...session, close: () => {
        release();
        session.close();
      } };
    } };
  }
}

const isWait = ({ path, query }: Pick<ApiRequest, 'path' | 'query'>): boolean =>
  path.endsWith('/log') || /metadata\.name(?:=|%3D)/i.test(query);
