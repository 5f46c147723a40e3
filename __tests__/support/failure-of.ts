import type { AxiosError } from 'axios';

/** What a request rejects with. */
export function failureOf(request: Promise<unknown>): Promise<AxiosError> {
  return request.then(
    () => Promise.reject(new Error('It was to fail, and succeeded.')),
    (error: AxiosError) => error,
  );
}
