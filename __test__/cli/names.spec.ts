// Files and folders whose names are not UTF-8, on the command line and through the API.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import test, { type ExecutionContext } from 'ava';
import { apply, loadTransforms, merge, OptionError, type Summary, type VerifyReport, verify } from 'xform-native';
import { config, jobArguments, main, OME, run, summaryOf, temporaryFolder, xform } from '../util';

/** `é` in Latin-1, as a shell's printf and Node's file functions accept it. */
const inShell = '$(printf "\\351")';
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const within = (folder: string, name: string) => Buffer.concat([Buffer.from(`${folder}/`), latin1(name)]);

function writeLibrary(folder: string): Buffer {
  const path = within(folder, 'é.smi');
  writeFileSync(path, 'Oc1ccccc1 a\nCCO b\nOc1ccccc1O c\n');
  writeFileSync(within(folder, 'é.yaml'), readFileSync(config));
  return path;
}

/** A command line, with arguments that a JavaScript string cannot hold. */
function shell(folder: string, command: string) {
  return run('sh', ['-c', `cd '${folder}' && exec '${process.execPath}' '${main}' ${command}`]);
}

async function ran(t: ExecutionContext, folder: string, command: string) {
  const ended = await shell(folder, command);
  t.is(ended.status, 0, ended.stderr);
  return ended;
}

test('a command reads and writes files whose names are not UTF-8', async (t) => {
  const folder = temporaryFolder(t);
  writeLibrary(folder);
  const job = `-i "${inShell}.smi" --xf-config="${inShell}.yaml" --xf-name ${OME} --json`;
  for (const isolate of ['--isolate', '--no-isolate']) {
    const ended = await ran(t, folder, `apply ${job} -o"out${inShell}" --scratch "spill${inShell}" ${isolate} --force`);
    const summary = summaryOf(ended);
    t.like(summary, { total_products: 2, source_file: '\ufffd.smi', output_dir: 'out\ufffd' });
    const files = readdirSync(within(folder, 'outé')).sort();
    t.deepEqual(files, ['SUMMARY.json', 'products.parquet', 'rejects.parquet']);
    t.false(existsSync(join(folder, 'out\ufffd')));
    const written = JSON.parse(readFileSync(within(folder, 'outé/SUMMARY.json'), 'utf8')) as Summary;
    t.deepEqual(written, summary);
    const again = await ran(t, folder, `apply ${job} -o "out${inShell}" ${isolate} --resume`);
    t.is(summaryOf(again).files.products.sha256, summary.files.products.sha256);
  }
  t.true((JSON.parse((await ran(t, folder, `verify "out${inShell}" --json`)).stdout) as VerifyReport).ok);
  for (const index of [1, 2]) await ran(t, folder, `apply ${job} -o "${index}${inShell}" --shard ${index}/2`);
  await ran(t, folder, `merge "1${inShell}" "2${inShell}" -o "merged${inShell}"`);
  t.is(readdirSync(within(folder, 'mergedé')).length, 3);
});

test('an error names such a file as well as text can', async (t) => {
  const folder = temporaryFolder(t);
  const failed = await shell(folder, `apply -i "none${inShell}.smi" -o out --xf-config '${config}' --xf-name ${OME}`);
  t.is(failed.status, 2);
  t.is(failed.stderr, 'error: no input file at none\ufffd.smi\n');
  // A replacement character in the caller's own name is like any other character.
  const given = await xform(jobArguments(folder, '-i', join(folder, '\ufffd.smi')));
  t.is(given.stderr, `error: no input file at ${folder}/\ufffd.smi\n`);
});

test('the API accepts such names as bytes', async (t) => {
  const folder = temporaryFolder(t);
  const input = writeLibrary(folder);
  const xfConfig = within(folder, 'é.yaml');
  for (const isolate of [false, true]) {
    const outdir = within(folder, `outé${isolate}`);
    const summary = await apply({ input, outdir, xfConfig, xfName: OME, isolate });
    t.is(summary.total_products, 2);
    t.true((await verify(outdir)).ok);
  }
  const shard = within(folder, 'shardé');
  await apply({ input, outdir: shard, xfConfig, xfName: OME, shard: '1/1' });
  await merge({ shards: [shard], outdir: within(folder, 'mergedé') });
  t.is((await loadTransforms(xfConfig)).transforms.length, 32);
  const text = await apply({ input, outdir: Buffer.from(join(folder, 'text')), xfConfig, xfName: OME });
  t.is(text.output_dir, join(folder, 'text'));
  for (const bad of [Buffer.alloc(0), 'a\0b', Buffer.from('a\0b'), ''] as const) {
    await t.throwsAsync(apply({ input: bad, outdir: 'x', xfConfig, xfName: OME }), { instanceOf: OptionError });
  }
});

test('other files whose names are not UTF-8 do not disturb a run', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'out'));
  mkdirSync(within(join(folder, 'out'), 'é'));
  writeFileSync(within(join(folder, 'out'), 'é.txt'), '');
  for (const flags of [[], ['--resume'], ['--force']]) {
    const ended = await xform(jobArguments(folder, ...flags));
    t.is(ended.status, 0, ended.stderr);
  }
  t.is((await xform(['verify', join(folder, 'out')])).status, 0);
  t.is(readdirSync(join(folder, 'out')).length, 5);
});

test('column names that are not UTF-8 work, and a warning shows how they are written', async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, 'l.csv'), latin1('Größe,Strüktur\na,Oc1ccccc1\nb,CCO\n'));
  const name = 'Str$(printf "\\374")ktur';
  const command = `apply -i l.csv -o out --xf-config '${config}' --xf-name ${OME} --json`;
  const ended = await ran(t, folder, `${command} --smiles-column "${name}" --keep-columns all`);
  t.like(summaryOf(ended).columns, { smiles: 'Str\ufffdktur', kept: ['source_Gr\ufffd\ufffde'] });
  t.regex(ended.stderr, /^warning: column names are not UTF-8: "Str\ufffdktur", "source_Gr\ufffd\ufffde"; /m);
});
