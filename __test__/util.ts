/** Shared by the tests: the job that they run, temporary folders, the command, Parquet in and out. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { ApplyOptions, Progress, Summary, XformErrorCode } from 'xform-native';

export const root = join(__dirname, '..');
export const main = join(root, 'dist', 'cli', 'main.js');
export const plants = join(root, 'examples', 'plants-1k.parquet');
export const config = join(root, 'configs', 'transforms.yaml');
export const OME = 'FG_PHENOL_OH__OH__TO__OMe';

/** Rows that keep a single worker busy for seconds, so that a run of them can be stopped midway. */
export const LONG = 100_000;

/**
 * The limit, in milliseconds, for events promised within a second; it is generous because others use the machine too.
 */
export const SOON = 10_000;

/** A folder that is removed after the test. */
export function temporaryFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'xform-test-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder in which the package is installed, and nothing else. */
export function installedFolder(t: ExecutionContext): string {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, 'node_modules', '.bin'), { recursive: true });
  symlinkSync(root, join(folder, 'node_modules', 'xform-native'));
  const command = `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`;
  writeFileSync(join(folder, 'node_modules', '.bin', 'xform-native'), command, { mode: 0o755 });
  return folder;
}

/** A folder in which the package is installed, with the files that the documentation speaks of. */
export function readersFolder(t: ExecutionContext): string {
  const folder = installedFolder(t);
  symlinkSync(plants, join(folder, 'library.parquet'));
  symlinkSync(config, join(folder, 'transforms.yaml'));
  for (const name of ['configs', 'examples']) symlinkSync(join(root, name), join(folder, name));
  return folder;
}

/** A text about that package, which is linked there, as if it were installed there. */
export function asInstalled(text: string): string {
  return text.replaceAll(root, 'node_modules/xform-native');
}

/** Gives a copy of the package in `folder` the modules that it depends on. */
export function linkModules(folder: string): void {
  mkdirSync(join(folder, 'node_modules'));
  for (const name of readdirSync(join(root, 'node_modules'))) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
}

/** The environment in which the command of that package is found. */
export function withPackage(folder: string): NodeJS.ProcessEnv {
  return { PATH: [join(folder, 'node_modules', '.bin'), process.env['PATH']].join(delimiter) };
}

/** A job whose paths are UTF-8. */
type TextJob = ApplyOptions & { input: string; outdir: string };

/** The main job on the sample, into `folder/out`. */
export function job(folder: string, changes: Partial<ApplyOptions> = {}): TextJob {
  return { input: plants, outdir: join(folder, 'out'), xfConfig: config, xfName: OME, ...changes } as TextJob;
}

/** The job as arguments of the command; `more` may name a different input, output folder or transform file. */
export function jobArguments(folder: string, ...more: string[]): string[] {
  const files = { '-i': plants, '-o': join(folder, 'out'), '--xf-config': config };
  const own = Object.entries(files).filter(([flag]) => !more.includes(flag));
  return ['apply', ...own.flat(), '--xf-name', OME, ...more];
}

/** The files of a run in `outdir` that have their final names. */
export function finalFiles(outdir: string): string[] {
  return ['SUMMARY.json', 'products.parquet', 'rejects.parquet'].filter((name) => existsSync(join(outdir, name)));
}

/** The control of a run that is stopped as soon as `isDue` accepts a report. */
export function stopWhen(isDue: (progress: Progress) => boolean, reason?: unknown) {
  const controller = new AbortController();
  const onProgress = (progress: Progress) => {
    if (isDue(progress)) controller.abort(reason);
  };
  return { signal: controller.signal, onProgress };
}

