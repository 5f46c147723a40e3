import { PassThrough } from 'node:stream';
import type { AxiosResponse } from 'axios';
import { discardResponseBody } from '../../src/request/body.js';

const response = (own: Partial<AxiosResponse>): AxiosResponse =>
  ({ status: 503, statusText: '', headers: {}, ...own }) as AxiosResponse;

describe('a body that nobody will read', () => {
  it('is destroyed where it is a Node stream, and its late error is heard by nobody', async () => {
    const data = new PassThrough();
    const request = { destroy: jest.fn() };
    discardResponseBody(response({ data, request }));
    expect(data.destroyed).toBe(true);
    expect(request.destroy).toHaveBeenCalledTimes(1);
    expect(() => data.emit('error', new Error('aborted'))).not.toThrow();
  });

  it('is destroyed as far as it can be, where it only resembles one', () => {
    expect(() =>
      discardResponseBody(response({ data: { pipe: () => undefined }, request: undefined })),
    ).not.toThrow();
    const data = { pipe: () => undefined, destroy: jest.fn() };
    discardResponseBody(response({ data }));
    expect(data.destroy).toHaveBeenCalledTimes(1);
  });

  it('is cancelled where it is a web stream, also one that refuses', async () => {
    const cancel = jest.fn();
    discardResponseBody(response({ data: new ReadableStream({ cancel }) }));
    expect(cancel).toHaveBeenCalledTimes(1);
    const refusing = new ReadableStream({
      cancel: () => {
        throw new Error('locked');
      },
    });
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    discardResponseBody(response({ data: refusing }));
    discardResponseBody(response({ data: { getReader: () => undefined } }));
    await new Promise(setImmediate);
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  it.each([undefined, null, 'text', { pipe: 'pvc', destroy: () => 1 }, Buffer.from('bytes')])(
    'is left alone where it is no stream: %p',
    (data) => {
      const request = { destroy: jest.fn() };
      discardResponseBody(response({ data, request }));
      discardResponseBody(undefined);
      expect(request.destroy).not.toHaveBeenCalled();
    },
  );
});
