// What one part of the proof is: a question, and the figures that answer it.

export interface ProofOptions {
  /** Whether the part does only a little of its work. */
  readonly quick: boolean;
  /** Of all random choices: the same seed makes the same run. */
  readonly seed: number;
}

export interface ProofResult {
  /** What was tried or measured, and the figure, as the page shows them. */
  readonly figures: readonly (readonly [what: string, figure: string])[];
  /** One line each, with what is needed to run it again; empty if all promises held. */
  readonly failures: readonly string[];
}

export interface ProofPart {
  /** One word, for `--only`. */
  readonly name: string;
  /** The heading on the page. */
  readonly title: string;
  /** What the part tries, and what it cannot show: a paragraph of the page. */
  readonly about: string;
  run(options: ProofOptions): Promise<ProofResult>;
}
