export type { Resumer, ResumeWithOptions, TicketJob } from './processor.js';
export { resumeWith } from './processor.js';
export type { SaveToOptions, TicketQueue } from './queue.js';
export { saveTo } from './queue.js';
