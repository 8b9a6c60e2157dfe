/** What `npm pack` makes works in a fresh project: the README's snippet as printed, ESM, CommonJS, types, matchers, command line. */
import fs from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { block } from '../docs/session.ts';
import { PackedProject } from './packed-project.ts';

let project: PackedProject;
beforeAll(() => { project = new PackedProject(); }, 300_000);
afterAll(() => project.remove());

const vitest = (file: string) => project.node('node_modules/vitest/vitest.mjs', 'run', '--root', '.', file);
const tsc = (folder: string) => project.node('node_modules/typescript/bin/tsc', '-p', folder);

test('it holds what users need and nothing else', () => {
  expect(project.files).toEqual(expect.arrayContaining(['README.md', 'LICENSE', 'CHANGELOG.md', 'openapi.yaml', 'docs/faults.md', 'dist/index.js', 'dist/vitest.js', 'dist/cli.js',
    'dist/server.cjs', 'dist/types/src/index.d.ts', 'dist/types/src/vitest.d.ts']));
  expect(project.files.filter((file) => /^(src|test|tools|routes|bench)\/|server\.cache|dist\/tools|node_modules/.test(file))).toEqual([]);
});

test('the snippet of the README runs as printed', () => {
  project.write('readme.test.ts', block(fs.readFileSync('README.md', 'utf8'), 'library'));
  const { status, output } = vitest('readme.test.ts');
  expect(output).toContain('1 passed');
  expect(status).toBe(0);
}, 60_000);

test('the matchers register themselves, and their failure tells what happened', () => {
  project.write('matchers.test.ts', `
    import { expect, test } from 'vitest';
    import { startKube } from 'fakelet';
    import 'fakelet/vitest';
    test('passes', async () => {
      await using kube = await startKube();
      await kube.pods.create({ metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'busybox:1.36', command: ['sleep', '60'] }] } });
      await kube.pods.wait('web', 'condition=Ready');
      expect(kube).toBeReady('web');
    });
    test('fails', async () => {
      await using kube = await startKube();
      expect(kube).toBeReady('web');
    });`);
  const { output } = vitest('matchers.test.ts');
  expect(output).toContain('1 failed | 1 passed');
  expect(output).toContain('Expected pods default/web to be ready. There is none.');
  expect(output).toContain('What happened to pods default/web:');
}, 60_000);

const use = `
  const kube = await startKube();
  await kube.pods.create({ metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'nginx:1.29' }] } });
  const pod = await kube.pods.wait('web', 'condition=Ready');
  console.log(pod.status.phase, typeof matchers.toBeReady);
  await kube.close();`;

test.each([
  ['esm.js', `import { matchers, startKube } from 'fakelet';${use}`],
  ['require.cjs', `const { matchers, startKube } = require('fakelet');(async () => {${use}})();`],
  ['import.cjs', `(async () => { const { matchers, startKube } = await import('fakelet');${use}})();`],
])('a program uses it: %s', (file, text) => {
  project.write(file, text);
  expect(project.node(file)).toEqual({ status: 0, output: 'Running function\n' });
}, 60_000);

test('the recipe for node:test runs', () => {
  project.write('node.test.js', fs.readFileSync('test/docs/languages/node.test.js', 'utf8'));
  expect(project.node('--test', 'node.test.js')).toMatchObject({ status: 0, output: expect.stringMatching(/pass 1\n[^]*fail 0\n/) as string });
}, 60_000);

test('the recipe for jest runs in a runner with globals, CommonJS and an expect.extend', () => {
  project.write('jest.test.cjs', fs.readFileSync('test/docs/languages/jest.test.cjs', 'utf8'));
  const { output } = project.node('node_modules/vitest/vitest.mjs', 'run', '--root', '.', '--globals', 'jest.test.cjs');
  expect(output).toContain('1 passed');
}, 60_000);

test('the command line runs', () => {
  expect(project.node('node_modules/fakelet/dist/cli.js', 'sh', 'echo $((6 * 7))')).toEqual({ status: 0, output: '42\n' });
}, 60_000);

const settings = {
  strict: true, module: 'NodeNext', moduleResolution: 'NodeNext', target: 'ES2023', lib: ['ES2023', 'ESNext.Disposable'], types: ['node'],
  noEmit: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true,
};

test('a strict TypeScript project checks against its types, in ESM and in CommonJS', () => {
  project.write('typed/tsconfig.json', JSON.stringify({ compilerOptions: settings, files: ['consumer.ts', 'consumer.cts'] }));
  project.write('typed/consumer.cts', `import fakelet = require('fakelet');
    export const started: Promise<fakelet.Kube> = fakelet.startKube({ nodes: 2 });`);
  project.write('typed/consumer.ts', `
    import { expect } from 'vitest';
    import { ApiError, matchers, object, pod, startKube, type Behavior, type Draft, type Kube, type Pod } from 'fakelet';
    import 'fakelet/vitest';
    await using kube: Kube = await startKube({ seed: 7, clock: 'manual' });
    const draft: Draft<Pod> = { metadata: { name: 'web' }, spec: { containers: [{ name: 'app', image: 'nginx:1.29', ports: [{ containerPort: 80 }] }] } };
    const created: Pod = await kube.pods.create(draft);
    const phase: string | undefined = created.status.phase;
    const replicas: number | undefined = (await kube.resource('deployments.apps').get('web')).spec.replicas;
    const rule: Behavior = { script: { pull: [{ result: 'denied' }] } };
    kube.behaviors.add(rule);
    await kube.until(pod('web').isReady());
    expect(kube).toBeReady('web');
    expect(kube).not.toHaveEvents(object('deployments.apps', 'web'), ['ScalingReplicaSet', { reason: 'X', message: /y/ }]);
    expect.extend(matchers);
    export const seen = [phase, replicas, new ApiError({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: 404 }).code];
    // @ts-expect-error a replica count is a number
    await kube.resource('deployments.apps').create({ spec: { replicas: '2' } });
    // @ts-expect-error there is no such option
    await startKube({ cloc: 'manual' });
    // @ts-expect-error a matcher takes a name
    expect(kube).toBeReady(7);
  `);
  expect(tsc('typed')).toEqual({ status: 0, output: '' });
}, 60_000);

test('its interfaces of the served objects say what the schema says', () => {
  const source = `${process.cwd().replaceAll('\\', '/')}/src/schema/resource-types.ts`;
  project.write('same/tsconfig.json', JSON.stringify({ compilerOptions: { ...settings, skipLibCheck: true, allowImportingTsExtensions: true }, files: ['same.ts'] }));
  project.write('same/same.ts', `
    import type { ResourceTypes as Packed } from 'fakelet';
    import type { ResourceTypes as Derived } from '${source}';
    type Same<A, B> = [A] extends [B] ? [B] extends [A] ? true : 'derived' : 'packed';
    export const same: { [Name in keyof (Packed & Derived)]: Same<Packed[Name], Derived[Name]> } extends Record<keyof (Packed & Derived), true> ? true : false = true;
  `);
  expect(tsc('same')).toEqual({ status: 0, output: '' });
}, 60_000);
