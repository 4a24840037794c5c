// Rule files that are not YAML, rules that are left out, and --strict.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { apply, type CheckReport, check, loadTransforms } from 'xform-native';
import { config, type Failed, job, jobArguments, plants, summaryOf, temporaryFolder, writeSmiles, xform } from './util';

const METHYLATE = '[c:1][OX2H:2]>>[c:1][O:2]C';

/** The arguments of a run over the sample with all rules of a file, into `folder/out`. */
function all(folder: string, rules: string, ...more: string[]): string[] {
  return ['apply', '-i', plants, '-o', join(folder, 'out'), '-c', rules, '--xf-name', 'all', '--json', ...more];
}

test('tables and lines of rules run as YAML does', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeSmiles(folder, ['Oc1ccccc1', 'CCO']);
  const files = {
    'yaml.yaml': `transforms:\n- {name: M, smirks: '${METHYLATE}', prob: 0.25}\n`,
    'table.csv': `prob,smirks,name\n0.25,${METHYLATE},M\n`,
    'table.txt': `name\tsmirks\tprob\nM\t${METHYLATE}\t0.25\n`,
    'sygma.txt': `# rules\n\n${METHYLATE}\t0.25\tM\t#1/4\n`,
    'lines.smarts': `# rules\n${METHYLATE} M\n`,
  };
  const sums = [];
  for (const [name, text] of Object.entries(files)) {
    const xfConfig = join(folder, name);
    writeFileSync(xfConfig, text);
    const { transforms } = await loadTransforms(xfConfig);
    t.is(transforms[0]?.prob, name === 'lines.smarts' ? null : 0.25, name);
    const summary = await apply(job(folder, { input, xfConfig, xfName: 'M', force: true }));
    t.deepEqual(summary.notices, name === 'sygma.txt' ? [`${xfConfig}: column 4 is not used`] : []);
    sums.push(summary.transforms);
  }
  for (const each of sums) t.deepEqual(each, sums[0]);
});

const bad = ['[C:1>>[C:1]F broken', `${METHYLATE} M`, 'words', '[CH3:1]>>[C:1]F', '[C:1].[N:2]>>[C:1][N:2] two'];

test('--skip-bad-rules leaves out rules that cannot be used, names and counts them', async (t) => {
  const folder = temporaryFolder(t);
  const rules = join(folder, 'rules.smarts');
  writeFileSync(rules, `${bad.join('\n')}\n`);
  const out = join(folder, 'out');
  const args = all(folder, rules, '--limit', '20');
  const refused = await xform(args);
  t.is(refused.status, 2);
  t.is((JSON.parse(refused.stdout) as Failed).error.details['line'], 3, 'the file is read before RDKit is asked');

  const ended = await xform([...args, '--skip-bad-rules']);
  t.is(ended.status, 0, ended.stderr);
  const { rules_skipped, warnings, transform } = summaryOf(ended);
  t.deepEqual([rules_skipped, transform], [3, ['M', 'rules.smarts:4']]);
  const left = warnings.filter((warning) => warning.startsWith('rule left out: '));
  t.deepEqual(
    left.map((warning) => /rules\.smarts:(\d+:\d+): /.exec(warning)?.[1]),
    ['3:1', '1:5', '5:1'],
    left.join('\n'),
  );
  for (const warning of left) t.true(ended.stderr.includes(`warning: ${warning}\n`), warning);
  t.is((await xform(['verify', out])).status, 0);

  const again = await xform([...args, '--skip-bad-rules', '--resume']);
  t.is(again.status, 0, again.stderr);
  t.true(summaryOf(again).already_finished);
});

test('a name that selects only rules that are left out', async (t) => {
  const folder = temporaryFolder(t);
  const xfConfig = join(folder, 'rules.smarts');
  writeFileSync(xfConfig, `${bad.filter((rule) => rule !== 'words').join('\n')}\n`);
  const input = writeSmiles(folder, ['Oc1ccccc1']);
  const options = job(folder, { input, xfConfig, skipBadRules: true });
  await t.throwsAsync(check({ ...options, xfName: 'broken' }), { code: 'XFORM_INVALID_SMIRKS' });
  const { transforms, rules_skipped } = await check({ ...options, xfName: ['M', 'broken'] });
  t.deepEqual([transforms, rules_skipped], [['M'], 1]);
  await apply({ ...options, xfName: ['M', 'broken'] });
  t.is((await xform(['verify', options.outdir])).status, 0);
});

test('--strict makes an error of an example that is not met', async (t) => {
  const folder = temporaryFolder(t);
  const rules = join(folder, 'rules.yaml');
  const examples = '[{in: Oc1ccccc1, out: C}, {none: CCO}, {none: Oc1ccccc1}]';
  writeFileSync(rules, `transforms:\n- {name: M, smirks: '${METHYLATE}', examples: ${examples}}\n`);
  const args = all(folder, rules, '--dry-run');
  const warned = await xform(args);
  t.is(warned.status, 0, warned.stderr);
  const { warnings } = JSON.parse(warned.stdout) as CheckReport;
  t.is(warnings.length, 2);
  const strict = await xform([...args, '--strict']);
  t.is(strict.status, 2);
  const { error } = JSON.parse(strict.stdout) as Failed;
  t.is(error.code, 'XFORM_EXAMPLES_UNMET');
  t.deepEqual(error.details, { unmet: warnings });
  for (const warning of warnings) t.true(error.message.includes(warning));
});

test('keys without effect are a note, which --quiet leaves out', async (t) => {
  const folder = temporaryFolder(t);
  const idle = join(folder, 'idle.yaml');
  writeFileSync(idle, readFileSync(config, 'utf8').replace(/^defaults:$/m, '$&\n  apply_mode: per_site'));
  const note = 'keys without effect in the transform files: apply_mode';
  const flags = ['--limit', '10', '--xf-config', idle];
  const shown = await xform(jobArguments(folder, ...flags));
  t.deepEqual(shown.stderr.match(/^note: .*$/gm), [`note: ${note}`]);
  const quiet = await xform(jobArguments(folder, ...flags, '--force', '--quiet'));
  t.deepEqual([quiet.status, quiet.stdout, quiet.stderr], [0, '', '']);
  const { notices, warnings } = await check(job(folder, { xfConfig: idle, force: true }));
  t.deepEqual([notices, warnings], [[note], []]);
});
