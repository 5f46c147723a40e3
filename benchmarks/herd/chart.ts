// Draws the sends and successes of several contenders per second, one below the other.
import type { ServerReport } from './race-server.js';

export interface Timeline extends ServerReport {
  readonly title: string;
}

/** The used part of echarts, whose own types do not compile under `exactOptionalPropertyTypes`. */
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
const HEAD_HEIGHT = 70;
const PANEL_HEIGHT = 220;
const TITLE_HEIGHT = 40;

/** In light, and in dark. */
const colors = {
  page: ['#fefefe', '#0d1117'],
  ink: ['#1f2329', '#e6edf4'],
  faint: ['#59636f', '#9198a2'],
  grid: ['#e4e8ed', '#262c35'],
  sends: ['#d1570d', '#f0883d'],
  successes: ['#0969db', '#4493f9'],
} as const;
const light = (name: keyof typeof colors) => colors[name][0];

const fontFamily = 'system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif';

/** Sends are an area under the line of the successes, so that both are visible where they coincide. */
const series = [
  { name: 'sends', width: 0, area: 0.45 },
  { name: 'successes', width: 3, area: 0 },
] as const;

/** @returns An SVG that follows the reader's light or dark scheme. */
export async function renderTimelines(title: string, all: readonly Timeline[]): Promise<string> {
  const { init }: Echarts = await import(ECHARTS);
  const height = HEAD_HEIGHT + all.length * PANEL_HEIGHT;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  chart.setOption(optionsOf(title, all));
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${withDarkColors(svg)}\n`;
}

function optionsOf(title: string, all: readonly Timeline[]): object {
  const longest = Math.max(...all.map(({ sends }) => sends.length));
  const most = Math.max(...all.flatMap(({ sends }) => sends));
  const label = { color: light('faint'), fontSize: 15, fontFamily };
  const panelTop = (i: number) => HEAD_HEIGHT + i * PANEL_HEIGHT;
  return {
    animation: false,
    backgroundColor: light('page'),
    textStyle: { fontFamily },
    legend: {
      top: 38,
      left: 16,
      data: series.map(({ name }) => ({ name, icon: 'rect' })),
      itemWidth: 18,
      itemHeight: 10,
      itemGap: 28,
      textStyle: { color: light('ink'), fontSize: 16, fontFamily },
    },
    title: [
      titleAt(title, 12, 18),
      ...all.map((timeline, i) => titleAt(timeline.title, panelTop(i) + 8, 16)),
    ],
    grid: all.map((_, i) => ({
      left: 80,
      right: 40,
      top: panelTop(i) + TITLE_HEIGHT,
      height: PANEL_HEIGHT - TITLE_HEIGHT - 40,
      containLabel: false,
    })),
    xAxis: all.map((_, gridIndex) => ({
      gridIndex,
      type: 'value',
      min: 0,
      max: Math.ceil(longest / 10) * 10,
      axisLabel: { ...label, formatter: '{value} s' },
      axisLine: { lineStyle: { color: light('faint') } },
      splitLine: { show: false },
    })),
    yAxis: all.map((_, gridIndex) => ({
      gridIndex,
      type: 'log',
      min: 1,
      max: 1.5 * most,
      axisLabel: { ...label, showMaxLabel: false },
      splitLine: { show: true, lineStyle: { color: light('grid') } },
    })),
    series: all.flatMap((timeline, i) =>
      series.map(({ name, width, area }) => ({
        name,
        type: 'line',
        xAxisIndex: i,
        yAxisIndex: i,
        step: 'end',
        showSymbol: false,
        lineStyle: { width, color: light(name) },
        itemStyle: { color: light(name) },
        areaStyle: { color: light(name), opacity: area },
        data: stepsOf(timeline[name]),
      })),
    ),
  };
}

function titleAt(text: string, top: number, fontSize: number): object {
  const textStyle = { color: light('ink'), fontSize, fontWeight: 600, fontFamily };
  return { text, left: 12, top, textStyle };
}

/** A step per second. A logarithmic scale has no 0, so it is drawn as 1. */
function stepsOf(counts: readonly number[]): (readonly [second: number, count: number])[] {
  return [...counts, counts.at(-1) ?? 0].map((count, second) => [second, Math.max(count, 1)]);
}

/** Adds a style sheet that swaps the colors; viewers that ignore it show the light ones. */
function withDarkColors(svg: string): string {
  const swaps = Object.values(colors).flatMap(([day, night]) =>
    ['fill', 'stroke'].map((property) => `[${property}="${day}"]{${property}:${night}}`),
  );
  const style = `<style>@media (prefers-color-scheme:dark){${swaps.join('')}}</style>`;
  return svg.replace(/<svg[^>]*>/, (open) => open + style);
}
