// What a worker is asked, and what it answers.

/** One run of some tests of a file, with a mutant. */
export interface Round {
  readonly mutant: string;
  /** The tests to run, by their full names. */
  readonly only: readonly string[];
}

export interface Job {
  /** The path of the test file. */
  readonly path: string;
  /** One after another in the same process, or none: then all tests run once, on the source as it is. */
  readonly rounds: readonly Round[];
  /** Whether the mutant of the only round is on from the start, because loading the file reaches it. */
  readonly isOnWhileLoading: boolean;
  /** The milliseconds that a test may take. */
  readonly timeout: number;
}

/** Sent after each round. */
export interface RoundEnd {
  readonly mutant: string;
  /** The test that failed, if any did. */
  readonly failed: string | undefined;
  /** Whether the mutant ran so often that it must be in an endless loop. */
  readonly isEndless: boolean;
}

/** Sent when the file is done. */
export interface Answer {
  /**
   * The first test that failed without a mutant, or the error of loading the file; absent if all passed. After
   * rounds, the tests that failed in them have run once more without a mutant.
   */
  readonly failed: string | undefined;
  /** The milliseconds that each test took, by its full name. */
  readonly times: Readonly<Record<string, number>>;
  /** The mutants that each test reached; those reached while the file was loading have no test. */
  readonly reached: Readonly<Record<string, readonly string[]>>;
  readonly reachedByLoading: readonly string[];
  /** The worker's memory in bytes. */
  readonly memory: number;
}

/** The first message of a worker: the test files that Jest has found. */
export interface Ready {
  readonly paths: readonly string[];
}
