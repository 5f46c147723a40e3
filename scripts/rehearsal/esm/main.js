// A program of ES modules: gets a report, from a service that is unavailable at first.
import axios from 'axios';
import { attachRetry, retryReport } from 'axios-status-retry';

const api = axios.create({ baseURL: process.env.API_URL, timeout: 10_000 });
attachRetry(api, { backoff: () => 100 }); // In production, leave the backoff out.

const response = await api.get('/report');
const statuses = retryReport(response).attempts.map(({ status }) => status);
console.log(JSON.stringify({ data: response.data, statuses }));
