// Tells answers that come from a cache, whose quotas may be over.
import type { ServerAnswer } from '../policy/hint.js';
import { fieldText } from './field.js';

/** Whether an answer has an `Age` above 0, or one that is no number. */
export function isCached(answer: ServerAnswer): boolean {
  const age = fieldText(answer, 'age');
  return age !== undefined && !/^[ \t]*0+[ \t]*$/.test(age);
}
