import type { Timeline } from './timelines.js';

/** What is used of echarts, whose own types do not hold under `exactOptionalPropertyTypes`. */
interface Echarts {
  init(dom: null, theme: null, options: object): Chart;
}
interface Chart {
  setOption(option: object): void;
  renderToSVGString(): string;
  dispose(): void;
}
const ECHARTS: string = 'echarts';

const WIDTH = 960;
const HEAD = 70;
const PANEL = 220;
const FOOT = 0;
const LEFT = 80;
const RIGHT = 40;
/** Room above each plot for its title. */
const TITLE = 40;

/** Each colour in light, and what stands for it in dark. */
const colours = {
  page: ['#fefefe', '#0d1117'],
  ink: ['#1f2329', '#e6edf4'],
  faint: ['#59636f', '#9198a2'],
  grid: ['#e4e8ed', '#262c35'],
  sends: ['#d1570d', '#f0883d'],
  successes: ['#0969db', '#4493f9'],
} as const;

type Colour = keyof typeof colours;
const light = Object.fromEntries(
  Object.entries(colours).map(([name, [day]]) => [name, day]),
) as Record<Colour, string>;

const fontFamily = 'system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif';

/** Sends and successes per second over time, as an SVG in the reader's light or dark scheme. */
export async function renderTimelines(all: readonly Timeline[]): Promise<string> {
  const { init }: Echarts = await import(ECHARTS);
  const height = HEAD + all.length * PANEL + FOOT;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  chart.setOption(chartOption(all));
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${withDark(svg)}\n`;
}

function chartOption(all: readonly Timeline[]): object {
  const longest = Math.max(...all.map(({ sends }) => sends.length));
  const most = Math.max(...all.flatMap(({ sends }) => sends));
  const label = { color: light.faint, fontSize: 15, fontFamily };
  const gridLine = { show: true, lineStyle: { color: light.grid } };
  return {
    animation: false,
    backgroundColor: light.page,
    textStyle: { fontFamily },
    legend: {
      top: 38,
      left: 16,
      data: series.map(({ name }) => ({ name, icon: 'rect' })),
      itemWidth: 18,
      itemHeight: 10,
      itemGap: 28,
      textStyle: { color: light.ink, fontSize: 16, fontFamily },
    },
    title: [
      title('2,000 requests, 100/s, burst 10: per second, on a logarithmic scale', 12, 18),
      ...all.map((one, i) => title(one.title, HEAD + i * PANEL + 8, 16)),
    ],
    grid: all.map((_, i) => ({
      left: LEFT,
      right: RIGHT,
      top: HEAD + i * PANEL + TITLE,
      height: PANEL - TITLE - 40,
      containLabel: false,
    })),
    xAxis: all.map((_, gridIndex) => ({
      gridIndex,
      type: 'value',
      min: 0,
      max: Math.ceil(longest / 10) * 10,
      axisLabel: { ...label, formatter: '{value} s' },
      axisLine: { lineStyle: { color: light.faint } },
      splitLine: { show: false },
    })),
    yAxis: all.map((_, gridIndex) => ({
      gridIndex,
      type: 'log',
      min: 1,
      max: 1.5 * most,
      axisLabel: { ...label, showMaxLabel: false },
      splitLine: gridLine,
    })),
    series: all.flatMap((timeline, i) =>
      series.map(({ name, width, area }) => ({
        name,
        type: 'line',
        xAxisIndex: i,
        yAxisIndex: i,
        step: 'end',
        showSymbol: false,
        lineStyle: { width, color: light[name] },
        itemStyle: { color: light[name] },
        areaStyle: { color: light[name], opacity: area },
        data: steps(timeline[name]),
      })),
    ),
  };
}

/** The sends are an area under the line of the successes, so that both are seen where they are one. */
const series = [
  { name: 'sends', width: 0, area: 0.45 },
  { name: 'successes', width: 3, area: 0 },
] as const;

function title(text: string, top: number, fontSize: number): object {
  return {
    text,
    left: 12,
    top,
    textStyle: { color: light.ink, fontSize, fontWeight: 600, fontFamily },
  };
}

/** A step for each second; a logarithmic scale has no 0, which is drawn as its least. */
function steps(counts: readonly number[]): (readonly [second: number, count: number])[] {
  return [...counts, counts.at(-1) ?? 0].map((count, second) => [second, Math.max(count, 1)]);
}

/** A style sheet in the picture swaps the colours; where it is not heeded the light ones stay. */
function withDark(svg: string): string {
  const rules = Object.values(colours).flatMap(([day, night]) =>
    ['fill', 'stroke'].map((use) => `[${use}="${day}"]{${use}:${night}}`),
  );
  const style = `<style>@media (prefers-color-scheme:dark){${rules.join('')}}</style>`;
  return svg.replace(/<svg[^>]*>/, (open) => open + style);
}
