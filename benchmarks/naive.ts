// The retry interceptor that people write by hand.
import type { AxiosInstance } from 'axios';

/** Counts on the config, sleeps, and sends the config again. */
export function attachNaive(instance: AxiosInstance, delay: number): void {
  instance.interceptors.response.use(undefined, async (error) => {
    const { config, response } = error;
    config.retries = (config.retries ?? 0) + 1;
    if (response?.status !== 503 || config.retries > 5) throw error;
    await new Promise((resolve) => setTimeout(resolve, delay));
    return instance(config);
  });
}
