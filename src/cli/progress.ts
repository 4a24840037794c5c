/**
 * Shows a run in progress, on stderr.
 *
 * This is a few lines of our own instead of a library: the core already sends at most five events per second, so the
 * timers and the multiplexing that such libraries offer are not needed.
 */
import type { Progress } from '../../index';
import type { FrontFlags } from './flags';
import { bytes, count, duration } from './format';

export type ProgressMode = NonNullable<FrontFlags['progress']>;

/** The parts of a stream that are used; a terminal has `columns` and `hasColors`. */
export interface Screen {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
  hasColors?(): boolean;
}

export interface ProgressView {
  update(progress: Progress): void;
  /** Leaves the screen clean; may be called twice. */
  end(): void;
}

/** Clears the line of a terminal. */
const CLEARED = '\r\x1b[K';

/** Counts the rows of a short task, in a line that is redrawn; `end` clears it. */
export interface RowCounter {
  update({ rows, rows_total }: { rows: number; rows_total: number }): void;
  end(): void;
}

/** Whether a line of the screen can be replaced. */
function canRedraw({ isTTY }: Screen, env = process.env): boolean {
  return isTTY === true && env['TERM'] !== 'dumb';
}

/** A counter on stderr that says `done` before the rows; nothing without a terminal that can redraw it. */
export function rowCounter(done: string): RowCounter | undefined {
  const { stderr } = process;
  if (!canRedraw(stderr)) return undefined;
  return {
    update({ rows, rows_total }) {
      const percent = Math.floor((100 * rows) / Math.max(1, rows_total));
      stderr.write(`${CLEARED}${done}${count(rows)} of ${count(rows_total)} rows (${percent} %)`);
    },
    end: () => void stderr.write(CLEARED),
  };
}

const silent: ProgressView = { update() {}, end() {} };

/** If a line cannot be redrawn, a new line is written at this interval instead, and when the phase changes. */
const LINE_INTERVAL_SECONDS = 30;
const BAR_CELLS = 20;

/** As the flags request: `--quiet` hides it, unless `--progress` asks for it. */
export function progressView({ quiet, progress }: FrontFlags): ProgressView {
  return showProgress(progress ?? (quiet ? 'none' : 'auto'), process.stderr);
}

export function showProgress(mode: ProgressMode, screen: Screen, env = process.env): ProgressView {
  if (mode === 'none') return silent;
  if (mode === 'json') return jsonLines(screen);
  return canRedraw(screen, env) ? bar(screen, env) : lines(screen);
}

function jsonLines(screen: Screen): ProgressView {
  return { update: (progress) => screen.write(`${JSON.stringify(progress)}\n`), end() {} };
}

/** For a log. A short run has no use for them: the first line comes after the first interval. */
function lines(screen: Screen): ProgressView {
  let [next, phase] = [LINE_INTERVAL_SECONDS, ''];
  return {
    update(progress) {
      const { elapsed_seconds } = progress;
      const isDue = elapsed_seconds >= next || (next > LINE_INTERVAL_SECONDS && progress.phase !== phase);
      if (!isDue) return;
      [next, phase] = [elapsed_seconds + LINE_INTERVAL_SECONDS, progress.phase];
      screen.write(`${[duration(elapsed_seconds), ...share(progress), ...facts(progress)].join(', ')}\n`);
    },
    end() {},
  };
}

function bar(screen: Screen, env: NodeJS.ProcessEnv): ProgressView {
  const cells = /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '') ? '█░' : '#-';
  let isDrawn = false;
  return {
    update(progress) {
      // A terminal that does not know its width reports 0.
      const text = fitWidth([...gauge(progress, cells), ...facts(progress)], (screen.columns || 80) - 1);
      screen.write(CLEARED + (screen.hasColors?.() ? colourGauge(text) : text));
      isDrawn = true;
    },
    end() {
      if (isDrawn) screen.write(CLEARED);
      isDrawn = false;
    },
  };
}

function gauge(progress: Progress, cells: string): string[] {
  const [on = '#', off = '-'] = cells;
  const full = Math.round(done(progress) * BAR_CELLS);
  return share(progress).map((text) => `${on.repeat(full)}${off.repeat(BAR_CELLS - full)} ${text}`);
}

/** The share of the rows that are done, if their number is known. */
function share(progress: Progress): string[] {
  return progress.rows_total ? [`${(100 * done(progress)).toFixed(1)} %`] : [];
}

function done({ rows, rows_total }: Progress): number {
  return rows_total ? Math.min(rows / rows_total, 1) : 0;
}

/** The facts, most important first. */
function facts(progress: Progress): string[] {
  if (progress.phase === 'known') return ['reading the known molecules'];
  if (progress.phase === 'checking') return ['checking the shards'];
  if (progress.phase === 'publishing') return [`${count(progress.unique)} products written, publishing`];
  const { rows, rows_total, eta_seconds } = progress;
  return [
    rows_total === null ? `${count(rows)} rows` : `${count(rows)}/${count(rows_total)} rows`,
    ...(eta_seconds === null ? [] : [`ETA ${duration(eta_seconds)}`]),
    `${count(progress.products)} products`,
    `${count(progress.rows_per_second)} rows/s`,
    bytes(progress.memory_bytes),
    `${progress.batches_in_flight} in flight`,
    ...(progress.rejects > 0 ? [`${count(progress.rejects)} rejects`] : []),
  ];
}

/** As many parts as fit the width: a line that wraps cannot be redrawn. */
function fitWidth(parts: string[], width: number): string {
  let text = '';
  for (const part of parts) {
    const longer = text === '' ? part : `${text}  ${part}`;
    if (longer.length > width) break;
    text = longer;
  }
  return text;
}

function colourGauge(text: string): string {
  return text.replace(/^[█#]+/, (full) => `\x1b[32m${full}\x1b[39m`);
}
