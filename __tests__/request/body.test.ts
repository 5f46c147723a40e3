import { PassThrough, Readable } from 'node:stream';
import type { AxiosResponse } from 'axios';
import NodeFormData from 'form-data';
import { discardResponseBody, isSingleUseBody, isUnread } from '../../src/request/body.js';

const response = (own: Partial<AxiosResponse>): AxiosResponse =>
  ({ status: 503, statusText: '', headers: {}, ...own }) as AxiosResponse;

describe('the body of a response', () => {
  it.each([new PassThrough(), new ReadableStream(), { pipe: () => 1 }, { getReader: () => 1 }])(
    'is unread if it is a stream, of either kind: %p',
    (body) => {
      expect(isUnread(body)).toBe(true);
    },
  );

  it.each([undefined, null, 'text', Buffer.from('bytes'), {}, { pipe: 'pvc' }, { getReader: {} }])(
    'is read if it is anything else: %p',
    (body) => {
      expect(isUnread(body)).toBe(false);
    },
  );
});

describe('an unread response body', () => {
  it('is destroyed if it is a Node stream, and a late error is ignored', async () => {
    const data = new PassThrough();
    const request = { destroy: jest.fn() };
    discardResponseBody(response({ data, request }));
    expect(data.destroyed).toBe(true);
    expect(request.destroy).toHaveBeenCalledTimes(1);
    expect(() => data.emit('error', new Error('aborted'))).not.toThrow();
  });

  it('is destroyed as far as possible if it only resembles a stream', () => {
    expect(() =>
      discardResponseBody(response({ data: { pipe: () => undefined }, request: undefined })),
    ).not.toThrow();
    const request = { destroy: jest.fn() };
    discardResponseBody(response({ data: { pipe: () => undefined }, request }));
    expect(request.destroy).toHaveBeenCalledTimes(1);
    const data = { pipe: () => undefined, destroy: jest.fn() };
    discardResponseBody(response({ data }));
    expect(data.destroy).toHaveBeenCalledTimes(1);
  });

  it('is cancelled if it is a web stream, even one that throws', async () => {
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
    'is left alone if it is not a stream: %p',
    (data) => {
      const request = { destroy: jest.fn() };
      discardResponseBody(response({ data, request }));
      discardResponseBody(undefined);
      expect(request.destroy).not.toHaveBeenCalled();
    },
  );
});

it('a response body with a method cancel that is no stream is left alone', () => {
  const cancel = jest.fn();
  discardResponseBody(response({ data: { cancel } }));
  expect(cancel).not.toHaveBeenCalled();
});

describe('a body that contains a stream where Axios does not look', () => {
  const stream = { pipe: () => undefined };

  it('is not a single-use body if it is an instance', () => {
    class Upload {
      readonly file = stream;
    }
    expect(isSingleUseBody(new Upload())).toBe(false);
  });

  it('is not a single-use body if it has hidden keys', () => {
    expect(isSingleUseBody(Object.defineProperty({ file: stream }, 'hidden', {}))).toBe(false);
  });
});

describe('a single-use body', () => {
  function* generator() {
    yield 'once';
  }
  async function* asyncGenerator() {
    yield 'once';
  }
  const stream = () => Readable.from(['once']);

  it.each<[string, unknown]>([
    ['a Node stream', stream()],
    ['a PassThrough', new PassThrough()],
    ['a web stream', new ReadableStream()],
    ['form-data', new NodeFormData()],
    ['a generator', generator()],
    ['an async generator', asyncGenerator()],
    ['an iterator', new Map().values()],
    ['an object that contains one', { file: stream() }],
    ['an array that contains one', ['text', stream()]],
    ['one deep inside', { a: [{ b: { c: [generator()] } }] }],
    ['an object without a prototype that contains one', { __proto__: null, file: stream() }],
  ])('is %s', (_words, body) => {
    expect(isSingleUseBody(body)).toBe(true);
  });

  const circle: { self?: unknown; list: unknown[] } = { list: [] };
  circle.self = circle;
  circle.list.push(circle, circle.list);

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['text', 'text'],
    ['a number', 5],
    ['a function', () => undefined],
    ['a plain object', { a: [1, { b: null }] }],
    ['a Buffer', Buffer.from('bytes')],
    ['an ArrayBuffer', new ArrayBuffer(4)],
    ['a Blob', new Blob(['text'])],
    ['a FormData', new FormData()],
    ['URLSearchParams', new URLSearchParams('a=1')],
    ['an object with fields of the same names', { pipe: 'pvc', getReader: 1, next: '/page/2' }],
    ['a circular object', circle],
  ])('is not %s', (_words, body) => {
    expect(isSingleUseBody(body)).toBe(false);
  });
});
