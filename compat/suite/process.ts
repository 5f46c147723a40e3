// Runs the suite in a runtime that has a command line: one line of JSON in, one out.
import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import axios from 'axios';
import MockAdapter from 'axios-mock-adapter';
import * as index from 'axios-status-retry';
import * as deferral from 'axios-status-retry/deferral';
import * as testing from 'axios-status-retry/testing';
import type { Environment } from './environment.js';
import { run } from './run.js';
import type { Task } from './task.js';
import { environmentOf } from './task.js';

const unhandled: unknown[] = [];
process.on('unhandledRejection', (error) => unhandled.push(error));

const task = JSON.parse(process.argv[2] ?? '') as Task;
const environment: Environment = {
  ...environmentOf(task, { axios, MockAdapter, plugin: { ...index, ...deferral, ...testing } }),
  AsyncLocalStorage,
  nodeStream: () => Readable.from([Buffer.from('\0hi\n')]),
};

run(environment, unhandled).then((results) => {
  console.log(JSON.stringify(results));
  // A request that is never answered holds the process.
  process.exit(0);
});
