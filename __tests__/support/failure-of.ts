import type { AxiosError } from 'axios';

/** The error of a request that must fail. */
export function failureOf(request: Promise<unknown>): Promise<AxiosError> {
  return request.then(
    () => Promise.reject(new Error('The request should have failed.')),
    (error: AxiosError) => error,
  );
}
