const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** In words: `8 s`, `72 s`, `8 min 32 s`, `1 h 8 min`. */
export function duration(ms: number): string {
  if (ms < SECOND && ms > 0) return `${Math.round(ms)} ms`;
  const s = Math.round(ms / SECOND);
  if (s < 120) return `${s} s`;
  if (s < 7200) return two(Math.floor(s / 60), 'min', s % 60, 's');
  const min = Math.round(s / 60);
  return two(Math.floor(min / 60), 'h', min % 60, 'min');
}

function two(large: number, unit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;
}

/** For little room: `8 s`, `64 s`, `8.5 min`, `68 min`, `9.1 h`. */
export function short(ms: number): string {
  if (ms < 120 * SECOND) return duration(ms);
  if (ms < 120 * MINUTE) return `${Number((ms / MINUTE).toFixed(ms < 10 * MINUTE ? 1 : 0))} min`;
  return `${Number((ms / HOUR).toFixed(1))} h`;
}

/** As a stopwatch shows it: `0:08`, `9:06:08`. */
export function countdown(ms: number): string {
  const s = Math.ceil(Math.max(ms, 0) / SECOND);
  const [h, m] = [Math.floor(s / 3600), Math.floor((s / 60) % 60)];
  const tail = String(s % 60).padStart(2, '0');
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${tail}` : `${m}:${tail}`;
}
