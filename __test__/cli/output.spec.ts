// How progress and figures are shown; no process is started.
import test from 'ava';
import type { Progress } from 'xform-native';
import { bytes, duration } from '../../dist/cli/format';
import { type ProgressMode, showProgress } from '../../dist/cli/progress';

const halfway: Progress = {
  phase: 'reading',
  rows_total: 2000,
  rows: 1000,
  rows_resumed: 0,
  products: 944,
  unique: 939,
  rejects: 0,
  elapsed_seconds: 1,
  rows_per_second: 1000,
  eta_seconds: 1,
  memory_bytes: 200 * 2 ** 20,
  batches_in_flight: 3,
  inflight_bytes: 1_000_000,
};

const utf8 = { TERM: 'xterm', LANG: 'en_GB.UTF-8' };

function shown(mode: ProgressMode, screen: object, env: NodeJS.ProcessEnv, ...events: Progress[]): string {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  const view = showProgress(mode, { write, ...screen }, env);
  for (const event of events) view.update(event);
  view.end();
  view.end();
  return text;
}

test('a bar is drawn, redrawn and cleared', (t) => {
  const text = shown('auto', { isTTY: true, columns: 120 }, utf8, halfway, { ...halfway, rows: 2000 });
  t.deepEqual(text.split('\r\x1b[K'), [
    '',
    '██████████░░░░░░░░░░ 50.0 %  1,000/2,000 rows  ETA 0:01  944 products  1,000 rows/s  200 MiB  3 in flight',
    '████████████████████ 100.0 %  2,000/2,000 rows  ETA 0:01  944 products  1,000 rows/s  200 MiB  3 in flight',
    '',
  ]);
});

test('a bar fits the terminal, and its characters and colours the terminal too', (t) => {
  t.is(
    shown('bar', { isTTY: true, columns: 60 }, { TERM: 'xterm', LANG: 'C' }, halfway),
    '\r\x1b[K##########---------- 50.0 %  1,000/2,000 rows  ETA 0:01\r\x1b[K',
  );
  const coloured = shown('bar', { isTTY: true, columns: 60, hasColors: () => true }, utf8, halfway);
  t.true(coloured.includes('\x1b[32m██████████\x1b[39m░'));
});

test('if the number of rows is not known, there is no bar and no ETA', (t) => {
  const unknown = { ...halfway, rows_total: null, eta_seconds: null };
  const text = shown('bar', { isTTY: true, columns: 120 }, utf8, unknown);
  t.is(text, '\r\x1b[K1,000 rows  944 products  1,000 rows/s  200 MiB  3 in flight\r\x1b[K');
});

test('without a terminal that can redraw, a log gets a line every 30 s and at each phase', (t) => {
  const at = (elapsed_seconds: number, phase: Progress['phase'] = 'reading') => ({
    ...halfway,
    elapsed_seconds,
    phase,
  });
  for (const [mode, screen, env] of [
    ['auto', {}, utf8],
    ['bar', {}, utf8],
    ['auto', { isTTY: true }, { TERM: 'dumb' }],
  ] as const) {
    const text = shown(mode, screen, env, at(1), at(29), at(30), at(31), at(59), at(61), at(62, 'publishing'), at(63));
    const lines = text.split('\n');
    t.is(lines[0], '0:30, 50.0 %, 1,000/2,000 rows, ETA 0:01, 944 products, 1,000 rows/s, 200 MiB, 3 in flight');
    t.deepEqual(
      lines.map((line) => line.split(',')[0]),
      ['0:30', '1:01', '1:02', '1:03', ''],
    );
  }
  t.is(shown('auto', {}, utf8, at(1), at(2, 'publishing')), '', 'a short run has no use for it');
  t.is(shown('none', { isTTY: true }, utf8, at(40)), '');
});

test('json prints one line per report', (t) => {
  const lines = shown('json', {}, utf8, halfway, halfway).split('\n');
  t.deepEqual(
    lines.slice(0, 2).map((line) => JSON.parse(line)),
    [halfway, halfway],
  );
});

test('the publishing phase is shown', (t) => {
  const text = shown('bar', { isTTY: true, columns: 120 }, utf8, { ...halfway, rows: 2000, phase: 'publishing' });
  t.true(text.includes('939 products written, publishing'));
});

test('figures are formatted for people', (t) => {
  t.deepEqual([0, 1023, 1024, 10 * 2 ** 20, 1.5 * 2 ** 30].map(bytes), [
    '0 B',
    '1023 B',
    '1.0 KiB',
    '10 MiB',
    '1.5 GiB',
  ]);
  t.deepEqual([0, 5, 65, 3723].map(duration), ['0:00', '0:05', '1:05', '1:02:03']);
});
