/** The ports of the cluster's own components, through which faults can reach them. Without a rule a write passes at once. */
import type { ApiPort, ApiPorts, Outcome, Write } from '../../api/port.ts';

/** Carries a write out or fails it. */
export type FaultyWrite = (manager: string, write: Write, perform: (done?: (outcome: Outcome) => void) => void, done?: (outcome: Outcome) => void) => void;

export interface ComponentFaults {
  /** Some rule is about components. */
  readonly hitsComponents: boolean;
  readonly write: FaultyWrite;
}

export function componentPorts(ports: ApiPorts, faults: ComponentFaults): ApiPorts {
  return { as: (manager) => faultyPort(manager, ports.as(manager), faults) };
}

function faultyPort(manager: string, port: ApiPort, faults: ComponentFaults): ApiPort {
  return {
    lister: (resource) => port.lister(resource),
    onChange: (resource, handler) => port.onChange(resource, handler),
    submit: (write, done) => {
      if (!faults.hitsComponents) return port.submit(write, done);
      faults.write(manager, write, (then) => port.submit(write, then), done);
    },
  };
}
