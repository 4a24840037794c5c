/** Whether the files of a finished run are what its summary says. */
import type { VerifyReport } from '../index';
import { invalidOption } from './errors';
import { native } from './native';
import { fromJson } from './transforms';

export async function verify(outdir: string): Promise<VerifyReport> {
  if (typeof outdir !== 'string' || outdir === '') throw invalidOption('outdir', 'must be a non-empty string');
  return fromJson<VerifyReport>(native().verify(outdir));
}
