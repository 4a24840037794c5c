// Standard input, named pipes and quoted patterns, through the real command.
import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import test from 'ava';
import { jobArguments, main, readParquet, temporaryFolder, xform } from '../util';

const SMILES = ['Oc1ccccc1', 'Cc1ccc(O)cc1', 'CCO', 'Oc1ccc(Cl)cc1'];
const lines = SMILES.map((smiles, row) => `${smiles} row-${row}\n`);

/** Runs the command with `input` as its standard input. */
async function piped(args: readonly string[], input: string) {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(input);
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((done) => child.once('close', done)),
  ]);
  return { status, stdout, stderr };
}

test('standard input gives the products of a file with the same lines', async (t) => {
  const folder = temporaryFolder(t);
  const file = join(folder, 'library.smi');
  writeFileSync(file, lines.join(''));
  const ofFile = await xform(jobArguments(folder, '-i', file, '-o', join(folder, 'file')));
  t.is(ofFile.status, 0, ofFile.stderr);
  const ofStream = await piped(jobArguments(folder, '-i', '-', '-o', join(folder, 'stream')), lines.join(''));
  t.is(ofStream.status, 0, ofStream.stderr);
  t.regex(ofStream.stderr, /the run cannot be resumed/);
  t.regex(ofStream.stderr, /a molecule that crashes RDKit ends the run/);
  const [one, other] = ['file', 'stream'].map((name) => join(folder, name, 'products.parquet')) as [string, string];
  t.deepEqual(await readParquet(other), await readParquet(one));
  t.is(JSON.parse(readFileSync(join(folder, 'stream', 'SUMMARY.json'), 'utf8')).source_file, '-');
});

test('a named pipe is read like standard input', async (t) => {
  const folder = temporaryFolder(t);
  const pipe = join(folder, 'pipe.smi');
  execFileSync('mkfifo', [pipe]);
  const running = xform(jobArguments(folder, '-i', pipe));
  createWriteStream(pipe).end(lines.join(''));
  const { status, stderr } = await running;
  t.is(status, 0, stderr);
  t.is((await readParquet(join(folder, 'out', 'products.parquet'))).length, 3);
});

test('what needs a second pass is refused before anything is read', async (t) => {
  const folder = temporaryFolder(t);
  for (const [flags, expected] of [
    [['--resume'], /--resume: .* is a stream/],
    [['--shard', '1/2'], /--shard: .* is a stream/],
    [['--isolate'], /--isolate: .* is a stream/],
    [['--exclude', '-'], /known molecules are read more than once/],
  ] as const) {
    const { status, stderr } = await piped(jobArguments(folder, '-i', '-', ...flags), lines.join(''));
    t.is(status, 2, stderr);
    t.regex(stderr, expected);
  }
});

test('a pattern that the shell has not expanded, and one that matches nothing', async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'data', 'b.smi'), lines.slice(2).join(''));
  writeFileSync(join(folder, 'data', 'a.smi'), lines.slice(0, 2).join(''));
  const found = await xform(jobArguments(folder, '-i', join(folder, 'data', '*.smi')));
  t.is(found.status, 0, found.stderr);
  t.regex(found.stderr, /on 2 files/);
  const products = await readParquet(join(folder, 'out', 'products.parquet'));
  const files = products.map(({ source_file, source_row }) => [source_file, Number(source_row)]);
  const [a, b] = ['a.smi', 'b.smi'].map((name) => join(folder, 'data', name));
  t.deepEqual(files, [
    [a, 0],
    [a, 1],
    [b, 3],
  ]);
  const none = await xform(jobArguments(folder, '-i', join(folder, '*.sdf'), '-o', join(folder, 'none')));
  t.is(none.status, 2);
  t.regex(none.stderr, /no input file matches .*\*\.sdf/);
});
