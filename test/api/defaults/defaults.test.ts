import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeObject } from '../../../src/api/codec/decode.ts';
import { normalize } from '../../../src/api/codec/normalize.ts';
import { applyDefaults } from '../../../src/api/defaults/defaults.ts';
import { kinds } from '../../../src/schema/kinds.ts';
import { structType } from '../../../src/schema/struct-type.ts';

interface Vector { id: string; title: string; object: { apiVersion: string; kind: string }; defaulted: unknown }
const vectors = JSON.parse(readFileSync(new URL('../../golden/vectors/defaults-vectors.json', import.meta.url), 'utf8')) as Vector[];

function defaulted(object: { apiVersion: string; kind: string; [member: string]: unknown }): Record<string, unknown> {
  const type = structType(kinds.get(`${object.apiVersion}/${object.kind}`)!);
  const decoded = decodeObject(type, object, false).object;
  applyDefaults(type, decoded);
  return normalize(type, decoded);
}

describe('defaults vectors of a real server', () => {
  it.each(vectors)('fills $id ($title) to the same text', ({ object, defaulted: expected }) => {
    expect(JSON.stringify(defaulted(object))).toBe(JSON.stringify(expected));
  });
});

describe('applyDefaults', () => {
  it('changes nothing when run again', () => {
    for (const { object } of vectors) {
      const once = defaulted(object);
      expect(defaulted(once as unknown as typeof object)).toEqual(once);
    }
  });

  it('gives pod templates the rules of pod specs but not those of Pods', () => {
    const { spec } = defaulted({
      apiVersion: 'apps/v1', kind: 'Deployment',
      spec: { template: { spec: { hostNetwork: true, containers: [{ name: 'a', ports: [{ containerPort: 1 }] }] } } },
    }) as { spec: { template: { spec: Record<string, unknown> } } };
    const { containers, ...rest } = spec.template.spec;
    expect(rest).toEqual({
      restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst', hostNetwork: true,
      securityContext: {}, schedulerName: 'default-scheduler',
    });
    expect(containers).toMatchObject([{ ports: [{ containerPort: 1, protocol: 'TCP' }] }]);
  });

  it('keeps an autoscaler behaviour and completes it', () => {
    const { spec } = defaulted({
      apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler',
      spec: { scaleTargetRef: { kind: 'Deployment', name: 'd' }, maxReplicas: 3, behavior: { scaleDown: { selectPolicy: 'Min' } } },
    }) as { spec: Record<string, unknown> };
    expect(spec).toEqual({
      scaleTargetRef: { kind: 'Deployment', name: 'd' }, minReplicas: 1, maxReplicas: 3,
      metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0, selectPolicy: 'Max',
          policies: [{ type: 'Pods', value: 4, periodSeconds: 15 }, { type: 'Percent', value: 100, periodSeconds: 15 }],
        },
        scaleDown: { selectPolicy: 'Min', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] },
      },
    });
  });
});
