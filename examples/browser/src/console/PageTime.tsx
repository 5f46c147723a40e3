// The date and time on the page, which may run faster than the real ones.
import { useEffect, useState } from 'react';
import { frames } from './frames.js';

const SECOND = 1000;
const secondOf = (time: number): number => time - (time % SECOND);

export function PageTime() {
  const [second, setSecond] = useState(() => secondOf(frames.now()));
  useEffect(() => {
    let timer: unknown;
    function tick(): void {
      const now = frames.now();
      setSecond(secondOf(now));
      timer = frames.setTimeout(tick, SECOND - (now % SECOND));
    }
    tick();
    return () => frames.clearTimeout(timer);
  }, []);
  const [date, time] = new Date(second)
    .toUTCString()
    .slice(5, 25)
    .split(/ (?=\S+$)/);
  return (
    <span className="page-time">
      <span className="sr">Time on this page: </span>
      {date} <b>{time}</b> GMT
    </span>
  );
}
