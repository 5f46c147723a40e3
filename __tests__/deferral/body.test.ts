import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { isArrayBuffer } from 'node:util/types';
import axios, { AxiosHeaders } from 'axios';
import fc from 'fast-check';
import NodeFormData from 'form-data';
import { readBody, writeBody } from '../../src/deferral/body.js';
import { json } from '../support/tickets.js';

const MAX_BYTES = 1000;
const write = (data: unknown) => writeBody(data, MAX_BYTES);

/** The body after it went through a ticket that was text in between. */
function restored(data: unknown): unknown {
  const body = write(data);
  if (!body) throw new Error('cannot be written down');
  return readBody(JSON.parse(JSON.stringify(body)));
}

type Sent = readonly [body: unknown, headers: unknown];

/** The body and the headers that Axios sends. Bytes are shown as hexadecimal digits. */
function sent(data: unknown, contentType?: string): Sent {
  const [transform] = axios.defaults.transformRequest as [
    (this: object, data: unknown, headers: AxiosHeaders) => unknown,
  ];
  const headers = new AxiosHeaders(contentType ? { 'Content-Type': contentType } : {});
  const body = transform.call({}, data, headers);
  const isBytes = Buffer.isBuffer(body) || isArrayBuffer(body);
  return [isBytes ? Buffer.from(body as ArrayBuffer).toString('hex') : body, headers.toJSON()];
}

const types = [undefined, 'application/json', 'application/x-www-form-urlencoded', 'text/plain'];

function expectSame(data: unknown): void {
  for (const type of types) expect(sent(restored(data), type)).toEqual(sent(data, type));
}

describe('a body that went through a ticket', () => {
  class Line {
    readonly at = new Date(0);
    constructor(readonly sku: string) {}
  }

  it.each<[string, unknown]>([
    ['an object', { a: [1, 'é', null, { b: true }] }],
    ['an array', [1, [2]]],
    ['nested dates', { from: new Date(0), days: [new Date(1e12)] }],
    ['a DTO', new Line('a')],
    ['undefined in an object and in an array', { a: undefined, b: [undefined, 1] }],
    ['null', null],
    ['a number', 1.5],
    ['true', true],
    ['text', 'plain é text'],
    ['text that is JSON', '{"a": 1}'],
    ['an empty string', ''],
    ['a lone surrogate', '\ud83d'],
    ['a form', new URLSearchParams('a=1&b=%20é&a=2')],
    ['an empty form', new URLSearchParams()],
    ['a Buffer', Buffer.from('bytes \xff')],
    ['a slice of a larger Buffer', Buffer.from('one two three').subarray(4, 7)],
    ['an empty Buffer', Buffer.alloc(0)],
    ['an ArrayBuffer', Uint8Array.of(0, 127, 128, 255).buffer],
    ['a Uint8Array', Uint8Array.of(1, 2, 3)],
    ['a Float64Array', Float64Array.of(1.5, -1)],
    [
      'a view of a part of an ArrayBuffer, which Axios sends whole',
      new Uint8Array(Uint8Array.of(1, 2, 3, 4).buffer, 1, 2),
    ],
    ['a DataView', new DataView(Uint8Array.of(1, 2, 3, 4).buffer, 2)],
  ])('is sent as it was the first time: %s', (_words, data) => {
    expectSame(data);
  });

  // Axios writes these into a form with `String`, which knows more about them than their JSON does.
  it.each<[string, unknown]>([
    ['DTOs in a DTO', { order: new Line('a'), lines: [new Line('b')] }],
    ['dates in an array in an array whose name ends in []', { 'days[]': [[new Date(0)]] }],
  ])('is sent as it was the first time, but not in a form: %s', (_words, data) => {
    expect(sent(restored(data))).toEqual(sent(data));
  });

  it('is written down with its type', () => {
    const kinds = [{ a: 1 }, 'a', new URLSearchParams('a=1'), Buffer.from('a')].map(write);
    expect(kinds).toEqual([
      { type: 'json', value: { a: 1 } },
      { type: 'text', value: 'a' },
      { type: 'form', value: 'a=1' },
      { type: 'bytes', value: 'YQ==' },
    ]);
  });

  it('is sent as it was the first time, for any JSON with dates and undefined in it', () => {
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constantFrom(null, undefined),
      fc.date({ noInvalidDate: true }),
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree')),
        fc.dictionary(fc.string(), tie('tree')),
      ),
    }));
    const name = fc.string().filter((text) => !text.endsWith('[]'));
    const object = fc.oneof(json, fc.dictionary(name, tree), fc.array(tree));
    fc.assert(fc.property(object, expectSame));
  });

  it('is sent as it was the first time, for any text, form or bytes', () => {
    const pairs = fc.array(fc.tuple(fc.string(), fc.string({ unit: 'grapheme' })));
    const bytes = fc.uint8Array({ maxLength: MAX_BYTES });
    const data = fc.oneof(
      fc.string({ unit: 'binary' }),
      pairs.map((all) => new URLSearchParams(all)),
      bytes,
      bytes.map((all) => Buffer.from(all)),
      bytes.map((all) => Uint8Array.from(all).buffer),
      fc.float64Array({ maxLength: MAX_BYTES / 8 }),
    );
    fc.assert(fc.property(data, expectSame));
  });

  it('may have more bytes than a function call takes arguments', () => {
    const bytes = Buffer.alloc(300_000, 'ab');
    const body = writeBody(bytes, 300_000);
    expect(body && Buffer.from(readBody(body) as Uint8Array).equals(bytes)).toBe(true);
  });
});

describe('a body that cannot be written down', () => {
  const circle: { self?: unknown } = {};
  circle.self = circle;
  function* generator() {
    yield 'once';
  }

  it.each<[string, unknown]>([
    ['a Blob', new Blob(['a'])],
    ['a File', new File(['a'], 'a.txt')],
    ['a FormData', new FormData()],
    ['form-data', new NodeFormData()],
    ['a Node stream', Readable.from(['once'])],
    ['a file stream', createReadStream(__filename, { autoClose: true }).destroy()],
    ['a web stream', new ReadableStream()],
    ['a generator', generator()],
    ['a nested Blob', { files: [new Blob(['a'])] }],
    ['a nested stream', { file: Readable.from(['once']) }],
    ['nested bytes', { file: Buffer.from('a') }],
    ['a circle', circle],
    ['a BigInt', { id: 1n }],
    ['a Map', new Map([['a', 1]])],
    ['a nested Map', { map: new Map() }],
    ['a function', () => 'a'],
    ['undefined', undefined],
    ['a SharedArrayBuffer', new SharedArrayBuffer(1)],
    ['a Date, because its text would be sent without quotes', new Date(0)],
    ['a URL, for the same reason', new URL('https://a.example')],
    ['an object whose JSON is null', { toJSON: () => null }],
    ['an object whose JSON is undefined', { toJSON: () => undefined }],
  ])('is %s', (_words, data) => {
    expect(write(data)).toBeUndefined();
  });

  it('has more bytes than the limit', () => {
    expect(writeBody(new Uint8Array(5), 5)).toBeDefined();
    expect(writeBody(new Uint8Array(6), 5)).toBeUndefined();
  });
});
