// npm run nest: HttpService with retries, attached when its module starts and detached when it ends.
import 'reflect-metadata';
import { HttpModule, HttpService } from '@nestjs/axios';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { RetryHandle } from 'axios-status-retry';
import { attachRetry, exponentialBackoff, retryReport } from 'axios-status-retry';
import { firstValueFrom, retry } from 'rxjs';
import { startUpstream } from './upstream.js';

const upstream = await startUpstream({
  '/reports/7': [503, 503, 200],
  '/reports/down': [503],
  '/reports/twice': [503],
  '/reports/slow': [[429, { 'Retry-After': '60' }]],
  '/reports/late': [[429, { 'Retry-After': '60' }]],
});

/** The one place that sets up HTTP; other modules import it for its HttpService. */
@Module({
  // With register() the instance is this module's own; without, it is the global `axios`.
  imports: [HttpModule.register({ baseURL: upstream.url, timeout: 5000, proxy: false })],
  exports: [HttpModule],
})
class UpstreamModule implements OnModuleInit, OnModuleDestroy {
  // By name, as tsx and esbuild write no types for Nest to read.
  @Inject(HttpService) readonly http!: HttpService;
  retries: RetryHandle | undefined;

  onModuleInit(): void {
    // Short, so that the example is soon over; the platform's own backoff begins with 8 s.
    const backoff = exponentialBackoff({ base: 20, factor: 2 });
    this.retries = attachRetry(this.http.axiosRef, { backoff, maxRetries: 2 });
  }

  onModuleDestroy(): void {
    this.retries?.detach();
  }
}

@Module({ imports: [UpstreamModule] })
class AppModule {}

const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error'] });
const http = app.get(HttpService);
const { retries } = app.get(UpstreamModule);

const say = (path: string, what: string): void =>
  console.log(`${path.padEnd(14)} ${what}; sends: ${upstream.sends(path)}`);
const reasonOf = (error: unknown): string => `failed: ${retryReport(error)?.gaveUp}`;

const { status } = await firstValueFrom(http.get('/reports/7'));
say('/reports/7', `${status}`);

const down = await firstValueFrom(http.get('/reports/down')).catch(reasonOf);
say('/reports/down', `${down}`);

// RxJS's own retry subscribes again, and each subscription is a call with retries of its own.
const twice = http.get('/reports/twice').pipe(retry(1));
say('/reports/twice', `${await firstValueFrom(twice).catch(reasonOf)}, with retry(1) on top`);

// To unsubscribe aborts the request (HttpService gives it a cancel token), also while it waits.
const subscription = http.get('/reports/slow').subscribe();
while (retries?.waits.length !== 1) await new Promise(setImmediate);
subscription.unsubscribe();
await new Promise(setImmediate);
say('/reports/slow', `unsubscribed during the wait of 60 s; ${retries.waits.length} wait`);

const late = firstValueFrom(http.get('/reports/late')).catch(reasonOf);
while (retries.waits.length !== 1) await new Promise(setImmediate);
await app.close();
say('/reports/late', `${await late}, as the app closes`);
upstream.close();
