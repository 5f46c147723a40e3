// The order in which the pages are read.
import type { DefaultTheme } from 'vitepress';

type Item = DefaultTheme.SidebarItem;

const entries = [
  'axios-status-retry',
  'policy',
  'hints',
  'presets',
  'gate',
  'redis',
  'deferral',
  'bullmq',
  'react',
  'axios-retry',
  'testing',
];

export const sidebar: Item[] = [
  {
    text: 'Start',
    items: [
      { text: 'Learn in five minutes', link: '/learn' },
      { text: 'Try it: status console', link: '/try/console' },
      { text: 'Try it: outbox', link: '/try/outbox' },
    ],
  },
  {
    text: 'Guides',
    items: [
      { text: 'Time limits', link: '/guides/limits' },
      { text: 'Interceptors', link: '/guides/interceptors' },
      { text: 'Show and cancel waits', link: '/guides/waits' },
      { text: 'Hooks and reports', link: '/guides/hooks' },
      { text: 'Tables, backoffs, decisions', link: '/guides/policy' },
      { text: 'Many requests at once', link: '/guides/many-requests' },
      { text: 'Waits that outlive the process', link: '/guides/tickets' },
      { text: 'Browsers', link: '/guides/browsers' },
      { text: 'React', link: '/guides/react' },
      { text: 'Testing', link: '/guides/testing' },
    ],
  },
  {
    text: 'Services',
    items: [
      { text: 'Hints: other headers', link: '/guides/hints' },
      { text: 'Presets', link: '/guides/presets' },
    ],
  },
  {
    text: 'Frameworks',
    collapsed: true,
    items: [
      { text: 'Overview', link: '/guides/frameworks/' },
      { text: 'Express and Fastify', link: '/guides/frameworks/services' },
      { text: 'NestJS', link: '/guides/frameworks/nestjs' },
      { text: 'TanStack Query', link: '/guides/frameworks/tanstack-query' },
      { text: 'React Native', link: '/guides/frameworks/react-native' },
      { text: 'axios-cache-interceptor', link: '/guides/frameworks/cache' },
      { text: 'axios-mock-adapter', link: '/guides/frameworks/mock' },
      { text: 'OpenTelemetry', link: '/guides/frameworks/opentelemetry' },
    ],
  },
  {
    text: 'Migration',
    collapsed: true,
    items: [
      { text: 'From axios-retry', link: '/guides/from-axios-retry' },
      { text: 'From retry-axios', link: '/guides/from-retry-axios' },
      { text: 'From ky or got', link: '/guides/from-ky-or-got' },
    ],
  },
  {
    text: 'Reference',
    items: [
      { text: 'Statuses and options', link: '/reference/' },
      { text: 'Reasons', link: '/reference/reasons' },
      { text: 'Errors', link: '/reference/errors' },
      { text: 'Compatibility', link: '/reference/compatibility' },
      {
        text: 'Entries',
        collapsed: true,
        items: entries.map((name) => ({ text: name, link: `/reference/api/${name}` })),
      },
    ],
  },
  {
    text: 'Internals',
    collapsed: true,
    items: [
      { text: 'Architecture', link: '/internals/architecture' },
      { text: 'Benchmarks', link: '/internals/benchmarks' },
      { text: 'Benchmark of the gate', link: '/internals/gate-benchmark' },
      { text: 'Proof', link: '/internals/proof' },
    ],
  },
];
