// A TypeScript program: gets a report, from a service that is unavailable at first.
import axios from 'axios';
import type { RetryWait } from 'axios-status-retry';
import { attachRetry, retryReport } from 'axios-status-retry';

const api = axios.create({ baseURL: process.env.API_URL ?? '', timeout: 10_000 });
attachRetry(api, {
  backoff: (retryNumber) => retryNumber * 100, // In production, leave this out.
  onRetry: ({ url, status, delay }: RetryWait) =>
    console.warn(`${url}: ${status}, again in ${delay} ms`),
});

const response = await api.get<string>('/report');
const statuses = retryReport(response)?.attempts.map(({ status }) => status);
console.log(JSON.stringify({ data: response.data, statuses }));
