// Runs the suite in a process: takes a task as a JSON argument, and prints the results as a line of JSON.
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
  // A request without an answer would keep the process alive.
  process.exit(0);
});
