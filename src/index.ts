/** The public API, by name. Its types and documentation are in `index.d.ts`. */
import type * as declared from '../index';
import type * as built from './index';

export { apply, check } from './apply';
export { checkRules } from './check-rules';
export { clusterApply } from './cluster';
export {
  CancelledError,
  ClusterError,
  ConfigError,
  InputError,
  InternalError,
  NativeLoadError,
  OptionError,
  OutputError,
  RunawayError,
  SystemError,
  XformError,
} from './errors';
export { exportTable } from './export-table';
export { gallery } from './gallery';
export { merge } from './merge';
export { defaultApplyOptions } from './options/arguments';
export { report } from './report';
export { listRules, showRule } from './rules';
export { sampleTable } from './sample-table';
export { summarize } from './summarize';
export { transformSmiles } from './transform-smiles';
export { loadTransforms, versions } from './transforms';
export { tryTransform } from './try-transform';
export { verify } from './verify';

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
type Expect<T extends true> = T;

/** Compiles only if this file exports exactly what `index.d.ts` declares, with types that fit both ways. */
export type ApiAsDeclared = [
  Expect<Same<keyof typeof declared, keyof typeof built>>,
  Expect<Same<typeof declared, typeof built>>,
];
