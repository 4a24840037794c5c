// Bad input: for each fault the exit status, the code, the path in the message, and that no file has its final name.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test, { type ExecutionContext } from 'ava';
import type { XformErrorCode } from 'xform-native';
import {
  config,
  type Ended,
  type Failed,
  finalFiles,
  jobArguments,
  main,
  OME,
  plants,
  run,
  temporaryFolder,
  writeLargeLibrary,
  writeParquet,
  writeSmiles,
  writeTransforms,
  xform,
} from '../util';

interface Fault {
  code: XformErrorCode;
  status: 1 | 2;
  /** Prepares `folder`; returns arguments to append to those of the good job, and what the message must contain. */
  prepare(folder: string): Promise<Given> | Given;
  details?: Record<string, unknown>;
}

interface Given {
  args: string[];
  names: string;
}

function fault(code: XformErrorCode, status: 1 | 2, prepare: Fault['prepare'], details?: Fault['details']): Fault {
  return { code, status, prepare, ...(details && { details }) };
}

/** An input file of `bytes`. */
function input(name: string, bytes: string | Buffer): Fault['prepare'] {
  return (folder) => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return { args: ['-i', path], names: path };
  };
}

/** A transform file with the content `text`; the message names it. */
function yaml(text: string | Buffer): Fault['prepare'] {
  return (folder) => {
    const path = join(folder, 'faulty.yaml');
    writeFileSync(path, text);
    return { args: ['--xf-config', path], names: path };
  };
}

/** A valid start of a transform file, to which a fault is added. */
const good = `version: 1\ntransforms:\n  - name: ${OME}\n    smirks: "[c:1][OX2H:2]>>[c:1][O:2]C"\n`;

