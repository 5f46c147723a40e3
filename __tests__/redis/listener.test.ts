import { Listener } from '../../src/redis/listener.js';

const REPLY = ['7', '0', '0', '1', '0', '20', '50', '32', '1', '-1', '9', '4', '0'];

function setUp() {
  const on: Record<string, (...args: unknown[]) => void> = {};
  const connection = {
    on: (event: string, run: (...args: unknown[]) => void) => (on[event] = run),
    subscribe: jest.fn(async () => undefined),
    disconnect: jest.fn(),
  };
  const duplicate = jest.fn(() => connection);
  const client = { eval: async () => 1, evalsha: async () => 2, duplicate };
  const owner = { onNews: jest.fn(), onListening: jest.fn(), onRefused: jest.fn() };
  const listener = new Listener(client, 'news', owner);
  const publish = (text: string) => on.message?.('news', text);
  return { listener, owner, connection, duplicate, publish };
}

const settle = (): Promise<unknown> => new Promise(setImmediate);

describe('a listener', () => {
  it('makes no connection before it begins, and then one', async () => {
    const { listener, duplicate, owner } = setUp();
    expect(duplicate).not.toHaveBeenCalled();
    listener.begin();
    listener.begin();
    await settle();
    expect(duplicate).toHaveBeenCalledTimes(1);
    expect([listener.listening, owner.onListening.mock.calls.length]).toEqual([true, 1]);
  });

  it('passes on the news of other processes, and not its own', async () => {
    const { listener, owner, publish } = setUp();
    listener.begin();
    publish(JSON.stringify(['other', 'a:{k}', REPLY]));
    publish(JSON.stringify([listener.process, 'a:{k}', REPLY]));
    expect(owner.onNews.mock.calls).toEqual([
      ['a:{k}', expect.objectContaining({ epoch: 7, version: 4 })],
    ]);
  });

  it.each([
    '',
    'null',
    '7',
    '{}',
    '[]',
    '["other"]',
    '["other","k"]',
    '["other","k",[]]',
    '["other","k",{"length":12}]',
    `["other","k",${JSON.stringify(REPLY.slice(1))}]`,
    `["other","k",${JSON.stringify([...REPLY, 'q', '1', '2', '3', 'x'])}]`,
    `["other","k",${JSON.stringify(['7', 'Infinity', ...REPLY.slice(2)])}]`,
    '{"__proto__":[1,2,3]}',
    '['.repeat(100_000),
  ])('ignores what is no news: %#', (text) => {
    const { listener, owner, publish } = setUp();
    listener.begin();
    expect(() => publish(text)).not.toThrow();
    expect(owner.onNews).not.toHaveBeenCalled();
  });

  it('ends its connection, and hears nothing more', async () => {
    const { listener, owner, connection, publish } = setUp();
    listener.begin();
    await settle();
    await listener.close();
    publish(JSON.stringify(['other', 'k', REPLY]));
    expect(connection.disconnect).toHaveBeenCalledTimes(1);
    expect([listener.listening, owner.onNews.mock.calls]).toEqual([false, []]);
  });

  it('makes no connection once it was closed', async () => {
    const { listener, duplicate } = setUp();
    await listener.close();
    listener.begin();
    expect(duplicate).not.toHaveBeenCalled();
  });

  it('is refused without effect on anything else', async () => {
    const { listener, owner, connection } = setUp();
    const refusal = new Error('NOPERM No permissions to access a channel');
    connection.subscribe.mockRejectedValue(refusal);
    listener.begin();
    await settle();
    expect(owner.onRefused.mock.calls).toEqual([[refusal]]);
    expect([listener.listening, connection.disconnect.mock.calls.length]).toEqual([false, 1]);
  });
});
