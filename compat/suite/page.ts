// Runs the suite in a page.
import axios from 'axios';
import MockAdapter from 'axios-mock-adapter';
import * as index from 'axios-status-retry';
import * as deferral from 'axios-status-retry/deferral';
import * as testing from 'axios-status-retry/testing';
import type { Result } from './run.js';
import { run } from './run.js';
import type { Task } from './task.js';
import { environmentOf } from './task.js';

const unhandled: unknown[] = [];
addEventListener('unhandledrejection', ({ reason }) => unhandled.push(reason));
addEventListener('error', ({ error }) => unhandled.push(error));

declare global {
  var runSuite: (task: Task) => Promise<Result[]>;
}

globalThis.runSuite = (task) =>
  run(
    environmentOf(task, { axios, MockAdapter, plugin: { ...index, ...deferral, ...testing } }),
    unhandled,
  );
