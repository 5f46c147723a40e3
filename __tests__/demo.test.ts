// The demo, run as a user does: what it prints for people and for programs, and its exit code.
import { execFile } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');

function demo(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const command = ['--import', 'tsx', 'examples/demo/main.ts', ...args];
  const env = { ...process.env, NO_COLOR: '1' };
  return new Promise((resolve) => {
    execFile(process.execPath, command, { cwd: ROOT, env }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}

/** They run beside each other, because they mostly wait. */
let fast: ReturnType<typeof demo>;
let slow: ReturnType<typeof demo>;
let json: ReturnType<typeof demo>;

beforeAll(() => {
  [fast, slow, json] = [demo(), demo('--slow'), demo('--json')];
});

describe('npm run demo', () => {
  it('prints one line per request when it is over, and succeeds', async () => {
    const { code, stdout, stderr } = await fast;
    expect(stdout).toMatch(/^ 0:00 {2}✓ \/status\/404 +404 not in the table · never retried$/m);
    expect(stdout).toMatch(/^ 0:02 {2}✓ \/quota +429 ═2 min═ 200 OK \(Retry-After in seconds\)$/m);
    expect(stdout).toMatch(/^10:24 {2}✓ \/status\/503 +503 ─8 s─ 503 ─1 min 4 s─ /m);
    expect(stdout.match(/✓/g)).toHaveLength(27);
    expect(stdout).toMatch(/^All 27 ended as the table says\. 10 h 2[45] min there, /m);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it.each(['--fast', 'fast', '--slow=3'])('says which options there are for %s', async (wrong) => {
    const { code, stdout, stderr } = await demo(wrong);
    expect(stderr).toMatch(
      /^(Unknown option|Unexpected argument|Option) '.*\nUsage: npm run demo /,
    );
    expect(stderr).toMatch(/^ {2}--slow .*\n {2}--json /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('lists its options for --help', async () => {
    const { code, stdout } = await demo('--help');
    expect(stdout).toMatch(/^Usage: .*\n {2}--slow .*\n {2}--json .*\n.*\n {2}--help /);
    expect(code).toBe(0);
  });
});

describe('npm run demo -- --slow', () => {
  it('prints each wait when it begins, in the order of time, without control codes in a pipe', async () => {
    const { code, stdout } = await slow;
    const times = [...stdout.matchAll(/^ ?(\d+):(\d\d):(\d\d) {2}/gm)].map(
      ([, hours, minutes, seconds]) =>
        Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
    );
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(stdout).toMatch(/^ 0:00:00 {4}\/maintenance +503 +retry 1 of 5 in 8 s \(backoff\)$/m);
    expect(stdout).toMatch(
      /^ 0:09:44 {4}\/status\/503 +503 +retry 4 of 5 in 1 h 8 min \(backoff\)$/m,
    );
    expect(stdout).toMatch(/^ 0:00:00 {4}\/quota +429 +retry 1 of 5 in 2 min \(Retry-After\)$/m);
    expect(stdout.match(/✓/g)).toHaveLength(27);
    expect(stdout).not.toContain('\r');
    expect(stdout).not.toContain('\u001b');
    expect(code).toBe(0);
  });
});

describe('npm run demo -- --json', () => {
  it('prints nothing but a JSON object per request', async () => {
    const { code, stdout, stderr } = await json;
    const results = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const byScenario = new Map(results.map((result) => [result.scenario, result]));
    expect(byScenario.size).toBe(27);
    expect(results.filter(({ asExpected }) => asExpected !== true)).toEqual([]);
    expect(byScenario.get('/bad-day')).toEqual({
      scenario: '/bad-day',
      method: 'GET',
      statuses: [429, 503, 502, 200],
      delays: [30_000, 64_000, 512_000],
      bases: ['retry-after', 'backoff', 'backoff'],
      outcome: 'success',
      asExpected: true,
    });
    expect(byScenario.get('/loose-cable').statuses).toEqual(['ECONNRESET', 'ECONNRESET', 200]);
    expect(byScenario.get('/quota/used-up')).toMatchObject({ delays: [], outcome: 'max-delay' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
