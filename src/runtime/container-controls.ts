/** What somebody does by hand to a container that runs: end it, answer its probes, write into its log. */
import type { Clock } from '../clock/clock.ts';
import { encodeText } from '../programs/bytes.ts';
import type { ContainerLife } from './container-life.ts';
import type { ContainerEnd, ContainerState } from './container.ts';
import type { LogLine } from './runtime.ts';
import type { Asked, ScriptedAnswer } from './script.ts';

export class ContainerControls {
  readonly #clock: Clock;
  readonly #life: ContainerLife;
  readonly #running: (containerId: string) => ContainerState | undefined;

  /** `running` finds a container that runs. */
  constructor(clock: Clock, life: ContainerLife, running: (containerId: string) => ContainerState | undefined) {
    this.#clock = clock;
    this.#life = life;
    this.#running = running;
  }

  /** Process 1 ends as told, whatever it does. */
  end(containerId: string, end: ContainerEnd): void {
    const container = this.#running(containerId);
    if (container) this.#life.end(container, end);
  }

  /** Answers the next `times` probes of a kind; undefined lets them run again. */
  answer(containerId: string, asked: Asked, answer: ScriptedAnswer | undefined, times: number): void {
    const byHand = this.#running(containerId)?.answersByHand;
    if (answer) byHand?.set(asked, { answer, left: times });
    else byHand?.delete(asked);
  }

  log(containerId: string, stream: LogLine['stream'], line: string): void {
    this.#running(containerId)?.log.write(stream, encodeText(`${line}\n`), this.#clock.now());
  }
}
