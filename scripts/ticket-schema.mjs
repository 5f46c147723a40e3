// Writes retry-ticket.schema.json from the rules of a ticket, with the comments of the types as descriptions.
// Run by `npm run schema`; with --print it prints the schema instead.
import { readFileSync, writeFileSync } from 'node:fs';
import ts from 'typescript';
import { CREDENTIAL } from '../src/deferral/headers.ts';
import { HEADER_VALUE, TICKET, UNSENT } from '../src/deferral/ticket-rules.ts';
import { TOKEN } from '../src/util/headers.ts';

const root = new URL('..', import.meta.url);
const mapValues = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

/** JSON Schema has no flags, and outside JavaScript `\w` may match more. */
function toPattern({ source, ignoreCase }) {
  const pattern = source.replaceAll('\\/', '/').replaceAll('\\w', 'A-Za-z0-9_');
  const bothCases = (letter) => `[${letter.toUpperCase()}${letter}]`;
  return ignoreCase ? pattern.replace(/[a-z]/g, bothCases) : pattern;
}

function toSchema({ accepted, pattern, items, anyOf, properties, optional = [], ...same }) {
  return {
    ...same,
    ...(pattern && { pattern: toPattern(pattern) }),
    ...(items && { items: toSchema(items) }),
    ...(anyOf && { anyOf: anyOf.map(toSchema) }),
    ...(properties && {
      properties: mapValues(properties, toSchema),
      required: Object.keys(properties).filter((name) => !optional.includes(name)),
      additionalProperties: false,
    }),
  };
}

/** Adds the comments of an interface and of its properties. */
function describe(schema, path, name) {
  const text = readFileSync(new URL(path, root), 'utf8');
  const { statements } = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const type = statements.find((statement) => statement.name?.text === name);
  const commentOf = (node) =>
    ts.getTextOfJSDocComment(ts.getJSDocCommentsAndTags(node)[0]?.comment);
  schema.description = commentOf(type);
  for (const member of type.members) {
    schema.properties[member.name.text].description = commentOf(member);
  }
}

const ticket = toSchema(TICKET);
describe(ticket, 'src/deferral/ticket.ts', 'RetryTicket');
describe(ticket.properties.attempts.items, 'src/core/report.ts', 'RetryAttempt');
Object.assign(ticket.properties.headers, {
  propertyNames: { pattern: toPattern(TOKEN), not: { pattern: toPattern(CREDENTIAL) } },
  additionalProperties: { anyOf: [toSchema(HEADER_VALUE), { const: false }] },
});
const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'RetryTicket',
  ...ticket,
  if: { properties: { sent: { const: true } } },
  // biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema
  then: { required: ['firstSentAt'] },
  else: {
    properties: mapValues(UNSENT, (value) => (value === undefined ? false : { const: value })),
  },
};
const text = `${JSON.stringify(schema, null, 2)}\n`;
if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(new URL('retry-ticket.schema.json', root), text);
