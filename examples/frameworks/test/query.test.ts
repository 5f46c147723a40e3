import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { linesOf } from './run.js';

const lines = await linesOf('query');
const sends = (line = ''): number => Number(/sends: (\d+)$/.exec(line)?.[1]);

describe('TanStack Query beside the plugin', () => {
  it('multiplies retries where both keep their defaults', () => {
    assert.match(String(lines[0]), /^\/naive /);
    assert.equal(sends(lines[0]), (1 + 3) * (1 + 5));
  });

  it('leaves HTTP to the plugin by the rule', () => {
    assert.match(String(lines[1]), /^\/ruled /);
    assert.equal(sends(lines[1]), 1 + 5);
  });

  it('still retries what is no HTTP failure', () => {
    assert.match(String(lines[2]), /^\/bug /);
    assert.equal(sends(lines[2]), 1 + 3);
  });

  it('ends the wait of a query that is unmounted, where the signal is passed on', () => {
    assert.equal(lines[3], '/left   unmounted during a wait, with the signal: 0 wait; sends: 1');
  });

  it('leaves the wait where it is not', () => {
    assert.equal(lines[4], '/kept   unmounted during a wait, without it: 1 waits; sends: 1');
  });

  it('keeps the wait of a query invalidated without cancelRefetch', () => {
    assert.match(String(lines[5]), /cancelRefetch: false/);
    assert.equal(sends(lines[5]), 2);
  });

  it('cuts the wait short when a query with data is invalidated', () => {
    assert.match(String(lines[6]), /sent at once/);
    assert.equal(sends(lines[6]), 3);
    assert.equal(lines.length, 7);
  });
});
