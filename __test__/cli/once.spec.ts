// A flag that takes one value may be given only once.
import test from 'ava';
import { type Failed, xform } from '../util';

const commands = [
  ['apply'],
  ['merge'],
  ['verify'],
  ['export'],
  ['sample'],
  ['summarize'],
  ['gallery'],
  ['report'],
  ['cluster', 'scheduler'],
  ['cluster', 'executor'],
  ['cluster', 'apply'],
];
/** Flags that may be given twice; with the name of a command, only there. */
const repeatable = [
  'apply --format',
  'summarize --by',
  '--alerts',
  '--column-type',
  '--columns',
  '--exclude',
  '--family',
  '--input',
  '--keep-columns',
  '--properties',
  '--query',
  '--scope',
  '--skip-rows',
  '--smirks',
  '--strata',
  '--xf-config',
  '--xf-name',
];
/** A valid value for each flag whose value is not a number. */
const values: Readonly<Record<string, string>> = {
  '--allocation': 'equal',
  '--by': 'random',
  '--dedup': 'exact',
  '--dedup-key': 'smiles',
  '--input-format': 'smi',
  '--format': 'csv',
  '--pick': 'leader',
  '--salts': 'keep',
  '--standardize': 'cleanup',
  '--progress': 'none',
};

/** The flags that take a value, as listed in a command's help: the long form and, if there is one, the short form. */
async function valueFlags(command: readonly string[]): Promise<string[][]> {
  const { stdout } = await xform([...command, '--help']);
  const lines = [...stdout.matchAll(/^ {2}(?:(-\w), | *)(--[a-z-]+) </gm)];
  return lines.map(([, short, long = '']) => (short === undefined ? [long] : [long, short]));
}

for (const command of commands) {
  test(`${command.join(' ')} refuses a second value for each flag that takes one`, async (t) => {
    const flags = await valueFlags(command);
    const least = command.includes('verify') ? 0 : command.includes('report') ? 1 : 4;
    t.true(flags.length >= least, flags.join(' '));
    for (const names of flags) {
      const [long = '', short = long] = names;
      const value = values[long] ?? '1';
      const twice = [...command, 'folder', short, value, `${long}=${value}`];
      const { status, stderr } = await xform(twice);
      if ([long, `${command.join(' ')} ${long}`].some((flag) => repeatable.includes(flag)))
        t.false(stderr.includes('more than once'), stderr);
      else {
        t.is(status, 2, `${long}: ${stderr}`);
        t.regex(stderr, new RegExp(`^error: option '.*${long} <.*' was given more than once`), long);
      }
    }
  });
}

test('the error has the same facts as data, and flags without a value may be repeated', async (t) => {
  const twice = await xform(['apply', '--workers', '1', '--workers', '1', '--json']);
  t.is((JSON.parse(twice.stdout) as Failed).error.code, 'XFORM_INVALID_OPTION');
  const { stderr } = await xform(['verify', '--json', '--json']);
  t.regex(stderr, /missing required argument/);
});
