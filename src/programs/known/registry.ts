/** The programs of known images by the name under which the catalogue puts them into files. */
import type { Program } from '../process.ts';
import { sh } from '../shell/main.ts';
import { agnhost } from './agnhost/agnhost.ts';
import { apache } from './apache.ts';
import { nginx, nginxEntrypoint } from './nginx/nginx.ts';
import { commandEntrypoint } from './entrypoint.ts';
import { pgIsReady, postgres, psql } from './postgres.ts';
import { redisCli } from './redis/cli.ts';
import { redisEntrypoint, redisServer } from './redis/server.ts';

export const knownPrograms = {
  agnhost, apache, commandEntrypoint, nginx, nginxEntrypoint, pgIsReady, postgres, psql, redisCli, redisEntrypoint, redisServer,
  /** bash, where an image has it: this shell, with what it knows of bash. */
  bash: sh,
} as const satisfies Readonly<Record<string, Program>>;

export type KnownProgram = keyof typeof knownPrograms;
