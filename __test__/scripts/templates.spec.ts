// The scripts that check rules against templates of public repositories: how templates are found, and what counts as a
// difference. The check itself (npm run verify:templates) needs the repositories and Python.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import test, { type ExecutionContext } from 'ava';

const SCRIPTS = join(__dirname, '..', '..', 'scripts', 'templates');

interface Verdict {
  name: string;
  smirks: string;
  parses: boolean;
  reactants?: number;
  products?: number;
  warnings?: number;
  errors?: number;
  messages: string[];
}

const GOOD: Verdict = {
  name: 'a-1',
  smirks: '[C:1]>>[C:1]F',
  parses: true,
  reactants: 1,
  products: 1,
  warnings: 0,
  errors: 0,
  messages: [],
};
const UNREAD: Verdict = { name: 'a-2', smirks: '[Q]>>[C]', parses: false, messages: ['no'] };

test('string literals: adjacent and raw ones, escapes, and only what looks like a template', async (t) => {
  const { findTemplates } = await script('find');
  const cpp = String.raw`
    // it's "[C:1]>>[C:1]F" that
    smi = "[N:1][C:2]>>"
          "[N:1]";
    std::cout << "[x]" >> "[y]" << "a [C:1]>>[C:2]";
    auto bond = "[C:1]\\[C:2]>>[C:1]/[C:2]", raw = R"([C:1](\[Cl:2])>>[C:1])";
    complex = "[Pt]<-[NH2]->[Pt]N->[Pt]"; plain = "CC>>CO"; agent = "[C:1]>[Pd]>[C:1] |extension|";
  `;
  t.deepEqual(findTemplates({ path: 'a.cpp', in: 'literals' }, cpp), [
    '[C:1]>>[C:1]F',
    '[N:1][C:2]>>[N:1]',
    String.raw`[C:1]\[C:2]>>[C:1]/[C:2]`,
    String.raw`[C:1](\[Cl:2])>>[C:1]`,
    '[C:1]>[Pd]>[C:1]',
  ]);
  const python = `x = ['[C:1]>>[C:1]O', r'[C:1]\\[C:2]>>[C:1]', "[c:1]" '>>[n:1]', '[%s:1]>>[C:1]']`;
  const found = ['[C:1]>>[C:1]O', String.raw`[C:1]\[C:2]>>[C:1]`, '[c:1]>>[n:1]'];
  t.deepEqual(findTemplates({ path: 'a.py', in: 'literals' }, python), found);
});

test('keys choose among the strings of JSON, and a column among the cells of a table', async (t) => {
  const { findTemplates } = await script('find');
  const json = '{"smirks" : "[C:1]>>[O:1]", "old_smirks": "[C:1]>>[N:1]", "more": {"smirks": "[C:1]>>[S:1]"}}';
  t.deepEqual(findTemplates({ path: 'a.json', in: 'literals', keys: ['smirks'] }, json), [
    '[C:1]>>[O:1]',
    '[C:1]>>[S:1]',
  ]);
  const table = '# [C:1]>>[Br:1]\nname,SMIRKS,old\r\na,"[C,N:1]>>[O:1]",[C:1]>>[F:1]\n"b ""c""",[C:1]>>[S:1],\n';
  const all = ['[C,N:1]>>[O:1]', '[C:1]>>[F:1]', '[C:1]>>[S:1]'];
  t.deepEqual(findTemplates({ path: 'a.csv', in: 'table', separator: ',' }, table), all);
  const column = { path: 'a.csv', in: 'table', separator: ',', column: 'SMIRKS' };
  t.deepEqual(findTemplates(column, table), ['[C,N:1]>>[O:1]', '[C:1]>>[S:1]']);
});

