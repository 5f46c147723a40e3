// Mutants of src/core that no test can kill, because they behave as the source does, each with the reason.
import type { Equivalent } from './equivalent.js';

export const core: readonly Equivalent[] = [];
