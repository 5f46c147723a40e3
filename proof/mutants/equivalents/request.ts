// Mutants of src/request that no test can kill, because they behave as the source does, each with the reason.
import type { Equivalent } from './equivalent.js';

export const request: readonly Equivalent[] = [
  {
    file: 'src/request/outcome.ts',
    from: '{ return undefined; }',
    to: '{}',
    why: 'the function returns nothing then',
  },
  {
    file: 'src/request/state.ts',
    from: '{ // A value whose getter throws …',
    to: '{}',
    why: 'the function returns nothing then',
  },
  {
    file: 'src/request/body.ts',
    from: 'body?.on',
    to: 'body.on',
    why: 'there is a body, since it has the method pipe',
  },
  {
    file: 'src/request/body.ts',
    from: 'body?.destroy',
    to: 'body.destroy',
    why: 'there is a body, since it has the method pipe',
  },
  {
    file: 'src/request/body.ts',
    from: '(response?.request as Unread | undefined)?.destroy?.()',
    to: '(response?.request as Unread | undefined)?.destroy()',
    why: 'its error would be caught, and nothing follows',
  },
  {
    file: 'src/request/body.ts',
    from: '(response?.request as Unread | undefined)?.destroy',
    to: '(response?.request as Unread | undefined).destroy',
    why: 'its error would be caught, and nothing follows',
  },
  {
    file: 'src/request/body.ts',
    from: 'body?.cancel?.()',
    to: 'body?.cancel()',
    why: 'its error would be caught, and nothing follows',
  },
  {
    file: 'src/request/body.ts',
    from: 'body?.cancel',
    to: 'body.cancel',
    why: 'there is a body, since it has the method getReader',
  },
  {
    file: 'src/request/idempotency-key.ts',
    line: 'method ??',
    from: "''",
    to: '"Stryker was here!"',
    why: 'neither is post or patch',
  },
  {
    file: 'src/request/body.ts',
    from: 'body?.pipe',
    to: 'body.pipe',
    why: 'its error would be caught, and nothing else happens without a body',
  },
  {
    file: 'src/request/body.ts',
    from: 'body?.getReader',
    to: 'body.getReader',
    why: 'its error would be caught, and nothing else happens without a body',
  },
  {
    file: 'src/request/snapshot.ts',
    line: '#last',
    from: '[]',
    to: '["Stryker was here"]',
    why: 'the first list is another one in any case',
  },
  {
    file: 'src/request/snapshot.ts',
    line: 'if (interner)',
    from: 'interner',
    to: 'false',
    why: 'it only saves memory',
  },
  {
    file: 'src/request/state.ts',
    from: '(outcome as { config?: unknown } | null | undefined)?.config',
    to: '(outcome as { config?: unknown; } | null | undefined).config',
    why: 'its error is caught',
  },
];
