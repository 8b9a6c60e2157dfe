/** What every OpenAPI v3 document has around its paths. */
import type { JsonObject } from '../../lib/json.ts';
import type { Models } from './models.ts';

/** Upstream names the version that it emulates, without the patch. */
export const openApiInfo: JsonObject = { title: 'Kubernetes', version: '1.36' };

/** A document of these paths and of the models that they have named. */
export function documentWith(paths: Readonly<Record<string, JsonObject>>, models: Models): JsonObject {
  return {
    openapi: '3.0.0',
    info: openApiInfo,
    paths: Object.fromEntries(Object.keys(paths).sort().map((path) => [path, paths[path]!])),
    components: {
      ...(models.all.size > 0 ? { schemas: models.sorted() } : {}),
      securitySchemes: { BearerToken: { description: 'Bearer Token authentication', in: 'header', name: 'authorization', type: 'apiKey' } },
    },
  };
}
