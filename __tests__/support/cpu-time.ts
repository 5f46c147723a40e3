/** Milliseconds of work that this process has done so far, which do not pass while the machine is busy with others. */
export function cpuTime(): number {
  return process.cpuUsage().user / 1000;
}
