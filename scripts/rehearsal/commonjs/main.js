// A CommonJS program: gets a report, from a service that is unavailable at first.
const axios = require('axios');
const { attachRetry, retryReport } = require('axios-status-retry');

const api = axios.create({ baseURL: process.env.API_URL, timeout: 10_000 });
attachRetry(api, { backoff: () => 100 }); // In production, leave the backoff out.

api.get('/report').then((response) => {
  const statuses = retryReport(response).attempts.map(({ status }) => status);
  console.log(JSON.stringify({ data: response.data, statuses }));
});
