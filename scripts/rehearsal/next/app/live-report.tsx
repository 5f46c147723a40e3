// A client component: gets the report in the browser, and counts down while it waits for the next attempt.
'use client';
import axios from 'axios';
import type { RetryWait } from 'axios-status-retry';
import { attachRetry, retryReport } from 'axios-status-retry';
import { useCountdown, useRetryWaits } from 'axios-status-retry/react';
import { useState } from 'react';

const api = axios.create({ baseURL: '/api', timeout: 10_000 });
const handle = attachRetry(api, { backoff: () => 1000 }); // In production, leave the backoff out.

export function LiveReport() {
  const [report, setReport] = useState('');
  const waits = useRetryWaits(handle);

  async function load() {
    const response = await api.get<string>('/live-report');
    const statuses = retryReport(response)?.attempts.map(({ status }) => status);
    setReport(JSON.stringify({ data: response.data, statuses }));
  }

  return (
    <section>
      <button type="button" onClick={load}>
        Load in the browser
      </button>
      {waits.map((wait) => (
        <Countdown key={wait.id} wait={wait} />
      ))}
      <p id="live-report">{report}</p>
    </section>
  );
}

function Countdown({ wait }: { wait: RetryWait }) {
  const seconds = useCountdown(wait) / 1000;
  return (
    <p role="timer">
      The service is busy: again in {seconds} s{' '}
      <button type="button" onClick={() => wait.retryNow()}>
        Try now
      </button>
    </p>
  );
}
