import { useNow } from './use-now.js';

const SPEEDS = [1, 10, 60, 600];

interface Props {
  readonly speed: number;
  onSpeed(speed: number): void;
}

/** How fast time runs, and what time it is on this page and its platform. */
export function Time({ speed, onSpeed }: Props) {
  return (
    <fieldset className="time">
      <legend>Time runs</legend>
      <div className="segments">
        {SPEEDS.map((one) => (
          <label key={one}>
            <input
              type="radio"
              name="speed"
              checked={one === speed}
              onChange={() => onSpeed(one)}
            />
            <span>{one}×</span>
          </label>
        ))}
      </div>
      <PageTime />
    </fieldset>
  );
}

function PageTime() {
  const [date, time] = new Date(useNow())
    .toUTCString()
    .slice(5, 25)
    .split(/ (?=\S+$)/);
  return (
    <span className="page-time">
      <span className="sr">The page’s time: </span>
      {date} <b>{time}</b> GMT
    </span>
  );
}
