import { describe, expect, it } from 'vitest';
import { ApiError, badRequest } from '../../../src/api/errors.ts';
import { partialObjectMetadataList } from '../../../src/api/table/partial-metadata.ts';
import { assertHasTable, parseIncludeObject, tableFor } from '../../../src/api/table/table.ts';
import type { KubeObject } from '../../../src/schema/objects.ts';
import { groups } from '../../../src/schema/resources.ts';

const now = Date.parse('2026-01-01T00:05:00Z');

function core(resource: string) {
  const facts = groups[0]!.versions[0]!.resources.find((candidate) => candidate.resource === resource)!;
  return { group: '', apiVersion: 'v1', kind: facts.kind, facts, groupResource: { group: '', resource } };
}

const map: KubeObject = {
  kind: 'ConfigMap', apiVersion: 'v1', data: { a: 'b' },
  metadata: { name: 'm', resourceVersion: '7', creationTimestamp: '2026-01-01T00:00:00Z' },
};

describe('tableFor', () => {
  it('shows metadata beside the cells, unless asked otherwise', () => {
    const rows = (['Metadata', 'Object', 'None'] as const).map((includeObject) =>
      tableFor(core('configmaps'), [map], now, { includeObject }).rows![0]);
    const cells = ['m', 1, '5m'];
    expect(rows).toEqual([
      { cells, object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: map.metadata } },
      { cells, object: map },
      { cells, object: null },
    ]);
  });

  it('names the kind of an object that came from a list', () => {
    const { kind: _kind, apiVersion: _apiVersion, ...item } = map;
    const { rows } = tableFor(core('configmaps'), [item], now, { includeObject: 'Object' });
    expect(Object.keys(rows![0]!.object!)).toEqual(['kind', 'apiVersion', 'data', 'metadata']);
  });

  it('takes the version of a single object, or the metadata of a list', () => {
    expect(tableFor(core('configmaps'), [map], now).metadata).toEqual({ resourceVersion: '7' });
    const metadata = { resourceVersion: '9', continue: 'c', remainingItemCount: 3 };
    expect(tableFor(core('configmaps'), [map], now, { metadata }).metadata).toEqual(metadata);
  });

  it('answers in the version of meta.k8s.io that was asked for', () => {
    const { apiVersion, rows } = tableFor(core('configmaps'), [map], now, { version: 'v1beta1' });
    expect([apiVersion, (rows![0]!.object as KubeObject).apiVersion]).toEqual(['meta.k8s.io/v1beta1', 'meta.k8s.io/v1beta1']);
  });

  it('leaves the columns out for later events of a watch', () => {
    expect(tableFor(core('configmaps'), [map], now, { noHeaders: true }).columnDefinitions).toBeNull();
  });

  it('has no list of rows for nothing where upstream has none', () => {
    expect([tableFor(core('configmaps'), [], now).rows, tableFor(core('limitranges'), [], now).rows]).toEqual([[], null]);
  });

  it('shows name and time of creation where there is no printer', () => {
    expect(tableFor(core('limitranges'), [map], now).rows![0]!.cells).toEqual(['m', '2026-01-01T00:00:00Z']);
  });
});

describe('tables of custom resources', () => {
  const widgets = (printerColumns: { name: string; type: string; jsonPath: string; priority?: number }[]) => ({
    group: 'example.com', apiVersion: 'example.com/v1', kind: 'Widget', printerColumns,
    facts: { resource: 'widgets', kind: 'Widget', singular: 'widget', namespaced: true, verbs: [] },
  });
  const widget: KubeObject = {
    metadata: { name: 'w', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: { size: 4.7, on: true, tiny: 1e-7, list: [1], conditions: [{ type: 'Ready', status: 'True' }], none: null, when: 'soon' },
  };
  const cells = (...columns: [type: string, jsonPath: string][]) =>
    tableFor(widgets(columns.map(([type, jsonPath]) => ({ name: jsonPath, type, jsonPath }))), [widget], now).rows![0]!.cells;

  it('have the columns that the version asks for', () => {
    const { columnDefinitions } = tableFor(widgets([{ name: 'Size', type: 'integer', jsonPath: '.spec.size', priority: 1 }]), [], now);
    expect(columnDefinitions![1]).toEqual({
      name: 'Size', type: 'integer', format: '', priority: 1, description: 'Custom resource definition column (in JSONPath format): .spec.size',
    });
  });

  it('have an age when the version asks for none', () => {
    const { columnDefinitions, rows } = tableFor(widgets([]), [widget], now);
    expect(columnDefinitions!.map(({ name }) => name)).toEqual(['Name', 'Age']);
    expect(rows![0]!.cells).toEqual(['w', '5m']);
  });

  it('convert values to the type of the column', () => {
    expect(cells(['integer', '.spec.size'], ['number', '.spec.size'], ['string', '.spec.size'], ['boolean', '.spec.on'], ['boolean', '.spec.size']))
      .toEqual(['w', 4, 4.7, '4.7', true, null]);
  });

  it('print text as Go does', () => {
    expect(cells(['string', '.spec.list'], ['string', '.spec.none'], ['string', '.spec.tiny'], ['string', '.spec.missing']))
      .toEqual(['w', '[1]', '<no value>', '1e-07', null]);
  });

  it('find values with filters', () => {
    expect(cells(['string', '.spec.conditions[?(@.type=="Ready")].status'])).toEqual(['w', 'True']);
  });

  it('show dates as ages', () => {
    expect(cells(['date', '.metadata.creationTimestamp'], ['date', '.spec.when'])).toEqual(['w', '5m', '<invalid>']);
  });

  it('leave a cell empty when its path cannot be read', () => {
    expect(cells(['string', '.spec['])).toEqual(['w', null]);
  });
});

describe('parameters', () => {
  it('refuses an includeObject that is none', () => {
    expect(['', undefined, 'None'].map(parseIncludeObject)).toEqual(['Metadata', 'Metadata', 'None']);
    expect(() => parseIncludeObject('Some')).toThrow(
      badRequest(`Unable to convert to Table as requested: includeObject: Invalid value: "Some": must be 'Metadata', 'Object', 'None', or empty`));
  });

  it('refuses tables of what has no metadata', () => {
    const thrown = (resource: string) => {
      try {
        assertHasTable(core(resource));
      } catch (error) {
        if (error instanceof ApiError) return [error.code, error.message];
      }
      return 'accepted';
    };
    expect(thrown('bindings')).toEqual([406, 'the resource bindings does not support being converted to a Table']);
    expect(thrown('pods')).toBe('accepted');
  });
});

describe('partialObjectMetadataList', () => {
  it('keeps metadata alone', () => {
    expect(partialObjectMetadataList({}, [map], { resourceVersion: '9' }, 'v1')).toEqual({
      kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: { resourceVersion: '9' },
      items: [{ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: map.metadata }],
    });
  });
});