test('a snapshot is a checkout or a bare repository, read at the commit', async (t) => {
  const { openSnapshot } = await script('snapshots');
  const folder = scratch(t);
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...words], { encoding: 'utf8' }).trim();
  const work = join(folder, 'owner', 'checked-out');
  mkdirSync(work, { recursive: true });
  git('init', '--quiet', work);
  writeFileSync(join(work, 'rules.txt'), 'old');
  git('-C', work, 'add', '.');
  git('-C', work, 'commit', '--quiet', '--message', 'one');
  const commit = git('-C', work, 'rev-parse', 'HEAD');
  writeFileSync(join(work, 'rules.txt'), 'new');
  git('clone', '--quiet', '--bare', work, join(folder, 'owner+bare'));

  for (const repository of ['owner/checked-out', 'owner/bare']) {
    const read = await openSnapshot({ repository, commit }, folder);
    t.is(read('rules.txt'), 'old', repository);
    t.throws(() => read('other.txt'), { message: /has no other\.txt at/ });
  }
  mkdirSync(join(work, 'inner'));
  const inner = { repository: 'checked-out/inner', commit };
  await t.throwsAsync(openSnapshot(inner, join(folder, 'owner')), { message: /No Git repository of/ });
});

test('each way in which a report can differ from the verdicts of RDKit', async (t) => {
  const { differences } = await script('verdicts');
  const of = (verdict: Verdict, ...findings: object[]) => differences([verdict], { findings });
  const error = { code: 'invalid_smirks', severity: 'error', transform: 'a-1', line: 1 };
  const note = { code: 'map_zero', severity: 'note', transform: 'a-1', line: 1 };

  t.deepEqual(of(GOOD), []);
  t.deepEqual(of(GOOD, note), []);
  t.regex(of(GOOD, error)[0], /^a-1: invalid_smirks, although RDKit accepts it: \[C:1\]>>/);
  t.deepEqual(of(UNREAD, { ...error, transform: null }), [], 'found by its line');
  t.regex(of(UNREAD, note)[0], /^a-2: no error, although RDKit does not read it/);
  t.regex(of({ ...GOOD, reactants: 2 })[0], /no error, although it has 2 reactant templates/);
  t.regex(of({ ...GOOD, products: 0 })[0], /no error, although it has no product template/);
  t.regex(of({ ...GOOD, errors: 1, messages: ['twice'] })[0], /validation gives errors \(twice\)/);
  t.deepEqual(of({ ...GOOD, errors: 1 }, error), []);
  t.regex(of({ ...GOOD, warnings: 1, messages: ['unmapped'] })[0], /no finding, although RDKit warns \(unmapped\)/);
  t.deepEqual(of({ ...GOOD, warnings: 1 }, note), []);
  const other = { ...error, transform: 'a-2', line: 2 };
  t.deepEqual(differences([GOOD, UNREAD], { findings: [other] }), [], 'findings belong to their template');
});

test('a template that crashes the command is named, and the others are still compared', async (t) => {
  const { checkTemplates } = await script('check');
  const folder = scratch(t);
  const fake = join(folder, 'fake.mjs');
  writeFileSync(fake, FAKE_COMMAND);
  const names = ['a-1', 'a-2', 'a-3', 'a-4', 'a-5'];
  const verdicts = names.map((name) => ({ ...GOOD, name }));
  const check = (changes: Record<number, object>) => {
    const changed = verdicts.map((verdict, index) => ({ ...verdict, ...changes[index] }));
    return checkTemplates(changed, [process.execPath, fake], folder);
  };
  t.deepEqual(check({}), []);
  const crashed = check({ 1: { smirks: '[die:1]>>[C:1]' }, 4: UNREAD });
  t.deepEqual(
    crashed.filter((line: string) => !line.includes(' to ')),
    [
      'a-2: rules check ends with SIGKILL (): [die:1]>>[C:1]',
      'a-2: no error, although RDKit does not read it: [Q]>>[C]',
    ],
  );
  t.regex(check({ 2: { smirks: '[mute:1]>>[C:1]' } }).at(-1), /^a-3: rules check ends with 2 \(used wrongly\)/);
  t.is(readFileSync(join(folder, 'part.smarts'), 'utf8').split('\n').length, 3, 'the last half has two');
});

const FAKE_COMMAND = `
import { readFileSync } from 'node:fs';
const text = readFileSync(process.argv[2], 'utf8');
if (text.includes('die')) process.kill(process.pid, 'SIGKILL');
if (text.includes('mute')) {
  console.error('used wrongly');
  process.exit(2);
}
console.log(JSON.stringify({ findings: [] }));
`;

/** A module of scripts/templates. */
// biome-ignore lint/suspicious/noExplicitAny: the scripts are JavaScript without types
function script(name: string): Promise<any> {
  return import(pathToFileURL(join(SCRIPTS, `${name}.mjs`)).href);
}

function scratch(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'xform-templates-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