/** Waits until `isTrue`, for at most a minute. */
export async function until(isTrue: () => boolean): Promise<void> {
  const end = performance.now() + 60_000;
  while (!isTrue()) {
    if (performance.now() > end) throw new Error(`never: ${isTrue}`);
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

const testAddon = join(root, 'out', 'test-addon', 'xform-native.linux-x64-gnu.node');

/** The environment in which the kernel dies according to `fates`; see `crash_injection.h` in `crate/rdkit-sys`. */
export function crashAt(t: ExecutionContext, fates: string): NodeJS.ProcessEnv {
  if (!existsSync(testAddon)) t.fail(`${testAddon} is missing; npm run build:test-addon builds it`);
  return { NAPI_RS_NATIVE_LIBRARY_PATH: testAddon, XFORM_CRASH_SMILES: fates };
}

/** The value of an expression on `addon`, the one with the hooks for tests, in a separate process. */
export async function ofTestAddon(expression: string): Promise<unknown> {
  const script = `
    const addon = require(${JSON.stringify(testAddon)});
    (async () => console.log(JSON.stringify(await ${expression})))();`;
  const ended = await run(process.execPath, ['-e', script]);
  if (ended.status !== 0) throw new Error(ended.stderr);
  return JSON.parse(ended.stdout);
}

export interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Failed {
  error: { code: XformErrorCode; message: string; details: Record<string, unknown> };
}

export interface Launch {
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** In a separate process group. */
  detached?: boolean;
  /** Killed after this many milliseconds; two minutes by default. */
  timeout?: number;
  /** Called with the stderr received so far, and the child. */
  onStderr?: (text: string, child: ReturnType<typeof spawn>) => void;
}

/** Runs the command to its end. */
export function xform(args: readonly string[], launch: Launch = {}): Promise<Ended> {
  return run(process.execPath, [main, ...args], launch);
}

export function run(
  command: string,
  args: readonly string[],
  { env, cwd, detached = false, timeout = 120_000, onStderr }: Launch = {},
): Promise<Ended> {
  const child = spawn(command, args, {
    env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
    cwd,
    detached,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout,
    killSignal: 'SIGKILL',
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
    onStderr?.(stderr, child);
  });
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (status, signal) => done({ status, signal, stdout, stderr }));
  });
}

/** Text in which lines that were wrapped and indented are one line again. */
export function unwrapped(text: string): string {
  return text.replace(/\n {4,}/g, ' ');
}

export function summaryOf(ended: Ended): Summary {
  return JSON.parse(ended.stdout) as Summary;
}

export type Row = Record<string, unknown>;

/** All rows of a Parquet file. The readers are ES modules, which CommonJS can load only with `import()`. */
export async function readParquet(path: string): Promise<Row[]> {
  const { asyncBufferFromFile, parquetReadObjects } = await import('hyparquet');
  const { compressors } = await import('hyparquet-compressors');
  return parquetReadObjects({ file: await asyncBufferFromFile(path), compressors });
}

type Column = { name: string; data: unknown[]; type?: 'STRING' | 'INT32' | 'INT64' | 'DOUBLE' | 'BOOLEAN' };

export async function writeParquet(path: string, columns: Column[], rowGroupSize = 100_000): Promise<string> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = columns.map(({ name, data, type }) => ({ name, data, type: type ?? ('STRING' as const) }));
  writeFileSync(path, Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize })));
  return path;
}

export function writeSmiles(folder: string, smiles: readonly string[]): string {
  const path = join(folder, 'library.smi');
  writeFileSync(path, smiles.map((text, row) => `${text} row-${row}\n`).join(''));
  return path;
}

/** The sample, repeated, with `rows` rows. */
export async function writeLargeLibrary(folder: string, rows: number): Promise<string> {
  const sample = (await readParquet(plants)).map(({ smiles }) => smiles as string);
  const data = Array.from({ length: rows }, (_, row) => sample[row % sample.length]);
  return writeParquet(join(folder, `library-${rows}.parquet`), [{ name: 'smiles', data }]);
}

/** Writes a transform file of one or more `name: smirks`. */
export function writeTransforms(folder: string, transforms: Record<string, string>): string {
  const path = join(folder, 'transforms.yaml');
  const items = Object.entries(transforms).map(([name, smirks]) => `  - {name: ${name}, smirks: "${smirks}"}\n`);
  writeFileSync(path, `version: 1\ntransforms:\n${items.join('')}`);
  return path;
}
