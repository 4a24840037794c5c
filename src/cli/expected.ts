/** What a dry run says of the run, as text. */
import type { CheckReport, Expected } from '../../index';
import { bytes, count, timeText } from './format';

/** What to expect, as facts, each with its label. */
export function expectedFacts(expected: Expected, { options }: CheckReport): string[][] {
  const { rows, rows_are_counted, rows_with_sites, rows_rejected, products, memory_bytes, seconds } = expected;
  const about = expected.sample.is_whole ? '' : 'about ';
  const all = `${rows_are_counted ? '' : 'about '}${count(rows)}`;
  return [
    ['sample', sampleText(expected)],
    ['with a site', `${about}${count(rows_with_sites)} of ${all} rows`],
    ['rejected', `${about}${count(rows_rejected)} rows`],
    ['products', `${about}${count(products)}${leftText(expected, options['dedup'] !== 'none')}`],
    ['size', `about ${bytes(expected.bytes)}, if no product is left out as a duplicate`],
    ['time', `about ${timeText(seconds)} on an idle machine like this one`],
    ['memory', `about ${bytes(memory_bytes)} at its peak`],
  ];
}

function sampleText({ sample }: Expected): string {
  const { rows, seconds, is_whole, is_cut, reads_all } = sample;
  const tried = is_whole ? `all ${count(rows)} rows` : `${count(rows)} rows, evenly spread`;
  const why = [
    ...(is_cut ? ['there was no time for more'] : []),
    ...(reads_all ? ['the library was read from its start to its end'] : []),
  ];
  return [`${tried}, in ${timeText(seconds)}`, ...why].join('; ');
}

function leftText({ products, products_low, products_high }: Expected, isDeduplicated: boolean): string {
  if (products_low === products_high) {
    return products_high === products ? '' : `, of which ${count(products_high)} are written`;
  }
  const what = isDeduplicated ? 'after the deduplication' : 'without known molecules';
  return `, ${count(products_low)} to ${count(products_high)} ${what}`;
}