const faults: Record<string, Fault> = {
  'a missing input file': fault('XFORM_INPUT_NOT_FOUND', 2, (folder) => {
    const path = join(folder, 'absent.parquet');
    return { args: ['-i', path], names: path };
  }),
  'a directory as input': fault('XFORM_INPUT_UNREADABLE', 2, (folder) => ({ args: ['-i', folder], names: folder })),
  'an input that is not Parquet but says so': fault(
    'XFORM_INPUT_UNREADABLE',
    2,
    input('library.parquet', 'this is not a Parquet file, despite its name\n'),
  ),
  'an empty input file': fault('XFORM_INPUT_UNREADABLE', 2, input('library.parquet', '')),
  'a Parquet file that lacks its end': fault('XFORM_INPUT_UNREADABLE', 2, (folder) => {
    const path = join(folder, 'library.parquet');
    writeFileSync(path, readFileSync(plants));
    truncateSync(path, 20_000);
    return { args: ['-i', path], names: path };
  }),
  'a Parquet file with a hole in its data': fault('XFORM_INPUT_CORRUPT', 1, (folder) => {
    const path = join(folder, 'library.parquet');
    const bytes = readFileSync(plants);
    bytes.fill(0xff, 4, bytes.length >> 1);
    writeFileSync(path, bytes);
    return { args: ['-i', path], names: path };
  }),
  'an input without a SMILES column': fault('XFORM_INPUT_COLUMN', 2, async (folder) => {
    const columns = [
      { name: 'mol', data: ['C'] },
      { name: 'weight', data: [1.5], type: 'DOUBLE' as const },
    ];
    const path = await writeParquet(join(folder, 'library.parquet'), columns);
    return { args: ['-i', path], names: path };
  }),
  'a SMILES column of numbers': fault('XFORM_INPUT_COLUMN', 2, async (folder) => {
    const path = await writeParquet(join(folder, 'l.parquet'), [{ name: 'smiles', data: [1.5], type: 'DOUBLE' }]);
    return { args: ['-i', path], names: path };
  }),
  'an unknown id column': fault('XFORM_INPUT_COLUMN', 2, () => ({ args: ['--id-column', 'nope'], names: plants })),
  'an unknown column to keep': fault('XFORM_INPUT_COLUMN', 2, () => ({
    args: ['--keep-columns', 'coconut_id,nope'],
    names: plants,
  })),
  'an unknown transform': fault(
    'XFORM_UNKNOWN_TRANSFORM',
    2,
    () => ({ args: ['--xf-name', 'FG_PHENOL_OH__OH__TO__OMee'], names: config }),
    { name: 'FG_PHENOL_OH__OH__TO__OMee', suggestion: OME },
  ),
  'a missing transform file': fault('XFORM_CONFIG_UNREADABLE', 2, (folder) => {
    const path = join(folder, 'absent.yaml');
    return { args: ['--xf-config', path], names: path };
  }),
  'a transform file that is a directory': fault('XFORM_CONFIG_UNREADABLE', 2, (folder) => ({
    args: ['--xf-config', folder],
    names: folder,
  })),
  'an empty transform file': fault('XFORM_CONFIG_INVALID', 2, yaml('')),
  'a transform file that is not text': fault('XFORM_CONFIG_INVALID', 2, yaml(Buffer.from([0x61, 0xff, 0xfe, 0x00]))),
  'YAML that does not parse': fault('XFORM_CONFIG_INVALID', 2, yaml(`${good}    label: "never closed\n`), { line: 5 }),
  'a list in place of the file': fault('XFORM_CONFIG_INVALID', 2, yaml('- name: A\n'), { line: 1 }),
  'an unknown key of the file': fault('XFORM_CONFIG_INVALID', 2, yaml(`${good}default: {}\n`), {
    line: 5,
    column: 1,
    key: 'default',
  }),
  'an unknown key of a transform': fault('XFORM_CONFIG_INVALID', 2, yaml(`${good}    max_site_per_mol: 4\n`), {
    line: 5,
    column: 5,
    key: 'transforms[0].max_site_per_mol',
  }),
  'a key given twice': fault('XFORM_CONFIG_INVALID', 2, yaml(`${good}    name: B\n`), { line: 5 }),
  'a version from the future': fault('XFORM_CONFIG_INVALID', 2, yaml(good.replace('version: 1', 'version: 2')), {
    line: 1,
    key: 'version',
  }),
  'a transform without a name': fault('XFORM_CONFIG_INVALID', 2, yaml('transforms:\n  - smirks: "[C:1]>>[C:1]"\n'), {
    line: 2,
    key: 'transforms[0].name',
  }),
  'a transform without a SMIRKS': fault('XFORM_CONFIG_INVALID', 2, yaml('transforms:\n  - name: A\n'), {
    line: 2,
    key: 'transforms[0].smirks',
  }),
  'two transforms of one name': fault(
    'XFORM_CONFIG_INVALID',
    2,
    yaml(`${good}  - name: ${OME}\n    smirks: "[C:1]>>[C:1]"\n`),
    { line: 5, key: 'transforms[1].name' },
  ),
  'a name with a slash': fault('XFORM_CONFIG_INVALID', 2, yaml(good.replace(OME, 'A/B')), { line: 3 }),
  'a value of the wrong type': fault('XFORM_CONFIG_INVALID', 2, yaml(`${good}    max_sites_per_mol: many\n`), {
    line: 5,
    key: 'transforms[0].max_sites_per_mol',
  }),
  'a limit of no site': fault('XFORM_CONFIG_INVALID', 2, yaml(`${good}    max_sites_per_mol: 0\n`), { line: 5 }),
  'an alias that is not defined': fault('XFORM_CONFIG_INVALID', 2, yaml(`${good}    label: *nowhere\n`), { line: 5 }),
  'a SMIRKS that does not parse': fault(
    'XFORM_INVALID_SMIRKS',
    2,
    (folder) => ({ args: ['--xf-config', writeTransforms(folder, { [OME]: '[C:1>>[C:1]' })], names: OME }),
    { name: OME, smirks: '[C:1>>[C:1]', line: 3, position: 5 },
  ),
  'a SMIRKS of two reactants': fault('XFORM_INVALID_SMIRKS', 2, (folder) => ({
    args: ['--xf-config', writeTransforms(folder, { [OME]: '[C:1].[O:2]>>[C:1][O:2]' })],
    names: OME,
  })),
  'a query that does not parse': fault(
    'XFORM_INVALID_SMARTS',
    2,
    (folder) => {
      const path = join(folder, 'transforms.yaml');
      writeFileSync(path, `${good}    query_smarts: "[c:1"\n`);
      return { args: ['--xf-config', path], names: OME };
    },
    { name: OME, smarts: '[c:1', line: 5, column: 24, position: 5 },
  ),
  'one of a list of patterns': fault(
    'XFORM_INVALID_SMARTS',
    2,
    (folder) => {
      const path = join(folder, 'transforms.yaml');
      writeFileSync(path, `${good}    not_smarts:\n      - "[c:1]"\n      - "[c:1"\n`);
      return { args: ['--xf-config', path], names: OME };
    },
    { name: OME, key: 'not_smarts[1]', smarts: '[c:1', line: 7, column: 14, position: 5 },
  ),
  'a query that is not tied to the SMIRKS': fault('XFORM_INVALID_SMARTS', 2, (folder) => {
    const path = join(folder, 'transforms.yaml');
    writeFileSync(path, `${good}    query_smarts: "[c:7]"\n`);
    return { args: ['--xf-config', path], names: OME };
  }),
  'an output folder below a file': fault('XFORM_OUTPUT_FAILED', 1, (folder) => {
    writeFileSync(join(folder, 'file'), '');
    const path = join(folder, 'file', 'out');
    return { args: ['-o', path], names: path };
  }),
  'an output folder that cannot be made': fault('XFORM_OUTPUT_FAILED', 1, () => ({
    args: ['-o', '/proc/xform-out'],
    names: '/proc/xform-out',
  })),
  'an input that the run would replace': fault('XFORM_INPUT_IN_OUTPUT', 2, (folder) => {
    const path = join(folder, 'earlier');
    mkdirSync(path);
    writeFileSync(join(path, 'rejects.parquet'), readFileSync(plants));
    const input = join(path, 'rejects.parquet');
    return { args: ['-i', input, '-o', path, '--force'], names: input };
  }),
  'an output folder with an earlier run': fault(
    'XFORM_OUTPUT_EXISTS',
    2,
    (folder) => {
      const path = join(folder, 'earlier');
      mkdirSync(path);
      writeFileSync(join(path, 'SUMMARY.json'), '{}');
      return { args: ['-o', path], names: path };
    },
    { found: 'SUMMARY.json' },
  ),
};

