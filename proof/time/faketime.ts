// Sets the clock of a child: the library libfaketime (Debian: the package faketime) reads a file for it.
import { existsSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where distributions install it. */
function findLibrary(): string | undefined {
  const folders = ['/usr/lib', '/usr/lib64', '/usr/local/lib'].filter(existsSync);
  const all = folders.flatMap((folder) => [
    join(folder, 'faketime'),
    ...readdirSync(folder).map((name) => join(folder, name, 'faketime')),
  ]);
  const names = ['libfaketimeMT.so.1', 'libfaketime.so.1'];
  return all.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
}

export interface SettableClock {
  /** For the child. */
  readonly env: Readonly<Record<string, string>>;
  /** Sets the wall clock so many milliseconds off the real one. */
  setOff(ms: number): void;
  /** Stops it at the full second. */
  stop(): void;
}

/** @returns Undefined if the library is not installed. */
export function createSettableClock(): SettableClock | undefined {
  const library = findLibrary();
  if (library === undefined) return undefined;
  const file = join(mkdtempSync(join(tmpdir(), 'proof-time-')), 'faketime');
  const write = (text: string): void => writeFileSync(file, `${text}\n`);
  write('+0');
  return {
    env: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      // Timers run by the clock that only runs on. Nobody can set that one.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      TZ: 'UTC',
    },
    setOff: (ms) => write(`${ms < 0 ? '-' : '+'}${Math.abs(ms) / 1000}`),
    stop: () => write(new Date().toISOString().slice(0, 19).replace('T', ' ')),
  };
}
