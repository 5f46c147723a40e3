// Writes retry-ticket.schema.json from the type `RetryTicket`; a test compares the two.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createGenerator } from 'ts-json-schema-generator';

const root = fileURLToPath(new URL('..', import.meta.url));
const { definitions, ...head } = createGenerator({
  path: `${root}src/deferral/ticket.ts`,
  tsconfig: `${root}tsconfig.json`,
  type: 'RetryTicket',
  topRef: true,
  skipTypeCheck: true,
}).createSchema('RetryTicket');
const { RetryTicket: ticket, ...others } = definitions;

// What an index signature cannot say: names are tokens (RFC 9110 §5.6.2) and no credentials, and what values hold.
const { headers, idempotencyKey } = ticket.properties;
headers.additionalProperties.anyOf[0].pattern = idempotencyKey.pattern.replace('+$', '*$');
headers.propertyNames = {
  pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
  not: {
    pattern:
      '^([Aa][Uu][Tt][Hh]|[Pp][Rr][Oo][Xx][Yy]-[Aa][Uu][Tt][Hh])[Oo][Rr][Ii][Zz][Aa][Tt][Ii][Oo][Nn]$|^([Ss][Ee][Tt]-)?[Cc][Oo][Oo][Kk][Ii][Ee]$',
  },
};
// Nor can a type without alternatives: what was not sent has been through nothing.
const progress = {
  if: { properties: { sent: { const: true } } },
  // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema
  then: { required: ['firstSentAt'] },
  else: {
    properties: {
      retries: { const: 0 },
      firstSentAt: false,
      lastStatus: false,
      attempts: { const: [] },
    },
  },
};
const schema = {
  $schema: head.$schema,
  title: 'RetryTicket',
  ...ticket,
  ...progress,
  definitions: others,
};
const text = `${JSON.stringify(schema, null, 2)}\n`;
if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(`${root}retry-ticket.schema.json`, text);
