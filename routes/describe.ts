/** The schemas of routes, in the order a reader asks: what it does, what it takes, what it gives. */
import { Type, type TSchema } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import * as own from '../src/schema/fakelet/v1.ts';

const nothing = Type.Null({ description: 'Done.' });

interface RouteParts { params?: TSchema; querystring?: TSchema; body?: TSchema; gives?: TSchema; produces?: string[] }

export function describe<const T extends RouteParts>(summary: string, parts: T) {
  const { gives = nothing, ...taken } = parts;
  return { summary, tags: ['fakelet'], ...taken, response: { 200: gives, '4xx': own.Problem } };
}

/** An application whose handlers get their types from the schemas. */
export type App = ReturnType<typeof typed>;
const typed = (app: FastifyInstance) => app.withTypeProvider<TypeBoxTypeProvider>();
