/**
 * Shows a run in progress, on stderr.
 *
 * This is a few lines of our own instead of a library: the core already sends at most five events per second, so the
 * timers and the multiplexing that such libraries offer are not needed.
 */
import { type Command, Option } from 'commander';
import type { Progress } from '../../index';
import { bytes, count, duration } from './format';
import { byDefault } from './values';

const progressModes = ['auto', 'bar', 'json', 'none'] as const;
export type ProgressMode = (typeof progressModes)[number];

/** The options of `declareReport`, as commander returns them. */
export interface ReportFlags {
  quiet?: true;
  json?: true;
  progress?: ProgressMode;
}

/**
 * Declares how a command shows its progress and its result; the same for all commands that take as long as a library.
 */
export function declareReport(command: Command): Command {
  return command
    .option('--quiet', 'no progress, no table: only warnings and errors')
    .option('--json', 'the summary as one JSON object on stdout, or {error: {code, message, details}}')
    .addOption(
      new Option(
        '--progress <kind>',
        `on stderr; auto is bar on a terminal, else none ${byDefault('auto, with --quiet none')}`,
      ).choices([...progressModes]),
    )
    .helpOption('-h, --help', 'print this help');
}

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

const silent: ProgressView = { update() {}, end() {} };

/** If a line cannot be redrawn, a new line is written at this interval instead. */
const LINE_INTERVAL_SECONDS = 10;
const BAR_CELLS = 20;

/** As the flags request: `--quiet` hides it, unless `--progress` asks for it. */
export function progressView({ quiet, progress }: ReportFlags): ProgressView {
  return showProgress(progress ?? (quiet ? 'none' : 'auto'), process.stderr);
}

export function showProgress(mode: ProgressMode, screen: Screen, env = process.env): ProgressView {
  const canRedraw = screen.isTTY === true && env['TERM'] !== 'dumb';
  if (mode === 'none' || (mode === 'auto' && !canRedraw)) return silent;
  if (mode === 'json') return jsonLines(screen);
  return canRedraw ? bar(screen, env) : lines(screen);
}

function jsonLines(screen: Screen): ProgressView {
  return { update: (progress) => screen.write(`${JSON.stringify(progress)}\n`), end() {} };
}

function lines(screen: Screen): ProgressView {
  let next = 0;
  return {
    update(progress) {
      if (progress.elapsed_seconds < next) return;
      next = progress.elapsed_seconds + LINE_INTERVAL_SECONDS;
      screen.write(`${facts(progress).join(', ')}\n`);
    },
    end() {},
  };
}

function bar(screen: Screen, env: NodeJS.ProcessEnv): ProgressView {
  const cells = /utf-?8/i.test(env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '') ? '█░' : '#-';
  const clear = '\r\x1b[K';
  let isDrawn = false;
  return {
    update(progress) {
      // A terminal that does not know its width reports 0.
      const text = fitWidth([...gauge(progress, cells), ...facts(progress)], (screen.columns || 80) - 1);
      screen.write(clear + (screen.hasColors?.() ? colourGauge(text) : text));
      isDrawn = true;
    },
    end() {
      if (isDrawn) screen.write(clear);
      isDrawn = false;
    },
  };
}

function gauge({ rows, rows_total }: Progress, cells: string): string[] {
  if (!rows_total) return [];
  const share = Math.min(rows / rows_total, 1);
  const full = Math.round(share * BAR_CELLS);
  const [on = '#', off = '-'] = cells;
  return [`${on.repeat(full)}${off.repeat(BAR_CELLS - full)} ${(100 * share).toFixed(1)} %`];
}

/** The facts, most important first. */
function facts(progress: Progress): string[] {
  if (progress.phase === 'checking') return ['checking the shards'];
  if (progress.phase === 'publishing') return [`${count(progress.unique)} products written, publishing`];
  const { rows, rows_total, eta_seconds } = progress;
  return [
    rows_total === null ? `${count(rows)} rows` : `${count(rows)}/${count(rows_total)} rows`,
    `${count(progress.products)} products`,
    `${count(progress.rows_per_second)} rows/s`,
    ...(eta_seconds === null ? [] : [`ETA ${duration(eta_seconds)}`]),
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
