// Shows a report, from a service that is unavailable at first, and how long the page waits for it.
import axios from 'axios';
import { attachRetry, retryReport } from 'axios-status-retry';

const shown = document.querySelector('#report');
const api = axios.create({ baseURL: location.origin, timeout: 10_000 });
attachRetry(api, {
  backoff: () => 100, // In production, leave this out.
  onRetry: ({ delay }) => {
    shown.textContent = `Busy; again in ${delay / 1000} s`;
  },
});

const response = await api.get('/report');
const statuses = retryReport(response).attempts.map(({ status }) => status);
shown.textContent = JSON.stringify({ data: response.data, statuses });
