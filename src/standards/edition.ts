/** What a file of this folder says of the document it holds; docs/standards.md says the same in words, and a test compares them. */
export interface Edition {
  /** Number of the document, as it is cited. */
  readonly document: string;
  readonly title: { readonly zh: string; readonly en: string };
  /** First day in force, YYYY-MM-DD; null: not known, or it has none. */
  readonly from: string | null;
  /** Last day in force; null: still in force, or not known. */
  readonly to: string | null;
  /**
   * What of it could not be read in the document itself: with the settings that hold it, `(air.rounding.*, air.county_few)`, or with the
   * reason why none does, `no setting: ...`.
   */
  readonly doubts: readonly string[];
}
