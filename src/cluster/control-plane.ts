/** What kube-controller-manager and kube-scheduler run: every controller that the options ask for, started in order. */
import type { ApiPorts } from '../api/port.ts';
import type { Clock } from '../clock/clock.ts';
import { Bootstrap, systemObjects } from '../controllers/bootstrap.ts';
import type { Controller, ControllerContext } from '../controllers/controller.ts';
import { DefaultServiceRange } from '../controllers/default-service-range.ts';
import { flowControlObjects } from '../controllers/flow-control-objects.ts';
import { LegacyEventRecorder } from '../controllers/events/legacy-event-recorder.ts';
import { controllers, envtestControllers, eventComponent } from '../controllers/index.ts';
import { Scheduler } from '../controllers/scheduler/scheduler.ts';
import { ServiceAddresses } from '../controllers/service-addresses.ts';
import type { Prng } from '../lib/prng.ts';
import { OptionError, type Options } from '../options.ts';
import { profileOf } from './profiles.ts';
import { rootCertificate } from './root-certificate.ts';

export interface ControlPlaneOptions {
  readonly options: Options;
  readonly clock: Clock;
  readonly random: Prng;
  readonly ports: ApiPorts;
  /** PEM of the authority of the server, when it has one. */
  readonly ca: string | undefined;
}

export class ControlPlane {
  readonly #running: Controller[] = [];
  readonly #recorders: LegacyEventRecorder[] = [];

  constructor({ options, clock, random, ports, ca }: ControlPlaneOptions) {
    const profile = profileOf(options).controllers;
    const certificate = ca ?? rootCertificate;
    const context = (name: string, manager: string): ControllerContext => {
      const port = ports.as(manager);
      const recorder = new LegacyEventRecorder(port, clock, random.stream(`${name} events`), { component: eventComponent(name) });
      this.#recorders.push(recorder);
      return { port, clock, random: random.stream(name), recorder, profile, rootCertificate: certificate };
    };
    this.#running.push(
      new Bootstrap(context('flow control', 'api-priority-and-fairness-config-producer-v1'), flowControlObjects),
      new Bootstrap(context('bootstrap', 'kube-apiserver'), systemObjects),
      new ServiceAddresses(context('service addresses', 'kube-apiserver')),
      new DefaultServiceRange(context('service range', 'kubernetes-service-cidr-controller')),
    );
    for (const name of selected(options)) this.#running.push(new controllers[name]!(context(name, 'kube-controller-manager')));
    if (options.mode === 'full' && options.scheduler === 'on') {
      this.#running.push(new Scheduler({ port: ports.as('kube-scheduler'), clock, random: random.stream('scheduler'), profile }));
    }
  }

  start(): void {
    for (const controller of this.#running) controller.start();
  }

  close(): void {
    for (const controller of this.#running) controller.close();
    for (const recorder of this.#recorders) recorder.close();
  }
}

/** Names of the controllers to run: `*` stands for those of the mode, `-name` takes one away. */
function selected({ controllers: list, mode }: Options): string[] {
  const words = list.split(',').map((word) => word.trim()).filter((word) => word !== '');
  const chosen = new Set(words.includes('*') ? (mode === 'envtest' ? envtestControllers : Object.keys(controllers)) : []);
  for (const word of words.filter((one) => one !== '*')) {
    const name = word.replace(/^-/, '');
    if (!(name in controllers)) {
      throw new OptionError(`Failed to read --controllers: '${name}' is unknown. Known are: ${Object.keys(controllers).join(', ')}.`);
    }
    if (word.startsWith('-')) chosen.delete(name);
    else chosen.add(name);
  }
  return Object.keys(controllers).filter((name) => chosen.has(name));
}
