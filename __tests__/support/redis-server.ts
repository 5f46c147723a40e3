import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PROGRAM = 'redis-server';
const MISSING = `no ${PROGRAM} on the PATH (Debian: apt-get install redis-server)`;

/** How long a server may take to answer (ms). */
const PATIENCE = 60_000;

// The shell ends with its standard input, however this process ends.
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

/** A describe that needs Redis. Without redis-server it is skipped with a warning, or fails in CI. */
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

/** A real Redis without persistence, on a free port. */
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

  /** @throws {Error} When the server does not answer in time. */
  static async start(...args: string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), args);
    await server.start();
    return server;
  }

  /** Starts the server again after {@link stop}, empty, on the same port. */
  async start(): Promise<void> {
    const fixed = ['--save', '', '--appendonly', 'no', '--bind', '127.0.0.1'];
    const args = ['--port', String(this.port), ...fixed, ...this.args];
    const keeper = spawn('sh', ['-c', KEEPER, PROGRAM, ...args], {
      stdio: ['pipe', 'pipe', 'ignore'],
      // In a process group of its own, as Ctrl-C would end the keeper before it cleans up.
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

  /** Kills the server, like a crash. */
  async stop(): Promise<void> {
    const keeper = this.#keeper;
    if (keeper === undefined) return;
    this.#keeper = undefined;
    const ended = new Promise((resolve) => keeper.once('exit', resolve));
    keeper.stdin?.end();
    await ended;
  }

  /** Suspends the server: it accepts requests without answering. */
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
