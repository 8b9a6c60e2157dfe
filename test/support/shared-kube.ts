/** One server for all tests of a file. Each test begins with an empty cluster; the manual clock goes on. */
import { afterAll, beforeEach } from 'vitest';
import { startKube, type Kube, type Options } from 'fakelet';

export async function sharedKube(options: Partial<Options> = {}): Promise<Kube> {
  const kube = await startKube(options);
  beforeEach(() => kube.reset());
  afterAll(() => kube.close());
  return kube;
}

/** The time `seconds` from now on the clock of `kube`, as Kubernetes writes it. Take it before the clock moves. */
export const timeIn = (kube: Kube, seconds: number): string =>
  new Date(kube.clock.now() + seconds * 1000).toISOString().replace('.000Z', 'Z');
