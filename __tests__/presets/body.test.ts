import { textIn } from '../../src/presets/body.js';
import { throwError } from '../support/scripted-client.js';

it('reads a text in a body that is parsed, or is JSON', () => {
  const body = { error: { code: 'slow_down' } };
  expect(textIn(body, 'error', 'code')).toBe('slow_down');
  expect(textIn(JSON.stringify(body), 'error', 'code')).toBe('slow_down');
});

it.each<[string, unknown]>([
  ['undefined', undefined],
  ['null', null],
  ['a number', 5],
  ['text', 'Too many requests'],
  ['empty text', ''],
  ['bytes', Buffer.from('{"error":{"code":"slow_down"}}')],
  ['a list', [{ error: { code: 'slow_down' } }]],
  ['another form', { error: 'slow_down' }],
  ['no text', { error: { code: 429 } }],
  ['null inside', { error: null }],
])('finds nothing in %s', (_what, body) => {
  expect(textIn(body, 'error', 'code')).toBe('');
});

it('does not throw where reading the body does', () => {
  const hostile = new Proxy({}, { get: throwError });
  expect(textIn(hostile, 'error', 'code')).toBe('');
});
