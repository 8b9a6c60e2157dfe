/** What somebody does by hand to a container that runs: end it, answer its probes, write into its log, see what it uses. */
import type { Clock } from '../clock/clock.ts';
import { encodeText } from '../programs/bytes.ts';
import type { ContainerLife } from './container-life.ts';
import type { ContainerEnd } from './container.ts';
import type { PodRecords } from './pod-records.ts';
import type { LogLine } from './runtime.ts';
import type { Asked, ScriptedAnswer, Usage } from './script.ts';

export class ContainerControls {
  readonly #clock: Clock;
  readonly #life: ContainerLife;
  readonly #records: PodRecords;

  constructor(clock: Clock, life: ContainerLife, records: PodRecords) {
    this.#clock = clock;
    this.#life = life;
    this.#records = records;
  }

  /** What the running containers of a Pod, or of the node, use. */
  usages(podUid?: string): { container: string; usage: Usage }[] {
    const containers = podUid === undefined ? [...this.#records.containers.values()] : this.#records.of(podUid).containers;
    return containers.filter(({ state }) => state === 'running').map((container) => ({ container: container.config.name, usage: container.usage() }));
  }

  /** Process 1 ends as told, whatever it does. */
  end(containerId: string, end: ContainerEnd): void {
    const container = this.#records.running(containerId);
    if (container) this.#life.end(container, end);
  }

  /** Answers the next `times` probes of a kind; undefined lets them run again. */
  answer(containerId: string, asked: Asked, answer: ScriptedAnswer | undefined, times: number): void {
    const byHand = this.#records.running(containerId)?.answersByHand;
    if (answer) byHand?.set(asked, { answer, left: times });
    else byHand?.delete(asked);
  }

  log(containerId: string, stream: LogLine['stream'], line: string): void {
    this.#records.running(containerId)?.log.write(stream, encodeText(`${line}\n`), this.#clock.now());
  }
}
