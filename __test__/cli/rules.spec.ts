// `xform-native rules list` and `rules show`: rules are found, shown in words and drawn, and refused ones are shown too.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test from 'ava';
import { ConfigError, listRules, OptionError, type RuleListing, type ShownRule, showRule } from 'xform-native';
import { listText } from '../../dist/cli/rules-list';
import { ruleText } from '../../dist/cli/rules-show';
import { config, type Failed, OME, temporaryFolder, writeTransforms, xform } from '../util';

test('without a file, the rules are those of the package', async (t) => {
  const { rules, notices } = await listRules();
  t.deepEqual(notices, []);
  t.like(rules[0], {
    name: OME,
    legacy_rule_id: 'OH_to_OMe',
    picture: 'c-OH -> c-O-CH3',
    change: 'O: +CH3',
    refused: null,
  });
  t.is(rules[0]?.place?.file, config);
  t.is(new Set(rules.map(({ place }) => place?.file)).size, 2);
  t.true(rules.every(({ picture, change }) => picture?.includes(' -> ') && change));
  const { stdout } = await xform(['rules', 'list', config, '--json']);
  t.deepEqual((JSON.parse(stdout) as RuleListing).rules, rules.slice(0, 32));
});

test('family, class and search leave out rules, and what no rule has brings the nearest names', async (t) => {
  const names = async (...flags: string[]) => (await xform(['rules', 'list', config, ...flags])).stdout;
  t.true((await names('--search', 'oh_TO_ome')).includes(OME));
  t.regex(await names('--family', 'phenol_mod'), /^\d+ rules of /m);
  t.regex(await names('--scope', 'polyphenol', '--search', 'OH_to_OMe'), /^1 rule of configs\/transforms.yaml$/m);
  const unknown = await xform(['rules', 'list', config, '--family', 'phenol_mood']);
  t.deepEqual(
    [unknown.status, unknown.stderr],
    [2, 'error: --family: no transform has "phenol_mood"; did you mean "phenol_mod"?\n'],
  );
  await t.throwsAsync(listRules({ search: 'OH_to_OMee' }), {
    instanceOf: OptionError,
    message: /did you mean "OH_to_OMe"/,
  });
  await t.throwsAsync(listRules({ search: 3 as unknown as string }), { instanceOf: OptionError });
});

test('a rule that RDKit refuses is listed and shown with the reason', async (t) => {
  const folder = temporaryFolder(t);
  const file = writeTransforms(folder, {
    good: '[C:1]Cl>>[C:1]F',
    bad: '[C:1>>[C:1]F',
    none: '[C:1].[O:2]>>[C:1][O:2]',
  });
  const list = await xform(['rules', 'list', file]);
  t.is(list.status, 0, list.stderr);
  t.regex(list.stdout, /^bad$\n {2}\[!\] smirks: /m);
  t.regex(list.stdout, /^none$\n {2}\[!\] smirks: it has 2 reactant templates/m);
  const show = await xform(['rules', 'show', 'bad', '--xf-config', file]);
  t.regex(show.stdout, /^ {2}refused +RDKit refuses it: smirks: /m);
  const svg = await xform(['rules', 'show', 'bad', '--xf-config', file, '--svg', join(folder, 'a.svg'), '--json']);
  t.is(svg.status, 2);
  t.regex((JSON.parse(svg.stdout) as Failed).error.message, /^--svg: RDKit refuses the rule/);
  t.false(existsSync(join(folder, 'a.svg')));
});

test('a rule is shown by any of its names, with its words, path, examples and picture', async (t) => {
  const shown = await showRule('OH_to_OMe', { xfConfig: config });
  t.is(shown.name, OME);
  t.deepEqual(shown.unmet, [null, null]);
  t.true(shown.description?.statements.some(({ topic, text }) => topic === 'added' && text === 'CH3 on O:2'));
  t.is(shown.explanation?.path, 'edit');

  const file = join(temporaryFolder(t), 'rule.svg');
  const ended = await xform(['rules', 'show', OME, '--json', '--svg', file]);
  const { svg, ...others } = shown;
  t.deepEqual(JSON.parse(ended.stdout) as Omit<ShownRule, 'svg'>, others);
  t.is(readFileSync(file, 'utf8'), svg ?? '');
  t.regex(svg ?? '', /^<\?xml [^>]+>\n<svg /);
});

test('an unknown rule brings the nearest names, and examples that are not met say so', async (t) => {
  await t.throwsAsync(showRule('OH_to_OMee'), {
    instanceOf: ConfigError,
    code: 'XFORM_UNKNOWN_TRANSFORM',
    message: /OH_to_OMe/,
  });
  const file = join(temporaryFolder(t), 'rules.yaml');
  const rule = '{name: A, smirks: "[c:1][OX2H:2]>>[c:1][O:2]C", examples: [{in: Oc1ccccc1, out: C}, {none: C}]}';
  writeFileSync(file, `version: 1\ntransforms: [${rule}]\n`);
  const { unmet } = await showRule('A', { xfConfig: file });
  t.regex(unmet[0] ?? '', /does not give "C"; it gives \[COc1ccccc1\]/);
  t.is(unmet[1], null);
  const { stdout } = await xform(['rules', 'show', 'A', '--xf-config', file]);
  t.regex(stdout, /Oc1ccccc1 -> C; not met: /);
});

test('tables fit the terminal, whatever the names are', async (t) => {
  const { rules } = await listRules();
  const [first] = rules;
  const odd = {
    ...first,
    name: 'n'.repeat(300),
    label: '漢字'.repeat(50),
    family: '\u{1f600}'.repeat(40),
  } as (typeof rules)[0];
  for (const width of [80, 120, 200]) {
    const lines = listText([...rules, odd], width)
      .split('\n')
      .slice(0, -3);
    const columns = (line: string) => [...line].reduce((sum, c) => sum + (c > '\u2e80' ? 2 : 1), 0);
    for (const line of lines) t.true(columns(line) <= width, line);
  }
  t.true(listText(rules, 500).includes(rules.at(-1)?.label ?? '?'), 'nothing is cut where there is room');
});

test('no text of a file reaches the terminal raw', async (t) => {
  const file = join(temporaryFolder(t), 'rules.yaml');
  writeFileSync(file, 'version: 1\ntransforms: [{name: A, smirks: "[C:1]Cl>>[C:1]F", label: "x\\e[2J\\ny"}]\n');
  for (const args of [
    ['list', file],
    ['show', 'A', '--xf-config', file],
  ]) {
    const { stdout } = await xform(['rules', ...args]);
    t.true(stdout.includes('x\\x1b[2J\\ny') && !stdout.includes('\x1b'), stdout);
  }
});

test('the longest words of a rule stay whole', async (t) => {
  const shown = await showRule('OH_to_OMe', { xfConfig: config });
  const text = ruleText({ ...shown, smirks: `[C:1]>>[C:1]${'C'.repeat(100)}` }, 80);
  t.true(text.includes('C'.repeat(100)));
});
