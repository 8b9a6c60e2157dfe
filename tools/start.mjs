// `npm start`: set-up when needed, then the server in this very process.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfStale, install, root } from './setup.mjs';

install();
await buildIfStale();
await import(pathToFileURL(path.join(root, 'dist', 'cli.js')).href);
