/** From exec to ready to the first Running Pod, against `node -e 0`. */
import { spawn, spawnSync } from 'node:child_process';
import { median, timed, type Figure } from './figure.ts';
import { podManifest } from './pods.ts';

const rounds = 7;

export async function benchStart(): Promise<Figure[]> {
  const bare: number[] = [];
  const ready: number[] = [];
  const running: number[] = [];
  for (let i = 0; i < rounds; i++) {
    bare.push(await timed(() => spawnSync(process.execPath, ['-e', '0'])));
    const round = await startOnce();
    ready.push(round.readyMs);
    running.push(round.runningMs);
  }
  return [
    { what: 'start: exec to ready', measured: `${(median(ready) / median(bare)).toFixed(1)}x node -e 0 (${median(ready).toFixed(0)} ms)`, target: '<= 6x' },
    { what: 'start: ready to first Pod Running (fast)', measured: `${median(running).toFixed(0)} ms`, target: '<= 50 ms' },
  ];
}

async function startOnce(): Promise<{ readyMs: number; runningMs: number }> {
  const start = performance.now();
  const child = spawn(process.execPath, ['dist/cli.js', '--port', '0', '--profile', 'fast'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await new Promise<string>((resolve) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const match = /ready (\S+)/.exec(text);
      if (match) resolve(match[1]!);
    });
  });
  const readyMs = performance.now() - start;
  const runningMs = await timed(() => firstPod(url));
  child.kill('SIGKILL');
  return { readyMs, runningMs };
}

async function firstPod(url: string): Promise<void> {
  const pods = `${url}/api/v1/namespaces/default/pods`;
  const created = await fetch(pods, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(podManifest('first')) });
  if (created.status !== 201) throw new Error(`create answered ${created.status}: ${await created.text()}`);
  const watch = await fetch(`${pods}?watch=1&fieldSelector=metadata.name%3Dfirst`);
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of watch.body!) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.includes('"phase":"Running"')) return;
  }
  throw new Error('the watch ended before the Pod ran');
}
