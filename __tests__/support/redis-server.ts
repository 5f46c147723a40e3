import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROGRAM = 'redis-server';
const MISSING = `no ${PROGRAM} on the PATH (Debian: apt-get install redis-server)`;

/** Milliseconds that it may take to answer. */
const PATIENCE = 10_000;

// The shell lives until its standard input ends, which it does however this process ends.
const KEEPER = `
folder=$(mktemp -d) || exit 1
"$0" --dir "$folder" "$@" >/dev/null 2>&1 &
echo $!
cat >/dev/null
kill -9 $!
wait $!
rm -rf "$folder"
`;

function programPath(): string | undefined {
  const paths = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, PROGRAM));
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Rules that need a Redis: where there is none they are left out and say so; in CI they fail. */
export function describeWithRedis(name: string, rules: () => void): void {
  if (programPath() !== undefined) describe(name, rules);
  else if (process.env.CI) {
    it(`${name}: needs a ${PROGRAM}`, () => {
      throw new Error(MISSING);
    });
  } else {
    it(`${name}: left out: ${MISSING}`, () => console.warn(`${name}: left out: ${MISSING}`));
  }
}

/** A real Redis that keeps nothing, on a port of its own. */
export class RedisServer {
  #keeper: ChildProcess | undefined;
  #pid = 0;

  private constructor(
    readonly port: number,
    readonly args: readonly string[],
  ) {}

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** @throws {Error} When it does not answer after a while. */
  static async start(...args: string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), args);
    await server.start();
    return server;
  }

  /** Starts it again after {@link stop}, empty, on the same port. */
  async start(): Promise<void> {
    const fixed = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1'];
    const args = ['--port', String(this.port), ...fixed, ...this.args];
    const keeper = spawn('sh', ['-c', KEEPER, PROGRAM, ...args], {
      stdio: ['pipe', 'pipe', 'ignore'],
      // In a group of its own, or Ctrl-C would end the keeper before it has tidied up.
      detached: true,
    });
    this.#keeper = keeper;
    this.#pid = Number(await firstLine(keeper));
    for (const end = Date.now() + PATIENCE; Date.now() < end; await sleep(10)) {
      if (await answers(this.port)) return;
    }
    await this.stop();
    throw new Error(`${PROGRAM} does not answer`);
  }

  /** Kills it, as a crash would. */
  async stop(): Promise<void> {
    const keeper = this.#keeper;
    if (keeper === undefined) return;
    this.#keeper = undefined;
    const ended = new Promise((resolve) => keeper.once('exit', resolve));
    keeper.stdin?.end();
    await ended;
  }

  /** From now on it takes what it is sent, and does not answer. */
  pause(): void {
    process.kill(this.#pid, 'SIGSTOP');
  }

  continue(): void {
    process.kill(this.#pid, 'SIGCONT');
  }
}

function firstLine({ stdout }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    stdout?.once('data', (data) => resolve(String(data)));
    stdout?.once('end', () => reject(new Error(`${PROGRAM} was not started`)));
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const done = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.on('error', () => done(false)).on('close', () => done(false));
    socket.on('data', (data) => done(String(data).startsWith('+PONG')));
  });
}

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
