// Changes a text at random.
import type { Random } from './random.js';

/** Characters that mean something to a parser, or look like such. */
const CHARACTERS = [
  ...'0123456789 \t,;:=.-+*?@%"\'\\/()[]{}<>#&|~^$!_aeghmnstuxzADGMSTWZ',
  ...['\0', '\r', '\n', '\r\n', '\v', '\f', '\u00a0', '\u0660', '\uff11', '\u2028', '\ufeff'],
  ...[
    '\u00e9',
    '\u00b5',
    '\u00c2\u00b5',
    '\ud800',
    '\u{1f600}',
    'GMT',
    'ms',
    'e9',
    '0x1',
    '__proto__',
  ],
];

/** The text after some changes: parts of it left out, doubled, moved, repeated or replaced. */
export function mutate(random: Random, text: string): string {
  let changed = text;
  for (let changes = 1 + random.below(4); changes > 0; changes -= 1) {
    const at = random.below(changed.length + 1);
    const end = Math.min(at + 1 + random.below(4), changed.length);
    const [before, part, after] = [
      changed.slice(0, at),
      changed.slice(at, end),
      changed.slice(end),
    ];
    changed = random.pick([
      before + after,
      before + part + part + after,
      after + part + before,
      before + random.pick(CHARACTERS) + part + after,
      before + random.pick(CHARACTERS) + after,
      before + part.repeat(random.oneIn(50) ? 1000 : 3) + after,
      before,
      part + after,
      before + part.toLowerCase() + after,
    ]);
  }
  return changed;
}
