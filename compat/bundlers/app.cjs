// app.mjs as CommonJS, which gets the other build of the package.
const axios = require('axios');
const { attachRetry, retryReport } = require('axios-status-retry');

const api = axios.create({ baseURL: globalThis.location?.origin ?? process.argv[2] });
attachRetry(api, { backoff: () => 10 });
api.get('/flaky').then((response) => {
  const statuses = retryReport(response).attempts.map(({ status }) => status);
  console.log(JSON.stringify({ data: response.data, statuses }));
});
