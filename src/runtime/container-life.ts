/** The life of containers: how their programs start, and what is left when they have ended. */
import type { Clock } from '../clock/clock.ts';
import { applets } from '../programs/applets/registry.ts';
import { Errno } from '../programs/errno.ts';
import { lookUp } from '../programs/exec.ts';
import type { ExitStatus } from '../programs/exit.ts';
import type { Machine } from '../programs/machine.ts';
import type { ContainerEnd, ContainerState } from './container.ts';
import { answerEverything } from '../programs/protocols/http-server.ts';
import type { ImageCatalogue, ImageRule } from './images.ts';
import { logStreams, makeMachine, spawnOptions, standIn, terminationMessage, type MachineParts } from './machine-factory.ts';
import { planOf } from './program-plan.ts';
import type { RuntimeEvent, StartResult } from './runtime.ts';
import { ScriptRun } from './script-run.ts';
import { startFailure } from './start-error.ts';

/** Whether a program is one that the emulated machine has in this image. */
function hasProgram({ contents, programs = {} }: ImageRule, name: string): boolean {
  return (contents !== 'bare' && applets.has(name)) || Object.keys(programs).some((path) => path.endsWith(`/${name}`));
}

export interface ContainerLifeOptions {
  readonly clock: Clock;
  readonly catalogue: ImageCatalogue;
  readonly parts: MachineParts;
  readonly onEvent: (event: RuntimeEvent) => void;
}

export class ContainerLife {
  readonly #options: ContainerLifeOptions;

  constructor(options: ContainerLifeOptions) {
    this.#options = options;
  }

  rule(container: ContainerState): ImageRule {
    return this.#options.catalogue.rule(container.config.image);
  }

  /** Starts the program of a created container. */
  start(container: ContainerState): StartResult {
    const rule = this.rule(container);
    const { script } = container;
    const { sharesProcesses } = container;
    const plan = planOf(container.config, rule, container.args, { known: (name) => hasProgram(rule, name), script, sharesProcesses });
    container.plan = plan;
    if (script?.startError !== undefined) return this.#notStarted(container, script.startError);
    const ended = (end: ContainerEnd): void => this.end(container, end);
    if (plan.kind === 'machine') return this.#startMachine(container, rule, ended);
    this.#markStarted(container);
    if (plan.kind === 'server' && !script?.listeners) this.#listen(container, plan.ports, rule);
    container.runConstant(plan.program, ended);
    if (sharesProcesses) this.withMachine(container);
    return { ok: true };
  }

  /** The machine of a running container, made now if its program was constant until here. */
  withMachine(container: ContainerState): ContainerState {
    if (container.machine) return container;
    const rule = this.rule(container);
    container.machine = this.#makeMachine(container, rule, (status) => this.end(container, status));
    const spawn = spawnOptions(container, rule, container.args, logStreams(container, () => this.#options.clock.now()));
    container.machine.spawn(undefined, spawn, (process) => standIn(process, container));
    return container;
  }

  /** Records the end of a container and lets go of what it held. */
  finish(container: ContainerState, end: ContainerEnd, reason: string): void {
    const now = this.#options.clock.now();
    container.state = 'exited';
    container.finishedAt = now;
    container.exitCode = end.code;
    container.reason = end.reason ?? reason;
    container.message = end.message ?? terminationMessage(container);
    container.scriptRun?.stop();
    container.sandbox.network.closeOf(container);
    container.cancelTimers();
    container.log.close(now);
  }

  #markStarted(container: ContainerState): void {
    container.state = 'running';
    container.startedAt = this.#options.clock.now();
    if (container.script) container.scriptRun = new ScriptRun(this.#options.clock, container, container.script, (end) => this.end(container, end));
    this.#options.onEvent({ type: 'containerStarted', podUid: container.config.podUid, containerId: container.id });
  }

  #notStarted(container: ContainerState, message: string): StartResult {
    this.finish(container, { code: 128 }, 'StartError');
    Object.assign(container, { message, startedAt: 0 });
    return { ok: false, message };
  }

  #makeMachine(container: ContainerState, rule: ImageRule, ended: (status: ExitStatus) => void): Machine {
    const { sandbox, target } = container;
    const namespace = target ? this.withMachine(target).machine : sandbox.pause;
    return makeMachine(container, rule, this.#options.parts, namespace?.pids, ended);
  }

  #startMachine(container: ContainerState, rule: ImageRule, ended: (status: ExitStatus) => void): StartResult {
    const { parts, clock } = this.#options;
    const machine = this.#makeMachine(container, rule, ended);
    container.machine = machine;
    const spawn = spawnOptions(container, rule, container.args, logStreams(container, () => clock.now()));
    const message = startFailure(machine, spawn);
    if (message !== undefined) return this.#notStarted(container, message);
    parts.scheduler.batch(() => {
      this.#markStarted(container);
      machine.spawn(undefined, spawn, function* (process) {
        const found = lookUp(process, process.args, spawn.env.get('PATH'));
        if (found instanceof Errno) return 127;
        process.args = found.args;
        return yield* found.program(process);
      });
    });
    return { ok: true };
  }

  /** A port that the image is known for speaks HTTP; nobody knows about the others, so they take what they get. */
  #listen(container: ContainerState, ports: readonly number[], rule: ImageRule): void {
    const { network, config } = container.sandbox;
    for (const port of ports) {
      if (network.listening().some((listener) => listener.port === port)) continue;
      const speaks = rule.ports?.includes(port) ? 'http' : 'anything';
      network.listen({ port, ip: undefined, owner: container, accept: (socket) => answerEverything(socket, speaks, `${config.hostname}\n`) });
    }
  }

  /** Its program is gone. */
  end(container: ContainerState, end: ContainerEnd): void {
    if (container.state !== 'running') return;
    const reason = container.machine?.outOfMemory ? 'OOMKilled' : end.code === 0 ? 'Completed' : 'Error';
    this.finish(container, end, reason);
    container.machine?.kill();
    this.#options.onEvent({ type: 'containerExited', podUid: container.config.podUid, containerId: container.id });
    for (const done of container.onExit.splice(0)) done();
  }
}
