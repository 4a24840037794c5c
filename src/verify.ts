/** Checks whether the files of a run are as its summary describes them. */
import type { VerifyReport } from '../index';
import { native } from './native';
import { checkPath } from './options/arguments';
import { packPath } from './paths';
import { fromJson } from './transforms';

export async function verify(outdir: string | Uint8Array): Promise<VerifyReport> {
  checkPath('outdir', outdir);
  return fromJson<VerifyReport>(native().verify(packPath(outdir)));
}
