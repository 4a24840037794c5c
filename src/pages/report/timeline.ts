/** Speed and memory over the run. */
import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import type { TimelinePoint } from '../../../index';
import { bytes, count, duration } from '../../cli/format';
import { element } from '../browser/element';
import { THEME_CHANGE } from '../browser/theme';
import type { ReportData } from './data';
import { note, section } from './section';

const HEIGHT = 150;

/** Steps between the ticks of an axis: of time in seconds, of memory in bytes. */
const TIMES = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400, 172_800, 604_800];
const POWERS_OF_TWO = Array.from({ length: 50 }, (_, exponent) => 2 ** exponent);

/** One quantity over the run; null before it is known. */
interface Chart {
  title: string;
  values: (number | null)[];
  format(value: number): string;
  /** Whether a value holds since the previous point, as a rate does, and is not only of its moment. */
  isStepped?: true;
  /** Steps between the ticks of its axis. */
  ticks?: number[];
}

export function timeline({ summary }: ReportData): HTMLElement {
  const points = summary.timeline;
  if (!points)
    return section('timeline', 'Over the run', note('An earlier version wrote this summary, without a timeline.'));
  if (points.length < 3) return section('timeline', 'Over the run', note('The run was too short for a timeline.'));
  return section('timeline', 'Over the run', ...chartsOf(points).map((chart) => figure(chart, points)));
}

function chartsOf(points: readonly TimelinePoint[]): Chart[] {
  const perSecond = (read: (point: TimelinePoint) => number) =>
    points.map((point, place) => rate(points[place - 1], point, read));
  return [
    { title: 'Rows per second', values: perSecond(({ rows }) => rows), format: count, isStepped: true },
    { title: 'Products per second', values: perSecond(({ products }) => products), format: count, isStepped: true },
    { title: 'Memory', values: points.map(({ memory_bytes }) => memory_bytes), format: bytes, ticks: POWERS_OF_TWO },
  ];
}

/** What was added per second since the previous point. */
function rate(
  before: TimelinePoint | undefined,
  point: TimelinePoint,
  read: (point: TimelinePoint) => number,
): number | null {
  if (!before || point.seconds <= before.seconds) return null;
  return Math.max(0, read(point) - read(before)) / (point.seconds - before.seconds);
}

/** A chart, drawn again when the colours change, and as wide as its place. */
function figure(chart: Chart, points: readonly TimelinePoint[]): HTMLElement {
  const place = element('div', { class: 'chart', role: 'img', 'aria-label': description(chart) });
  const data: uPlot.AlignedData = [points.map(({ seconds }) => seconds), chart.values];
  let plot: uPlot | null = null;
  const draw = () => {
    plot?.destroy();
    plot = new uPlot(options(chart, place.clientWidth), data, place);
  };
  document.addEventListener(THEME_CHANGE, draw);
  new ResizeObserver(() => {
    if (plot) plot.setSize({ width: place.clientWidth, height: HEIGHT });
    else draw();
  }).observe(place);
  return element('figure', {}, element('figcaption', {}, element('h3', {}, chart.title)), place);
}

function options({ format, isStepped, ticks: steps }: Chart, width: number): uPlot.Options {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const path = isStepped ? uPlot.paths.stepped?.({ align: -1 }) : undefined;
  const lines = { stroke: colour('--line'), width: 1 };
  const axis = {
    stroke: colour('--quiet'),
    font: `12px ${getComputedStyle(document.body).fontFamily}`,
    grid: lines,
    ticks: lines,
  };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { time: false }, y: { range: (_, __, most) => [0, (most || 1) * 1.05] } },
    axes: [
      { ...axis, incrs: TIMES, values: (_, ticks) => ticks.map(duration) },
      { ...axis, size: 72, space: 24, values: (_, ticks) => ticks.map(format), ...(steps ? { incrs: steps } : {}) },
    ],
    series: [{}, { stroke: colour('--accent'), width: 1.5, points: { show: false }, ...(path ? { paths: path } : {}) }],
  };
}

/** The chart in words, for those who do not see it. */
function description({ title, values, format }: Chart): string {
  const sorted = values.filter((value) => value !== null).sort((left, right) => left - right);
  const [median, most] = [sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0];
  return `${title} over the run: median ${format(median)}, at most ${format(most)}`;
}
