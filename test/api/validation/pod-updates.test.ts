import { expect, test } from 'vitest';
import { validateEphemeralContainersUpdate } from '../../../src/api/validation/pod/ephemeral-containers-update.ts';
import type { FieldError } from '../../../src/api/field-error.ts';
import { validatePodResize } from '../../../src/api/validation/pod/resize.ts';
import { validatePodStatusUpdate } from '../../../src/api/validation/pod/status-update.ts';
import { validatePodUpdate } from '../../../src/api/validation/pod/update.ts';
import type { PodObject } from '../../../src/api/resources/pods.ts';
import { container, pod, texts } from './pod-fixture.ts';

type Validate = (next: PodObject, old: PodObject, errors: FieldError[]) => void;

function causes(validate: Validate, next: PodObject, old: PodObject): string[] {
  const errors: FieldError[] = [];
  validate(next, old, errors);
  return texts(errors);
}

test('a changed field shows as a difference of the internal spec', () => {
  const [first, ...others] = causes(validatePodUpdate, pod({ hostname: 'h' }), pod({}));
  expect(others).toEqual([]);
  expect(first!.split('\n').slice(1)).toEqual([
    '@@ -64,7 +64,7 @@', '   "SELinuxChangePolicy": null', '  },', '  "ImagePullSecrets": null,', '- "Hostname": "",', '+ "Hostname": "h",',
    '  "Subdomain": "",', '  "SetHostnameAsFQDN": null,', '  "Affinity": null,', '',
  ]);
});

test('a quantity written differently is no change', () => {
  const limits = (cpu: string) => container({ resources: { limits: { cpu } } });
  const next = pod(limits('1'));
  next.spec.containers[0]!.resources = { limits: { cpu: '1000m' }, requests: { cpu: '1000m' } };
  expect(causes(validatePodUpdate, next, pod(limits('1')))).toEqual([]);
});

test('a gated Pod may narrow its nodes, another may not', () => {
  const gated = { schedulingGates: [{ name: 'g' }] };
  expect(causes(validatePodUpdate, pod({ ...gated, nodeSelector: { a: 'b', c: 'd' } }), pod({ ...gated, nodeSelector: { a: 'b' } }))).toEqual([]);
  expect(causes(validatePodUpdate, pod({ ...gated, nodeSelector: { c: 'd' } }), pod({ ...gated, nodeSelector: { a: 'b' } }))).toEqual([
    'spec.nodeSelector: Invalid value: {"c":"d"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
  ]);
  expect(causes(validatePodUpdate, pod({ nodeSelector: { a: 'b' } }), pod({}))[0]).toContain('pod updates may not change fields');
});

test('a container that ended cannot come back unless something restarts it', () => {
  const status = (state: object) => ({ containerStatuses: [{ name: 'a', state }] });
  const ended = status({ terminated: { exitCode: 1 } });
  const after = (spec: object) => causes(validatePodStatusUpdate, pod(spec, {}, status({ running: {} })), pod(spec, {}, ended));
  const refused = ['status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state'];
  expect(after({})).toEqual([]);
  expect(after({ restartPolicy: 'OnFailure' })).toEqual([]);
  expect(after({ restartPolicy: 'Never' })).toEqual(refused);
  const rules = (operator: string) => ({ restartPolicyRules: [{ action: 'Restart', exitCodes: { operator, values: [1] } }] });
  expect(after({ restartPolicy: 'Never', ...container({ restartPolicy: 'Never', ...rules('In') }) })).toEqual([]);
  expect(after({ restartPolicy: 'Never', ...container({ restartPolicy: 'Never', ...rules('NotIn') }) })).toEqual(refused);
});

test('addresses come as one, or one of each family', () => {
  const after = (...ips: string[]) => causes(validatePodStatusUpdate, pod({}, {}, { podIPs: ips.map((ip) => ({ ip })) }), pod({}));
  expect(after('10.0.0.1', 'fd00::1')).toEqual([]);
  expect(after('10.0.0.1', '10.0.0.2')).toEqual([
    'status.podIPs: Invalid value: [{"IP":"10.0.0.1"},{"IP":"10.0.0.2"}]: may specify no more than one IP for each IP family',
  ]);
});

test('a resize changes cpu and memory, and keeps the class', () => {
  const sized = (requests: object) => pod(container({ resources: { requests } }));
  expect(texts(validatePodResize(sized({ cpu: '2' }), sized({ cpu: '1' })))).toEqual([]);
  expect(texts(validatePodResize(sized({ cpu: '1', 'ephemeral-storage': '1Gi' }), sized({ cpu: '1' })))).toEqual([
    'spec: Forbidden: only cpu and memory resources are mutable',
  ]);
  expect(texts(validatePodResize(pod({}), sized({ cpu: '1' })))).toEqual([
    'spec: Invalid value: "": Pod QOS Class may not change as a result of resizing',
    'spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed',
  ]);
});

test('an ephemeral container stays as it was added', () => {
  const debug = (image: string) => pod({ ephemeralContainers: [{ name: 'd', image }] });
  expect(texts(validateEphemeralContainersUpdate(debug('x'), debug('x')))).toEqual([]);
  expect(texts(validateEphemeralContainersUpdate(pod({}), debug('x')))).toEqual([
    'spec.ephemeralContainers: Forbidden: existing ephemeral containers "d" may not be removed\n',
  ]);
  expect(texts(validateEphemeralContainersUpdate(debug('y'), debug('x')))[0]).toContain('- "Image": "x",\n+ "Image": "y",');
  const mirror = pod({ nodeName: 'n' }, { annotations: { 'kubernetes.io/config.mirror': 'm' } });
  expect(texts(validateEphemeralContainersUpdate(mirror, mirror))).toEqual([': Forbidden: static pods do not support ephemeral containers']);
});
