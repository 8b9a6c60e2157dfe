import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('a start runs what the build compiled', () => {
  const program = `
    const vm = require('node:vm'), v8 = require('node:v8'), fs = require('node:fs'), path = require('node:path');
    v8.setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks');
    const filename = path.resolve('dist/server.cjs');
    const text = '(function (exports, require, module) {' + fs.readFileSync(filename, 'utf8') + '\\n})';
    console.log(new vm.Script(text, { filename, cachedData: fs.readFileSync('dist/server.cache') }).cachedDataRejected);`;
  expect(spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' })).toMatchObject({ stdout: 'false\n', stderr: '' });
});
