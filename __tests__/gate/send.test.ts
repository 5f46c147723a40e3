import type { Admission } from '../../src/gate/admission.js';
import { Send } from '../../src/gate/send.js';
import { callOf } from '../support/stub-call.js';

describe('a permit', () => {
  it.each([
    ['of an open gate still counts', false, 1, false],
    ['of a gate that has closed since counts no more', true, 2, true],
    ['that is outdated for its limiter counts no more', false, 1, true],
    ['of a gate that has closed and opened since counts again', false, 2, false],
    ['of the probe of a closed gate counts', true, 1, false],
  ])('%s', (words, closed, epoch, expired) => {
    const owner = {
      admission: { closed, epoch } as Admission,
      isOutdated: () => words.includes('outdated'),
      ended: () => undefined,
    };
    expect(new Send(owner, callOf(), 1, 0, 1, undefined).isExpired()).toBe(expired);
  });
});
