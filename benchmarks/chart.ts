import { OURS } from './names.js';
import type { Panel } from './panels.js';

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
const PANEL_HEIGHT = 250;
const COLUMNS = 2;
/** Pixels left free for the contestants' names, and right for the values. */
const LEFT = 160;
const RIGHT = 95;
const TOP = 62;

/** Each colour in light, and what stands for it in dark. */
const colours = {
  page: ['#fefefe', '#0d1117'],
  ink: ['#1f2329', '#e6edf4'],
  faint: ['#59636f', '#9198a2'],
  ours: ['#0969db', '#4493f9'],
  others: ['#afb8c2', '#57606b'],
} as const;

const light = {
  page: colours.page[0],
  ink: colours.ink[0],
  faint: colours.faint[0],
  ours: colours.ours[0],
  others: colours.others[0],
};

/** The chart of all panels as an SVG that follows the reader's light or dark scheme. */
export async function renderChart(panels: readonly Panel[]): Promise<string> {
  const { init }: Echarts = await import(ECHARTS);
  const height = Math.ceil(panels.length / COLUMNS) * PANEL_HEIGHT;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  chart.setOption(chartOption(panels));
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${withDark(svg)}\n`;
}

function chartOption(panels: readonly Panel[]): object {
  const places = panels.map((_, i) => ({
    x: ((i % COLUMNS) * WIDTH) / COLUMNS,
    y: Math.floor(i / COLUMNS) * PANEL_HEIGHT,
  }));
  const fontFamily = 'system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif';
  return {
    animation: false,
    backgroundColor: light.page,
    textStyle: { fontFamily },
    title: panels.map(({ title, note }, i) => ({
      text: title,
      subtext: note,
      left: (places[i]?.x ?? 0) + 20,
      top: (places[i]?.y ?? 0) + 12,
      itemGap: 4,
      textStyle: { color: light.ink, fontSize: 20, fontWeight: 600, fontFamily },
      subtextStyle: { color: light.faint, fontSize: 16, fontFamily },
    })),
    grid: panels.map((_, i) => ({
      left: (places[i]?.x ?? 0) + LEFT + 20,
      top: (places[i]?.y ?? 0) + TOP + 10,
      width: WIDTH / COLUMNS - LEFT - RIGHT - 20,
      height: PANEL_HEIGHT - TOP - 20,
      containLabel: false,
    })),
    xAxis: panels.map((_, gridIndex) => ({ gridIndex, type: 'value', min: 0, show: false })),
    yAxis: panels.map(({ bars }, i) => ({
      gridIndex: i,
      type: 'category',
      inverse: true,
      data: bars.map(({ name }) => name),
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: light.ink, fontSize: 16, interval: 0 },
    })),
    series: panels.map((panel, i) => ({
      type: 'bar',
      xAxisIndex: i,
      yAxisIndex: i,
      barWidth: 24,
      data: panel.bars.map(({ name, value, label }) => ({
        // A bar of no length still carries its label.
        value: Math.max(value ?? 0, 0),
        itemStyle: { color: name === OURS ? light.ours : light.others, borderRadius: 3 },
        label: { formatter: label },
      })),
      label: { show: true, position: 'right', color: light.ink, fontSize: 16, fontFamily },
    })),
  };
}

/** A style sheet in the picture swaps the colours; where it is not heeded the light ones stay. */
function withDark(svg: string): string {
  const rules = Object.values(colours).map(([day, night]) => `[fill="${day}"]{fill:${night}}`);
  const style = `<style>@media (prefers-color-scheme:dark){${rules.join('')}}</style>`;
  return svg.replace(/<svg[^>]*>/, (open) => open + style);
}
