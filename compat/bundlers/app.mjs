// An app: its first answer is a 503. The server is the page's own, or in Node the one it is told of.
import axios from 'axios';
import { attachRetry, retryReport } from 'axios-status-retry';

const api = axios.create({ baseURL: globalThis.location?.origin ?? process.argv[2] });
attachRetry(api, { backoff: () => 10 });
api.get('/flaky').then((response) => {
  const statuses = retryReport(response).attempts.map(({ status }) => status);
  console.log(JSON.stringify({ data: response.data, statuses }));
});
