// npm run nest: how do I add retries to HttpService, from the start of its module to its end?
import 'reflect-metadata';
import { HttpModule, HttpService } from '@nestjs/axios';
import type { OnModuleDestroy, OnModuleInit } from '@nestjs/common';
import { Inject, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { RetryHandle } from 'axios-status-retry';
import { attachRetry, exponentialBackoff, retryReport } from 'axios-status-retry';
import { firstValueFrom, retry } from 'rxjs';
import { inAMinute, startUpstream } from './upstream.js';

const { url, say, close } = await startUpstream({
  '/reports/7': [503, 503, 200],
  '/reports/down': [503],
  '/reports/twice': [503],
  '/reports/slow': [inAMinute(429)],
  '/reports/late': [inAMinute(429)],
});

/** Sets up HTTP in one place. Other modules import this one for its HttpService. */
@Module({
  // register() creates an instance for this module. Without it, HttpService uses the global `axios`.
  imports: [HttpModule.register({ baseURL: url, timeout: 5000, proxy: false })],
  exports: [HttpModule],
})
class UpstreamModule implements OnModuleInit, OnModuleDestroy {
  // Injected by name, because tsx and esbuild emit no types for Nest.
  @Inject(HttpService) readonly http!: HttpService;
  retries: RetryHandle | undefined;

  onModuleInit(): void {
    // To keep the example short; the default backoff starts at 8 s.
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

const reasonOf = (error: unknown): string => `failed: ${retryReport(error)?.gaveUp}`;

const { status } = await firstValueFrom(http.get('/reports/7'));
say('/reports/7', `${status}`);

const down = await firstValueFrom(http.get('/reports/down')).catch(reasonOf);
say('/reports/down', `${down}`);

// RxJS's retry() subscribes again, and every subscription is a new call with all its retries.
const twice = http.get('/reports/twice').pipe(retry(1));
say('/reports/twice', `${await firstValueFrom(twice).catch(reasonOf)}, with retry(1) on top`);

// Unsubscribing aborts the request through its cancel token, also during a wait.
const subscription = http.get('/reports/slow').subscribe();
while (retries?.waits.length !== 1) await new Promise(setImmediate);
subscription.unsubscribe();
await new Promise(setImmediate);
say('/reports/slow', `unsubscribed during the wait of 60 s: ${retries.waits.length} waits left`);

const late = firstValueFrom(http.get('/reports/late')).catch(reasonOf);
while (retries.waits.length !== 1) await new Promise(setImmediate);
await app.close();
say('/reports/late', `${await late}, because the app closes`);
await close();
