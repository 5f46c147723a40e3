// The entry: what each preset adds to a bundle, and what all of them have in common.
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, stop } from 'esbuild';
import fc from 'fast-check';
import { createGate } from '../../src/gate/index.js';
import * as presets from '../../src/presets/index.js';
import { answerWith } from '../support/answer.js';
import { anyValue } from '../support/any-value.js';

const SRC = join(__dirname, '../../src');

/** What an app has that reads hints and quotas already. */
const READERS = `
  export * from './hints/index.js';
  export { defineStatusTable, exponentialBackoff } from './policy/index.js';
`;

/** A module bundled with all that it imports, minified. */
async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: SRC, loader: 'ts' },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
  });
  return outputFiles[0]?.text ?? '';
}

const sizeOf = async (contents: string) => gzipSync(await bundle(contents), { level: 9 }).length;

afterAll(() => stop());

describe.each(Object.entries(presets))('%s()', (name, preset) => {
  const entry = `export { ${name} } from './presets/index.js';`;

  // A second kind of limit, and waits that grow, take the rest.
  const limit = name === 'github' ? 510 : 400;
  it(`adds at most ${limit} bytes, minified and gzipped, to what reads hints and quotas`, async () => {
    const added = (await sizeOf(READERS + entry)) - (await sizeOf(READERS));
    expect(added).toBeLessThanOrEqual(limit);
    expect(added).toBeGreaterThan(100);
  });

  it('brings no other preset, and no Axios', async () => {
    const code = await bundle(entry);
    const marks = {
      anthropic: 'enforced_spend_limit_reached',
      github: 'secondary rate',
      microsoftGraph: 'Directory_ConcurrencyViolation',
      openai: 'insufficient_quota',
      shopify: 'call-limit',
      stripe: 'stripe-should-retry',
    };
    const found = Object.entries(marks).filter(([, mark]) => code.includes(mark));
    expect(found.map(([one]) => one)).toEqual([name]);
    expect(code).not.toMatch(/(from|import)"axios"/);
  });

  it('has the parts that it says, and a gate that createGate takes', () => {
    const { gate, ...policy } = preset();
    expect(Object.keys(policy).filter((key) => key !== 'decide')).toEqual(['table', 'hints']);
    expect(createGate(gate).inspect()).toEqual([]);
  });

  it('does not share its state with another call of it', () => {
    expect(preset()).not.toBe(preset());
    expect(preset().table).not.toBe(preset().table);
  });

  it('reads whatever an answer has without an error', () => {
    const bodies = fc.oneof(
      anyValue,
      fc.record({ error: anyValue, message: anyValue }),
      fc.record({ error: fc.record({ type: anyValue, code: anyValue, details: anyValue }) }),
    );
    const headers = fc.dictionary(
      fc.constantFrom('retry-after', 'x-ratelimit-remaining', 'x-ratelimit-reset'),
      fc.oneof(fc.string(), fc.constantFrom('0', '1', ['0', '1'])),
    );
    const status = fc.constantFrom(400, 403, 409, 429, 500, 503, 529);
    fc.assert(
      fc.property(bodies, headers, status, (data, given, code) => {
        for (const hint of preset().hints) hint(answerWith(given, { status: code, data }));
      }),
    );
  });
});
