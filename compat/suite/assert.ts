// `node:assert/strict` in a page, where there is none: the few functions that the rules use.
import { assert } from 'chai';

export default {
  equal: assert.strictEqual,
  deepEqual: assert.deepEqual,
  ok: assert.isOk,
  match: assert.match,
};
