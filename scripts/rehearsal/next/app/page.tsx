// A server component: gets the report while the page is rendered, for each visitor anew.
import axios from 'axios';
import { attachRetry, retryReport } from 'axios-status-retry';
import { LiveReport } from './live-report';

export const dynamic = 'force-dynamic';

const api = axios.create({ baseURL: process.env.API_URL, timeout: 10_000 });
// A visitor waits for this: set a limit, and in production leave the backoff out.
attachRetry(api, { backoff: () => 100, totalTimeout: 5000 });

export default async function Page() {
  const response = await api.get<string>('/report');
  const statuses = retryReport(response)?.attempts.map(({ status }) => status) ?? [];
  return (
    <main>
      <p id="report">{JSON.stringify({ data: response.data, statuses })}</p>
      <LiveReport />
    </main>
  );
}
