// What a list of equivalent mutants is made of.

export interface Equivalent {
  readonly file: string;
  /** Part of the line on which the mutated text begins; only if the file has the same text twice. */
  readonly line?: string;
  /** The mutated text, with white space as one space; or, with "…" at its end, how it begins. */
  readonly from: string;
  /** The text in its place. */
  readonly to: string;
  readonly why: string;
}
