// Stands in for `node:assert/strict` in a page: the few functions that the rules use.
import { assert } from 'chai';

export default {
  equal: assert.strictEqual,
  deepEqual: assert.deepEqual,
  ok: assert.isOk,
  match: assert.match,
};
