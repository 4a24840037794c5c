// The command that is measured.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/lib/paths.mjs';
import { Failure } from '../../scripts/lib/run.mjs';
import { measure } from './measure.mjs';

export const CONFIG = join(root, 'configs', 'transforms.yaml');
export const OME = 'FG_PHENOL_OH__OH__TO__OMe';
export const CLI = join(root, 'dist', 'cli', 'main.js');

/** Refuses to measure a program that has not been built. */
export function mustBeBuilt() {
  if (!existsSync(CLI)) throw new Failure(`${CLI} is missing: run "npm run setup" first`);
}

/** Program and arguments of `apply` with the project's own transforms. */
export function applyCommand(input, outdir, flags) {
  const files = ['--input', input, '--outdir', outdir, '--xf-config', CONFIG];
  return [process.execPath, CLI, 'apply', ...files, ...flags.map(String)];
}

/** The summary of a finished run. */
export function readSummary(outdir) {
  return JSON.parse(readFileSync(join(outdir, 'SUMMARY.json'), 'utf8'));
}

/**
 * Runs `apply` in an empty folder and adds its summary to the measurement. `prefix` is a command to run it under;
 * `options` are passed to `measure`.
 */
export async function measureApply(input, outdir, flags, { prefix = [], ...options } = {}) {
  rmSync(outdir, { recursive: true, force: true });
  const [command, ...args] = [...prefix, ...applyCommand(input, outdir, ['--quiet', ...flags])];
  const measured = await measure(command, args, options);
  return { ...measured, summary: readSummary(outdir) };
}