for (const [what, { code, status, prepare, details }] of Object.entries(faults)) {
  test(`${what}: ${code}`, async (t) => {
    const folder = temporaryFolder(t);
    const { args, names } = await prepare(folder);
    const before = readFileOrNothing(join(folder, 'earlier', 'SUMMARY.json'));
    const ended = await xform(jobArguments(folder, '--json', ...args));
    const error = assertFailure(t, ended, code, status);
    t.true(error.message.includes(names), `${names} is not in: ${error.message}`);
    if (details) t.like(error.details, details);
    t.deepEqual(finalFiles(join(folder, 'out')), []);
    t.is(readFileOrNothing(join(folder, 'earlier', 'SUMMARY.json')), before);
  });
}

test('a library without rows gives a run without rows', async (t) => {
  const folder = temporaryFolder(t);
  // A Parquet file without rows as arrow-rs writes it: the products of a library without a site.
  const none = join(folder, 'none');
  const first = await xform(jobArguments(folder, '-i', writeSmiles(folder, ['CC']), '-o', none));
  t.is(first.status, 0, first.stderr);
  const ended = await xform(jobArguments(folder, '-i', join(none, 'products.parquet'), '--json'));
  t.is(ended.status, 0, ended.stderr);
  t.like(JSON.parse(ended.stdout), { total_input: 0, unique_products: 0, rejected_rows: 0 });
  t.is(finalFiles(join(folder, 'out')).length, 3);
});

test('the error for a fault in the transform file gives its position and a suggestion', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, 'faulty.yaml');
  writeFileSync(path, `${good}    max_site_per_mol: 4\n`);
  const { stderr } = await xform(jobArguments(folder, '--xf-config', path));
  t.true(stderr.startsWith(`error: ${path}:5:5: transforms[0].max_site_per_mol: `), stderr);
  t.true(stderr.includes('max_sites_per_mol'), stderr);
});

const small = smallDisk();

(small ? test : test.skip)('a full disk: XFORM_OUTPUT_FULL', async (t) => {
  const folder = temporaryFolder(t);
  const library = await writeLargeLibrary(folder, 20_000);
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  const args = ['apply', '-i', library, '-o', join(disk, 'out'), '--xf-config', config, '--xf-name', 'all', '--json'];
  const command = [process.execPath, main, ...args, '--dedup', 'none'].map((word) => `'${word}'`).join(' ');
  // The disk is visible only in the namespace of this command, and is listed there after the run.
  const script = `mount -t tmpfs -o size=256k tmpfs '${disk}' && { ${command}; status=$?; ls -A '${disk}/out' >&2; exit $status; }`;
  const ended = await run('unshare', [...(small ?? []), 'sh', '-c', script]);
  const error = assertFailure(t, ended, 'XFORM_OUTPUT_FULL', 1);
  t.true(error.message.includes(join(disk, 'out')), error.message);
  // Nothing is listed after the message, not even a temporary file.
  t.is(ended.stderr.split('\n').slice(-2).join(), `error: ${error.message},`);
});

/** How to mount a small disk that other processes do not see; undefined if that is not permitted. */
function smallDisk(): string[] | undefined {
  return [['--mount'], ['--map-root-user', '--mount']].find(
    (flags) => spawnSync('unshare', [...flags, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0,
  );
}

function assertFailure(t: ExecutionContext, ended: Ended, code: XformErrorCode, status: number): Failed['error'] {
  t.is(ended.status, status, ended.stderr);
  const { error } = JSON.parse(ended.stdout) as Failed;
  t.is(error.code, code, error.message);
  t.true(ended.stderr.includes(`error: ${error.message}\n`));
  return error;
}

function readFileOrNothing(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
