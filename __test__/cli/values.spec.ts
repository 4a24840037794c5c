// How texts of the command line become values.
import test from 'ava';
import { columnNames, rowNumbers, seconds } from '../../dist/cli/values';

test('a time has a unit, or is seconds', (t) => {
  const times = { '500ms': 0.5, '60s': 60, '2m': 120, '1h': 3600, '1.5s': 1.5, '90': 90, '0': 0, none: 0 };
  for (const [text, expected] of Object.entries(times)) t.is(seconds(text), expected, text);
});

test('an invalid time is refused', (t) => {
  for (const text of ['', 's', '-1s', '1 s', '5d', '1e3', 'ten', 'None']) {
    t.throws(() => seconds(text), { message: /500ms, 60s or 2m/ }, text);
  }
});

test('names of columns come from all flags, and all stands alone', (t) => {
  t.deepEqual(columnNames('a, b', columnNames('c')), ['c', 'a', 'b']);
  t.is(columnNames(' all ', columnNames('all')), 'all');
  for (const [first, second] of [
    ['all', 'a'],
    ['a', 'all'],
    ['a,all', 'b'],
  ] as const) {
    t.throws(() => columnNames(second, columnNames(first)), { message: /Take all, or/ }, `${first} ${second}`);
  }
});

test('a name in quotes may be any name, as in CSV', (t) => {
  const lists: [given: string, names: string[]][] = [
    ['"mass, Da",b', ['mass, Da', 'b']],
    [' " padded " , b ', [' padded ', 'b']],
    ['"say ""x"""', ['say "x"']],
    ['"all"', ['all']],
    ['"all", a', ['all', 'a']],
    ['""', ['']],
    ['5" pipe, 10"', ['5" pipe', '10"']],
    ['"two\nlines"', ['two\nlines']],
  ];
  for (const [given, names] of lists) t.deepEqual(columnNames(given), names, given);
  for (const given of ['"a', 'b,"a', '"a"b', '"a" "b"', '"a"",b']) {
    t.throws(() => columnNames(given), { message: /A quote does not end, or text follows it/ }, given);
  }
});

test('numbers of rows come from all flags', (t) => {
  t.deepEqual(rowNumbers('17, 23', rowNumbers('0')), [0, 17, 23]);
  for (const text of ['', '17,', '1.5', 'x', '1-3'])
    t.throws(() => rowNumbers(text), { message: /whole number/ }, text);
});
