/** The shape of the generated table of resources (`resources.ts`). */

/** Name, OpenAPI type, format and priority of a Table column. */
export type ColumnFact = readonly [name: string, type: string, format: string, priority: number];

export interface SubresourceFacts {
  readonly name: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

export interface ResourceFacts {
  readonly resource: string;
  readonly kind: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly subresources?: readonly SubresourceFacts[];
  readonly fieldSelectors?: readonly string[];
  readonly fieldSelectorRenames?: Readonly<Record<string, string>>;
  /** Error template, `<label>` standing for the unknown label. */
  readonly fieldSelectorError?: string;
  readonly statusSubresource?: boolean;
  readonly gracefulDeletion?: boolean;
  readonly generationOnCreate?: number;
  readonly generationBump?: string;
  /** PUT on a missing name creates. */
  readonly createOnUpdate?: boolean;
  /** PUT without a resourceVersion is allowed. */
  readonly unconditionalUpdate?: boolean;
  readonly defaultGC?: string;
  /** Paths whose ownership is dropped, per subresource (`''` is the main resource). */
  readonly resetFields?: Readonly<Record<string, readonly string[]>>;
  readonly ownedFieldsOnly?: Readonly<Record<string, readonly string[]>>;
  readonly columns?: readonly ColumnFact[];
  readonly defaultColumns?: boolean;
}

export interface GroupFacts {
  /** Empty for the core group. */
  readonly group: string;
  readonly preferred: string;
  readonly groupPriorityMinimum: number;
  readonly versionPriority?: Readonly<Record<string, number>>;
  readonly versions: readonly {
    readonly version: string;
    readonly versionPriority?: number;
    readonly resources: readonly ResourceFacts[];
  }[];
}
