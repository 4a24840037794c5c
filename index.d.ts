/**
 * xform-native: reaction transforms over whole molecule libraries.
 *
 * Options are in camelCase. Data (summary, progress, transforms, products) keeps the names that it has in the
 * files, in snake_case, so that `summary.total_products` here is `total_products` in `SUMMARY.json`.
 *
 * @example
 * ```ts
 * import { apply } from "xform-native";
 *
 * const summary = await apply({
 *   input: "library.parquet",
 *   outdir: "out",
 *   xfConfig: "configs/transforms.yaml",
 *   xfName: "FG_PHENOL_OH__OH__TO__OMe",
 * });
 * console.log(summary.unique_products, summary.files.products.file);
 * ```
 */

/**
 * Applies transforms to every molecule of a library and writes `products.parquet`, `rejects.parquet` and `SUMMARY.json`
 * to `options.outdir`.
 *
 * The work runs in native threads: the event loop stays free, and no molecule enters the JavaScript heap. The output
 * depends only on the input, the transforms and the options that shape the result; workers, batch size, batches in
 * flight, flush interval and memory target do not change a byte of it.
 *
 * If RDKit refuses a molecule, or the product of a site cannot be made, that is a record in `rejects.parquet` and not
 * an error. Files get their final names only when the run is done, `SUMMARY.json` last.
 *
 * RDKit runs in this process unless `options.isolate` is true: **without `isolate`, a crash of RDKit ends the whole
 * process**. With `isolate`, only that molecule is lost; it becomes a reject record (code `crashed`).
 *
 * @returns the content of `SUMMARY.json`.
 * @throws {OptionError} an option has the wrong type or a value that no run can use.
 * @throws {ConfigError} the transform file, or a name or a SMIRKS in it, is invalid.
 * @throws {InputError} the library is missing, unreadable, or lacks a column.
 * @throws {OutputError} the folder holds an earlier run or a file that the run reads, cannot be written to, or the disk is full.
 * @throws {CancelledError} `control.signal` was aborted; `cause` is the signal's reason.
 * @throws {SystemError} an isolated process cannot be started, or does not answer within 60 s of its start.
 * @throws {InternalError} a bug of xform-native, or an isolated process that dies again and again without progress, and
 * no molecule is known to be the cause.
 * @throws {NativeLoadError} there is no native addon for this platform, or it cannot be loaded.
 *
 * @example
 * ```ts
 * const stop = new AbortController();
 * process.once("SIGINT", () => stop.abort(new Error("SIGINT")));
 * const summary = await apply(
 *   { input: "library.parquet", outdir: "out", xfConfig: "transforms.yaml", xfName: "all", keepColumns: ["name"] },
 *   { signal: stop.signal, onProgress: ({ rows, rows_per_second }) => console.error(rows, rows_per_second) },
 * );
 * ```
 */
export declare function apply(options: ApplyOptions, control?: ApplyControl): Promise<Summary>;

/**
 * Does the same as {@link apply} on a cluster (`xform-native cluster scheduler`, `cluster executor`): the same rows and
 * counts in the same files, with the products in the order of their keys unless `options.sort`. It requires the package
 * `@xform-native/cluster`. `docs/scale.md` explains how a cluster works, and that it neither authenticates nor
 * encrypts.
 *
 * @returns the content of `SUMMARY.json`.
 * @throws the errors of {@link apply}.
 * @throws {ClusterError} no scheduler answers, it has no executor, it is lost, or a job fails; the package is missing.
 *
 * @example
 * ```ts
 * const summary = await clusterApply({ input: "library.parquet", outdir: "out", xfConfig, xfName: "all" });
 * ```
 */
export declare function clusterApply(options: ClusterApplyOptions, control?: ApplyControl): Promise<Summary>;

/**
 * Checks options, transforms and input as {@link apply} would, without writing anything.
 *
 * @param detail what the report should contain in addition.
 * @throws the errors of {@link apply}, as far as they can be known beforehand.
 *
 * @example
 * ```ts
 * const { columns, rows } = await check({ input: "library.parquet", outdir: "out", xfConfig, xfName: "all" });
 * const { explanation } = await check({ input: "library.parquet", outdir: "out", xfConfig, xfName: "all" }, { explain: true });
 * explanation.filter(({ path }) => path === "plain"); // the slower transforms, each with its reason
 * ```
 */
export declare function check(options: ApplyOptions, detail?: CheckDetail): Promise<CheckReport>;

/**
 * Combines the shards of a library into one result. Each shard was made by {@link apply} with `options.shard`, on any
 * machine. The result has the same `products.parquet` and `rejects.parquet`, byte for byte, and the same counts as one
 * run over the whole library.
 *
 * The shards' files are checked first, and are not changed. A merge needs neither the library nor the transform file,
 * runs RDKit on no molecule, and takes constant memory. A merge that was stopped or killed starts over.
 *
 * @returns the content of `SUMMARY.json`.
 * @throws {OptionError} an option has the wrong type or a value that cannot be used.
 * @throws {InputError} the shards do not form a complete set: `XFORM_SHARD_UNFINISHED`, `XFORM_SHARD_DAMAGED` (changed since their run),
 * `XFORM_SHARD_MISMATCH` (different library, options, transforms or versions), `XFORM_SHARD_REPEATED`,
 * `XFORM_SHARD_MISSING` (`details.shards` lists the first thousand, `details.count` counts all).
 * @throws {OutputError} the folder holds an earlier run, cannot be written to, or the disk is full.
 * @throws {CancelledError} `control.signal` was aborted; `cause` is the signal's reason.
 *
 * @example
 * ```ts
 * for (const i of [1, 2, 3]) await apply({ ...options, shard: `${i}/3`, outdir: `shards/${i}` });
 * const summary = await merge({ shards: ["shards/1", "shards/2", "shards/3"], outdir: "out" });
 * ```
 */
export declare function merge(options: MergeOptions, control?: MergeControl): Promise<Summary>;

/**
 * Lists the rules of transform files, each with its templates in one line and what changes. A rule that RDKit refuses is
 * listed with the reason.
 *
 * @param options without `files`, the rules are those of the package: `configs/transforms.yaml` and `configs/medchem.yaml`.
 * @throws {OptionError} an option has the wrong type, or no rule has the family, class or word.
 * @throws {ConfigError} a file cannot be read, or two files use the same name.
 *
 * @example
 * ```ts
 * const { rules } = await listRules({ search: "ester" });
 * for (const { name, picture, change } of rules) console.log(name, picture, change);
 * ```
 */
export declare function listRules(options?: ListRulesOptions): Promise<RuleListing>;

/**
 * Shows one rule at length: what it does in words, how it is carried out, whether its examples are met, and a picture.
 *
 * @param name its name, `code` or `legacy_rule_id`.
 * @throws {OptionError} an argument has the wrong type.
 * @throws {ConfigError} a file cannot be read, or no rule is called so; the message has the nearest names.
 *
 * @example
 * ```ts
 * const { description, svg } = await showRule("OH_to_OMe");
 * ```
 */
export declare function showRule(name: string, options?: ShowRuleOptions): Promise<ShownRule>;

/**
 * Checks the folder of a run: whether its files are intact and match `SUMMARY.json`.
 *
 * @param outdir the output folder.
 * @returns the checks. If the folder is not as it should be, that is a result (`ok: false`), not an error.
 * @throws {OutputError} the folder cannot be read.
 *
 * @example
 * ```ts
 * const { ok, checks, advice } = await verify("out");
 * if (!ok) console.error(checks.filter((check) => !check.ok), advice);
 * ```
 */
export declare function verify(outdir: Path): Promise<VerifyReport>;

/**
 * Writes the products of a finished run, or any Parquet file with a SMILES column, as CSV, TSV, SMILES text, SDF, JSON
 * lines or an Arrow file. Rows keep their order. Memory does not grow with the table. `docs/export.md` describes the
 * formats.
 *
 * A file appears under its name when it is complete. RDKit runs in this process, and only for SDF: a molecule that crashes
 * it ends the process.
 *
 * @param input the output folder of a run, or a Parquet file.
 * @returns what was written.
 * @throws {OptionError} an option has the wrong type or a value that cannot be used, or a column does not exist.
 * @throws {InputError} the run has not finished; the file is missing, damaged, or not Parquet; it has no SMILES column.
 * @throws {OutputError} a file exists (`XFORM_FILE_EXISTS`), cannot be written, or is the table itself.
 * @throws {CancelledError} `control.signal` was aborted; `cause` is the signal's reason.
 *
 * @example
 * ```ts
 * await exportTable("out", { output: "products.sdf.gz", where: "xf_name LIKE '%OMe'" });
 * const { files } = await exportTable("out", { output: "products.csv", partitionBy: "xf_name" });
 * ```
 */
export declare function exportTable(
  input: Path,
  options: ExportOptions,
  control?: ExportControl,
): Promise<ExportSummary>;

/**
 * Picks rows of the products of a finished run, or of any Parquet file with a SMILES column: at random, some of each stratum, or
 * rows whose molecules differ. The rows keep the order of the table, and are written to `output` as {@link exportTable}
 * writes them, or returned. The same seed picks the same rows. `docs/sample.md` explains how rows are picked and what
 * memory that takes.
 *
 * RDKit runs in this process, for diverse rows and for SDF: a molecule that crashes it ends the process.
 *
 * @param input the output folder of a run, or a Parquet file.
 * @returns what was picked.
 * @throws {OptionError} an option has the wrong type or a value that cannot be used, a column does not exist, or there are
 * more than 10,000 strata.
 * @throws {InputError} the run has not finished; the file is missing, damaged, or not Parquet; it has no SMILES column.
 * @throws {OutputError} the file exists (`XFORM_FILE_EXISTS`), cannot be written, or is the table itself.
 * @throws {CancelledError} `control.signal` was aborted; `cause` is the signal's reason.
 *
 * @example
 * ```ts
 * const { sample } = await sampleTable("out", { n: 5 });
 * await sampleTable("out", { n: 400, by: "stratified", strata: ["xf_name"], output: "some.csv" });
 * await sampleTable("out", { n: 50, by: "diverse", output: "fifty.sdf" });
 * ```
 */
export declare function sampleTable(
  input: Path,
  options?: SampleOptions,
  control?: SampleControl,
): Promise<SampleSummary>;

/**
 * Counts the products of a finished run, or the rows of any Parquet file with a SMILES column, by the values of columns, and
 * gives the ranges of its numbers. Memory does not grow with the table; `docs/sample.md` states it.
 *
 * @param input the output folder of a run, or a Parquet file.
 * @returns the figures.
 * @throws {OptionError} an option has the wrong type or a value that cannot be used, a column does not exist, or there are
 * more than 10,000 groups.
 * @throws {InputError} the run has not finished; the file is missing, damaged, or not Parquet; it has no SMILES column.
 * @throws {OutputError} the file exists (`XFORM_FILE_EXISTS`), cannot be written, or is the table itself.
 * @throws {CancelledError} `control.signal` was aborted; `cause` is the signal's reason.
 *
 * @example
 * ```ts
 * const { groups } = await summarize("out", { by: ["xf_name"], columns: ["MW"] });
 * for (const { values, rows, ranges } of groups) console.log(values.xf_name, rows, ranges.MW?.mean);
 * ```
 */
export declare function summarize(
  input: Path,
  options?: SummarizeOptions,
  control?: SummarizeControl,
): Promise<TableReport>;

/**
 * Shows the products of a finished run beside their parents, or the molecules of any table or library, as an HTML page to
 * sort, search, filter and select in. The page contains all that it shows and loads nothing. Above 500 molecules there are
 * numbered pages, and an index that searches all of them. `docs/gallery.md` describes it.
 *
 * The files appear under their names when all of them are complete. RDKit draws in this process: a molecule that crashes it
 * ends the process.
 *
 * @param input the output folder of a run, or a file with molecules in any format that {@link apply} reads.
 * @returns what was written.
 * @throws {OptionError} an option has the wrong type or a value that cannot be used, a column does not exist, or a query is
 * not a SMARTS.
 * @throws {InputError} the run has not finished; the file is missing, damaged, a stream, or has no molecules.
 * @throws {OutputError} a file exists (`XFORM_FILE_EXISTS`), cannot be written, or is the table itself.
 * @throws {CancelledError} `control.signal` was aborted; `cause` is the signal's reason.
 *
 * @example
 * ```ts
 * await gallery("out", { where: "MW < 300", query: "[NX3;H2]" });
 * await gallery("out", { grid: "5x4", output: "slide.svg" });
 * ```
 */
export declare function gallery(
  input: Path,
  options?: GalleryOptions,
  control?: GalleryControl,
): Promise<GallerySummary>;

/**
 * Writes a report on a finished run as one HTML file: what became of its rows and products, its speed and memory, the
 * distributions of its properties, the parents that stand out, rejects with pictures, settings and files. The file
 * contains all that it shows and loads nothing. `docs/report.md` describes it.
 *
 * Memory does not grow with the run. RDKit draws the molecules in this process, but none that has crashed a process
 * before.
 *
 * @param outdir the output folder of the run.
 * @throws {OptionError} an option has the wrong type or a value that cannot be used.
 * @throws {InputError} the run has not finished, or `SUMMARY.json` is not what it wrote.
 * @throws {OutputError} the file exists (`XFORM_FILE_EXISTS`), cannot be written, or a file of the run cannot be read.
 * @throws {CancelledError} `control.signal` was aborted; `cause` is the signal's reason.
 *
 * @example
 * ```ts
 * const { file } = await report("out", { force: true });
 * ```
 */
export declare function report(outdir: Path, options?: ReportOptions, control?: ReportControl): Promise<WrittenReport>;

/**
 * Checks transform files: what is wrong, and what is probably not meant. Each finding has a code, a severity and its
 * place in the file.
 *
 * @returns the report. What is wrong with a file or a rule is a finding, not an error.
 * @throws {OptionError} an option has the wrong type.
 * @throws {ConfigError} a file cannot be read, or a name selects nothing.
 *
 * @example
 * ```ts
 * const { findings } = await checkRules({ files: ["mine.yaml"] });
 * for (const { path, line, code, effect } of findings) console.log(path, line, code, effect);
 * ```
 */
export declare function checkRules(options: CheckRulesOptions, control?: CheckRulesControl): Promise<RulesReport>;

/**
 * Tries transforms on a few molecules: their sites, those that filters exclude, and what each makes.
 *
 * RDKit runs in this process, so a crash of RDKit ends it.
 *
 * @param smiles the molecules; empty to take only those of `options.input`.
 * @returns one result per molecule: those of `smiles`, then those of the file.
 * @throws {OptionError} an option has the wrong type or a value that cannot be used.
 * @throws {ConfigError} a transform file, or a name or a SMIRKS in it, is invalid.
 * @throws {InputError} the file of molecules cannot be read.
 * @throws {CancelledError} `control.signal` was aborted.
 *
 * @example
 * ```ts
 * const [phenol] = await tryTransform("Oc1ccccc1", { smirks: "[c:1][OX2H:2]>>[c:1][O:2]C" });
 * phenol.transforms[0].products[0].smiles; // "COc1ccccc1"
 * ```
 */
export declare function tryTransform(
  smiles: string | readonly string[],
  options: TryOptions,
  control?: TryControl,
): Promise<MoleculeTrial[]>;

/**
 * Reads and checks a transform file (YAML). SMIRKS are parsed only when they are used.
 *
 * @param path the file.
 * @throws {ConfigError} `details` has `path`, `line`, `column`, `key`, `reason` and `suggestion`.
 *
 * @example
 * ```ts
 * const { transforms } = await loadTransforms("configs/transforms.yaml");
 * const methylation = transforms.find(({ name }) => name === "FG_PHENOL_OH__OH__TO__OMe");
 * ```
 */
export declare function loadTransforms(path: Path): Promise<TransformFile>;

/**
 * Applies one transform to a molecule, off the event loop. Meant for a few molecules at a time: molecules and products
 * are held in the JavaScript heap. Use {@link apply} for libraries.
 *
 * A few calls run at a time, on threads that are not libuv's; others wait. RDKit cannot be interrupted, so a stopped
 * call rejects at once but leaves its thread behind until RDKit returns. Another thread replaces it; while 8 threads
 * are left behind, calls are refused. With `isolate`, each call runs RDKit in a child process, which ends with the
 * call. That costs about 0.1 s per call.
 *
 * @param smiles a SMILES; RDKit's own rules apply to names and CXSMILES after it.
 * @param transform a transform from {@link loadTransforms}, or just `{ smirks }`.
 * @throws {ConfigError} the SMIRKS, `query_smarts` or `not_smarts` cannot be used.
 * @throws {OptionError} an argument has the wrong type.
 * @throws {CancelledError} `options.signal` was aborted; `cause` is the signal's reason.
 * @throws {RunawayError} too many stopped calls still hold a thread.
 * @throws {SystemError} the child process cannot be started, or does not answer within 60 s of its start.
 * @throws {InternalError} the child process died, and no molecule was the cause (`XFORM_CRASHED`).
 *
 * @example
 * ```ts
 * const { products } = await transformSmiles("Oc1ccccc1", { smirks: "[c:1][OX2H:2]>>[c:1][O:2]C" });
 * products[0].smiles; // "COc1ccccc1"
 * await transformSmiles(smiles, transform, { isolate: true, molTimeout: 5, signal: AbortSignal.timeout(10_000) });
 * ```
 */
export declare function transformSmiles(
  smiles: string,
  transform: TransformSpec,
  options?: TransformOptions,
): Promise<MoleculeResult>;

/** Applies one transform to several molecules; resolves to one result per molecule, in order. */
export declare function transformSmiles(
  smiles: readonly string[],
  transform: TransformSpec,
  options?: TransformOptions,
): Promise<MoleculeResult[]>;

/**
 * Versions of this package and of the chemistry toolkit inside the addon.
 *
 * @throws {NativeLoadError} there is no native addon for this platform, or it cannot be loaded.
 */
export declare function versions(): Versions;

/** The path of a file or folder: a string, or bytes if it is not UTF-8. Data and messages show it as text. */
export type Path = string | Uint8Array;

// <options> Made by `node scripts/options.mjs` from the declarations in crate/core/src/options and src/options.

/** The values used for options that are not given. `workers` and `maxInFlight` depend on the machine. */
export declare const defaultApplyOptions: Readonly<{
  keepColumns: readonly string[];
  keptPrefix: string;
  skipRows: readonly number[];
  standardize: 'none' | 'cleanup' | 'neutral' | 'parent';
  skipBadRules: boolean;
  strict: boolean;
  salts: 'drop' | 'keep';
  parentProperties: boolean;
  mapped: boolean;
  cxsmiles: boolean;
  dedup: 'exact' | 'bloom' | 'none';
  dedupKey: 'smiles' | 'inchikey';
  bloomExpectedItems: number;
  bloomFpRate: number;
  maxAtoms: number;
  molTimeout: number;
  isolate: boolean;
  targetMemory: number;
  fast: boolean;
  recheck: number;
  batchSize: number;
  flushInterval: number;
  parents: boolean;
  legacy: boolean;
  report: boolean;
  force: boolean;
  resume: boolean;
}>;

/** Options of {@link apply} and {@link check}. Each has a flag of the same name on the command line. */
export interface ApplyOptions {
  // ---- input

  /**
   * The library: Parquet, SMILES text (`.smi`: SMILES, blanks, id), CSV, TSV and similar tables, SDF, JSON lines or
   * Arrow IPC. All but Parquet may be compressed with gzip, bzip2, zstd or xz. The format and the compression are found
   * by content, else by the name of the file. How a table is read follows from its name and its first 100 lines. If
   * these are not certain, an `InputError` names the options that decide. Several files, folders and patterns (`*`,
   * `?`, `[a-z]`, `**`) are one library: in the order given, the files of a folder or pattern in the order of their
   * names. The column `source_file` then names the file of each product. `"-"` is standard input, which cannot be
   * combined with `resume`, `shard` and `isolate`.
   */
  input: Path | readonly Path[];
  /** The format of the library. Default: detected by content, else by name. */
  inputFormat?: 'parquet' | 'smi' | 'csv' | 'tsv' | 'sdf' | 'jsonl' | 'arrow' | undefined;
  /**
   * What separates the columns of text: `comma`, `tab`, `semicolon`, `pipe`, `space`, or the character itself; `blank`
   * for lines of SMILES, blanks, id. Default: detected from the first 100 lines.
   */
  delimiter?: string | undefined;
  /** Whether the first line of text names the columns. Default: detected from the first 100 lines. */
  header?: boolean | undefined;
  /**
   * Column that holds the SMILES: its name or, if no column has that name, its number from 1. Default: `smiles`,
   * `canonical_smiles` or `structure`, in any case; in text without such a name the only column that reads as SMILES.
   */
  smilesColumn?: string | undefined;
  /**
   * Column that holds mol blocks, V2000 or V3000, if the molecules of a table are not SMILES: its name or, if no column
   * has that name, its number from 1. Their SMILES is `source_smiles`, which the sites refer to. Default: none; an SDF
   * needs none.
   */
  molblockColumn?: string | undefined;
  /**
   * Column that holds the id: its name, or its number from 1. Default: `id`, else `product_id`, else the only one that
   * ends in `_id`, else none; in text without a header the first one with distinct values.
   */
  idColumn?: string | undefined;
  /** Further columns to carry over to the products, by their exact names, or `"all"`. Default: none. */
  keepColumns?: 'all' | readonly string[] | undefined;
  /**
   * Types of the values of columns of text that are kept or the id, as `"NAME=int"` (64 bits) or `"NAME=float"`; all
   * others are text. A row with a value that does not fit is rejected (code `bad_value`). Parquet has types of its own.
   * Default: text.
   */
  columnType?: string | readonly string[] | undefined;
  /**
   * What the names of kept columns begin with in the output, so that a value of the parent is not taken for one of the
   * product. If such a name is taken, `_2` (or `_3`, ...) follows it, with a warning. `""` keeps the names of the
   * library, and then a name that is taken is an error. Default: `"source_"`.
   */
  keptPrefix?: string | undefined;
  /**
   * Part of the library to process: `"2/7"` is the second of seven contiguous parts, whose sizes differ by one row at
   * most. `source_row` and the SHA-256 refer to the whole library, the counts to the part. `merge` combines all parts
   * into one result. Default: the whole library.
   */
  shard?: string | undefined;
  /**
   * Process only the first rows of the library, this many. The counts, `shard` and the `rows` of the input in the
   * metadata refer to these rows, the SHA-256 to the whole library. Default: no limit.
   */
  limit?: number | undefined;
  /**
   * Rows of the library to reject unseen (code `skipped`), counted from 0 as in `source_row`. They shape the result and
   * are recorded in the metadata of its files. With `resume`, rows that are not committed yet may be added. Default:
   * none.
   */
  skipRows?: readonly number[] | undefined;
  /**
   * What RDKit's MolStandardize makes of each molecule before the transforms. `"cleanup"` is its `Cleanup`: bonds to
   * metals are cut, functional groups normalized, the strongest acids ionized first. `"neutral"` is `Cleanup`, then
   * `Uncharger`; counter-ions stay. `"parent"` is `ChargeParent`: the largest fragment, neutralized. The result, in the
   * column `parent_smiles`, is the parent of all that follows. A molecule that cannot be standardized is rejected
   * (stage `standardize`). Default: `"none"`.
   */
  standardize?: 'none' | 'cleanup' | 'neutral' | 'parent' | undefined;

  // ---- transforms

  /**
   * The transform file (YAML, or a table or list of SMIRKS), or several; required without `smirks`. Two of them may not
   * use the same name. Default: none.
   */
  xfConfig?: Path | readonly Path[] | undefined;
  /**
   * Name or names of transforms in these files, or `"all"`. A transform's `code` and `legacy_rule_id` select it as
   * well. `*` stands for any text and `?` for one character, a comma separates names, and a backslash makes any of
   * these an ordinary character; an exact name takes precedence. The transforms run in the order of the files, then in
   * file order, in one pass over the library. Required without `family`, `scope` and `smirks`. Default: none.
   */
  xfName?: string | readonly string[] | undefined;
  /** Apply only transforms of this family or these families; without `xfName`, all of them. Default: any. */
  family?: string | readonly string[] | undefined;
  /**
   * Apply only transforms with this class, or one of these classes, in their `scope_classes`; without `xfName`, all of
   * them. Default: any.
   */
  scope?: string | readonly string[] | undefined;
  /**
   * Reaction SMIRKS to apply, instead of `xfConfig`. The transforms are called `smirks`, `smirks_2`, `smirks_3` and so
   * on. Default: none.
   */
  smirks?: string | readonly string[] | undefined;
  /**
   * Leave out rules that cannot be used: with an invalid value, a SMIRKS or SMARTS that RDKit refuses, or the name of
   * an earlier rule. A warning names each, and `rules_skipped` counts them. Without it, the first such rule is an
   * error. Default: false.
   */
  skipBadRules?: boolean | undefined;
  /**
   * Refuse to run if a chosen transform does not meet one of its examples, which otherwise is a warning. Default:
   * false.
   */
  strict?: boolean | undefined;
  /**
   * Sites used per molecule, instead of the transform's `max_sites_per_mol`; -1 for no limit. Default: as in the
   * transform.
   */
  maxSites?: number | undefined;
  /** Whether sites in sugars are left out, regardless of the transform file. Default: as in the transform file. */
  excludeSugarLike?: boolean | undefined;
  /**
   * Fragments of a parent that a site does not touch, such as counterions. `"keep"`: each product of the site has them,
   * also each of several product templates. Default: `"drop"`.
   */
  salts?: 'drop' | 'keep' | undefined;

  // ---- properties

  /**
   * Properties to compute for each product, each in a column: their names, `"quick"` for MW, TPSA, HBD, HBA, cLogP and
   * RotB, `"all"` for all. A string may be a comma list. The values are those of RDKit in Python for the product's
   * `smiles`. Default: none.
   */
  properties?: string | readonly string[] | undefined;
  /**
   * Whether to write the same properties of each product's parent as well, as columns named `parent_MW` and so on. They
   * are computed once per parent, from `source_smiles`, or with `standardize` from `parent_smiles`. Default: false.
   */
  parentProperties?: boolean | undefined;
  /**
   * Whether to write the columns `mapped_smiles`, in which each atom that comes from the parent has the atom's index in
   * the parent + 1 as its map number, and `reaction_smiles`, parent and product with these numbers. Map numbers of the
   * library do not appear there. Default: false.
   */
  mapped?: boolean | undefined;
  /**
   * Whether to write the column `cxsmiles`, the product with its stereo groups. Without it these are lost. Products
   * that differ only in groups are the same product. Default: false.
   */
  cxsmiles?: boolean | undefined;
  /**
   * Structural alerts to seek in each product; the column `alerts` lists the names of those that it has. `PAINS`,
   * `BRENK`, `NIH` and `ZINC` are catalogs of RDKit. With a dot or a slash, a name is that of a file with SMARTS and
   * names. A string may be a comma list. Default: none.
   */
  alerts?: string | readonly string[] | undefined;

  // ---- filter

  /**
   * Keep only products that meet this condition, in SQL: comparisons, `BETWEEN`, `IN`, `LIKE`, `IS NULL`, `AND`, `OR`,
   * `NOT` and `+ - * /` over the columns of the output and all properties, those that are not written included. It acts
   * before the deduplication. What it takes out is counted as `filtered`. Default: all products.
   */
  where?: string | undefined;

  // ---- known molecules

  /**
   * Leave out products that are in this file or these files of known molecules: any format that `input` may have. The
   * column of `smilesColumn` is used, or else one that is found as in an input. Products are compared by `dedupKey`,
   * after `where` and before the deduplication, and counted as `known`. The library may be one of the files; then all
   * of it is known, whatever `limit` and `shard` are. Default: none.
   */
  exclude?: Path | readonly Path[] | undefined;
  /**
   * Folder that keeps the keys of known molecules for other runs and shards, 16 bytes for each. Without it, each run
   * makes them for itself. Default: none.
   */
  excludeCache?: Path | undefined;

  // ---- deduplication

  /** How duplicate products are recognised. Default: `"exact"`. */
  dedup?: 'exact' | 'bloom' | 'none' | undefined;
  /**
   * What makes two products the same. With `"inchikey"`, InChIKey is one of `properties` as well. Products of one
   * parent that differ only in their SMILES then count as duplicates; `made` and the columns about sites do not change.
   * Default: `"smiles"`.
   */
  dedupKey?: 'smiles' | 'inchikey' | undefined;
  /** Distinct products that the Bloom filter is sized for (only with `"bloom"`). Default: 100000000. */
  bloomExpectedItems?: number | undefined;
  /**
   * Share of new products that the filter may mistake for duplicates at that fill (only with `"bloom"`). Default:
   * 0.001.
   */
  bloomFpRate?: number | undefined;

  // ---- limits

  /**
   * Distinct rejected rows above which a finished run counts as suspect: the command line then exits with status 3. The
   * run is not stopped. Default: no limit.
   */
  maxRejects?: number | undefined;
  /**
   * Reject molecules with more atoms than this, counting the hydrogen atoms of the SMILES, but not those that a
   * transform with `hydrogens: explicit` adds. Default: 2000.
   */
  maxAtoms?: number | undefined;
  /** Reject molecules from which a transform makes more distinct products than this. Default: no limit. */
  maxProductsPerMol?: number | undefined;
  /**
   * Seconds of CPU time that RDKit may take for a molecule, over all transforms; 0 for no limit. Time that was spent
   * before the isolated process died, or before an interruption and `resume`, counts. A molecule that takes more is
   * rejected as a whole, with one record (code `timed_out`), within a second or two. Only with `isolate`, and only on
   * Linux: other systems do not show the times of threads. Which molecules time out may depend on the machine; the
   * summary warns if any did. Default: 60.
   */
  molTimeout?: number | undefined;
  /**
   * Run RDKit in a child process. If it crashes, the molecules in progress are tried again, each alone; those that
   * crash it again are rejected (code `crashed`), and the work continues in a new child. Without it a crash of RDKit
   * ends the whole process. On the command line the default is true. Default: false.
   */
  isolate?: boolean | undefined;
  /**
   * Memory to stay below: a number is per cent of the machine's memory or the control group's limit, whichever is
   * lower; a string may carry a unit (`"2GiB"`, `"1.5GB"`). Default: 70.
   */
  targetMemory?: number | string | undefined;

  // ---- speed (none of these changes the output)

  /**
   * Whether proven short cuts are taken instead of asking RDKit. Without them RDKit alone makes all rows, several times
   * more slowly. Default: true.
   */
  fast?: boolean | undefined;
  /**
   * Share of the rows, chosen by their text, that RDKit alone makes a second time. If the results differ, which is a
   * bug, the run ends with `XFORM_RECHECK_DIFFERS`. Default: 0.001.
   */
  recheck?: number | undefined;
  /** Threads that run RDKit. Default: available parallelism. */
  workers?: number | undefined;
  /** Rows of a batch, the unit of `maxInFlight`. Default: 50000. */
  batchSize?: number | undefined;
  /** Batches that may be read and not yet committed. Default: 2 x workers. */
  maxInFlight?: number | undefined;
  /** Products that are buffered before they are encoded. No effect on the bytes. Default: 10000. */
  flushInterval?: number | undefined;

  // ---- output

  /**
   * Folder for the output, created if missing. The library and the transform files may be in it, but not as a file that
   * the run would remove or replace.
   */
  outdir: Path;
  /**
   * Also list, for each product that more than one row gave, all of these rows, in `parents.parquet`. Requires `dedup`
   * exact. Default: false.
   */
  parents?: boolean | undefined;
  /**
   * Formats in which to export the products as well, as {@link exportTable} does with its defaults: `products.csv` and
   * the like in `outdir`. With `resume`, a run that had finished gets the exports that are missing. RDKit draws the
   * molecules of `sdf` in this process. Not with `shard`. Default: Parquet only.
   */
  format?: string | readonly string[] | undefined;
  /**
   * Add the columns of the predecessor's table that are missing, under their names, and the object `legacy` to the
   * summary, with its keys. Of the library's columns, `source_subset`, `k`, `halogen`, `halogen_atom_count` and
   * `halogen_pair` are carried over under these names; the output has nulls if the library lacks one. Default: false.
   */
  legacy?: boolean | undefined;
  /**
   * Also write a report on the run, as {@link report} does, to `report.html` in `outdir`. With `resume`, a run that had
   * finished gets the report if it is missing. RDKit draws the molecules of the report in this process. Default: false.
   */
  report?: boolean | undefined;
  /** Replace the files of an earlier run or merge in `outdir`. Default: false. */
  force?: boolean | undefined;
  /**
   * Continue an interrupted run in `outdir`; the output is the same byte for byte as without the interruption. Starts a
   * new run if there is none. If the run had finished, checks its files and resolves with its summary, in which
   * `already_finished` is true. Not with `force`. Default: false.
   */
  resume?: boolean | undefined;
  /**
   * Folder for data spilled to disk. On a cluster also for the library on its way, so all executors must see it.
   * Default: inside the output folder.
   */
  scratch?: Path | undefined;
}

/**
 * Options of {@link clusterApply}: those of {@link apply}, except the ones for its own threads and process, plus where
 * to find the cluster. It always processes the whole library. `dedup` is `exact` or `none`.
 */
export interface ClusterApplyOptions
  extends Omit<
    ApplyOptions,
    | 'shard'
    | 'skipRows'
    | 'bloomExpectedItems'
    | 'bloomFpRate'
    | 'molTimeout'
    | 'isolate'
    | 'workers'
    | 'batchSize'
    | 'maxInFlight'
    | 'parents'
    | 'format'
    | 'report'
    | 'resume'
  > {
  /** The scheduler, as `host:port`. Default: `"127.0.0.1:50050"`. */
  scheduler?: string | undefined;
  /** Parts of the library and of the keys: tasks of each stage. No effect on the output. Default: 64. */
  partitions?: number | undefined;
  /** Write the products in the order of the input, not in the order of their keys. Default: false. */
  sort?: boolean | undefined;
}

/** Options of {@link merge}. Each has a flag of the same name on the command line; the shards are its arguments. */
export interface MergeOptions extends Pick<ApplyOptions, 'targetMemory' | 'outdir' | 'report' | 'force' | 'scratch'> {
  /** The output folders of all shards, in any order. */
  shards: readonly Path[];
}

/** Options of {@link transformSmiles}, with the same meaning as for {@link apply}. */
export interface TransformOptions
  extends Pick<
    ApplyOptions,
    | 'standardize'
    | 'maxSites'
    | 'salts'
    | 'properties'
    | 'mapped'
    | 'cxsmiles'
    | 'alerts'
    | 'maxAtoms'
    | 'maxProductsPerMol'
    | 'molTimeout'
    | 'isolate'
  > {
  /** Stops the call, which rejects at once with a {@link CancelledError}. */
  signal?: AbortSignal | undefined;
}

/** Options of {@link listRules}. `family` and `scope` have the same meaning as for {@link apply}. */
export interface ListRulesOptions extends Pick<ApplyOptions, 'family' | 'scope'> {
  /**
   * The transform files. Without any, those of the package. Default: `configs/transforms.yaml` and
   * `configs/medchem.yaml` of the package.
   */
  files?: readonly Path[] | undefined;
  /**
   * List only rules with this text in their name, `code`, `legacy_rule_id`, `label`, `family` or SMIRKS, in any case.
   * Default: none.
   */
  search?: string | undefined;
}

/** Options of {@link showRule}: the transform files; without any, those of the package. */
export interface ShowRuleOptions extends Pick<ApplyOptions, 'xfConfig'> {}

/** Options of {@link checkRules}. Each has a flag of the same name on the command line; the files are its arguments. */
export interface CheckRulesOptions
  extends Pick<
    ApplyOptions,
    'inputFormat' | 'delimiter' | 'header' | 'smilesColumn' | 'molblockColumn' | 'xfName' | 'family' | 'scope'
  > {
  /** The transform files. */
  files: readonly Path[];
  /** A library to try each rule on; see `input` of {@link ApplyOptions}. Not a stream. Default: none. */
  library?: Path | readonly Path[] | undefined;
  /** Rows of `library` to try the rules on, spread evenly over it. Default: 10000. */
  sample?: number | undefined;
}

/** Options of {@link tryTransform}. Each has a flag of the same name on the command line. */
export interface TryOptions
  extends Pick<
    ApplyOptions,
    | 'inputFormat'
    | 'delimiter'
    | 'header'
    | 'smilesColumn'
    | 'molblockColumn'
    | 'idColumn'
    | 'xfConfig'
    | 'xfName'
    | 'family'
    | 'scope'
    | 'smirks'
    | 'maxSites'
    | 'excludeSugarLike'
    | 'salts'
    | 'properties'
    | 'mapped'
    | 'cxsmiles'
    | 'alerts'
    | 'maxAtoms'
    | 'maxProductsPerMol'
  > {
  /**
   * A library to take molecules from, in addition to those that are passed; see `input` of {@link ApplyOptions}.
   * Default: none.
   */
  input?: Path | readonly Path[] | undefined;
  /** Rows of `input` to try, from the first. Default: 20. */
  limit?: number | undefined;
}

/** Options of {@link exportTable}. Each has a flag of the same name on the command line. */
export interface ExportOptions extends Pick<ApplyOptions, 'smilesColumn' | 'workers' | 'force'> {
  /**
   * Column that names a record of SMILES text or SDF: its name, or its number from 1. Default: `product_id`, else `id`,
   * else the only one that ends in `_id`, else none.
   */
  idColumn?: string | undefined;
  /** The columns to write, by their exact names, in this order; or `"all"`. Default: `"all"`. */
  columns?: 'all' | readonly string[] | undefined;
  /**
   * Use only rows that meet this condition, in SQL, over all columns of the table; as `where` of {@link ApplyOptions}.
   * Default: none.
   */
  where?: string | undefined;
  /** Rows to write at most. Default: all rows. */
  limit?: number | undefined;
  /** The format. Default: by the name of the file. */
  format?: 'csv' | 'tsv' | 'smi' | 'sdf' | 'jsonl' | 'arrow' | undefined;
  /**
   * Put an apostrophe before text that a spreadsheet would take for a formula: text that begins with `=`, `+`, `-`,
   * `@`, a tab or a carriage return. Only for `format` csv and tsv. Default: false.
   */
  spreadsheet?: boolean | undefined;
  /**
   * The file to write; `-` writes to standard output. An ending `.gz`, `.bz2`, `.zst` or `.xz` after that of the format
   * compresses it. The file appears under its name when it is complete.
   */
  output: Path;
  /** Write several files with at most this many rows each, `name-00001.csv` and so on. Default: one file. */
  maxRowsPerFile?: number | undefined;
  /** Write a file for each value of this column, such as `name.xf_name=VALUE.csv`; at most 256. Default: one file. */
  partitionBy?: string | undefined;
}

/** Options of {@link sampleTable}. Each has a flag of the same name on the command line. */
export interface SampleOptions extends Pick<ApplyOptions, 'smilesColumn' | 'workers' | 'force'> {
  /** Rows to pick, at most 10,000,000. Memory is 16 bytes for each. Default: 100. */
  n?: number | undefined;
  /**
   * How rows are picked: `"random"`: each row with the same chance; `"stratified"`: so many rows of each combination of
   * the values of `strata`; `"diverse"`: rows whose molecules differ from each other. Default: `"random"`.
   */
  by?: 'random' | 'stratified' | 'diverse' | undefined;
  /**
   * Another seed picks other rows. The same seed picks the same rows of a table, whatever the number of workers.
   * Default: 0.
   */
  seed?: number | undefined;
  /**
   * The columns whose values divide the rows into strata, at most 10,000: columns of text, whole numbers or true and
   * false. Default: none.
   */
  strata?: 'all' | readonly string[] | undefined;
  /**
   * How many rows each stratum gives. `"equal"`: the same number; what a stratum is too small for, the others give.
   * `"proportional"`: its share of all rows, rounded by the largest remainder. Default: `equal`.
   */
  allocation?: 'equal' | 'proportional' | undefined;
  /**
   * How diverse rows are picked. `"maxmin"`: next the one that is the farthest from all picked before. `"leader"`: in
   * random order, those that are farther than `threshold` from all picked before, `n` at most. Default: `maxmin`.
   */
  pick?: 'maxmin' | 'leader' | undefined;
  /**
   * The Tanimoto distance of Morgan fingerprints within which a picked row stands for others, from 0 to 1. Default:
   * 0.35.
   */
  threshold?: number | undefined;
  /**
   * Rows among which diverse ones are picked, at most 1,000,000: a random choice. Each takes 272 bytes of memory.
   * Default: 100000.
   */
  pool?: number | undefined;
  /**
   * The file to write, in any format of {@link exportTable}; `-` writes to standard output. An ending `.gz`, `.bz2`,
   * `.zst` or `.xz` after that of the format compresses it. Without a file, the rows are in the result, 1,000 at most.
   * Default: none.
   */
  output?: Path | undefined;
  /**
   * Column that names a record of SMILES text or SDF: its name, or its number from 1. Default: `product_id`, else `id`,
   * else the only one that ends in `_id`, else none.
   */
  idColumn?: string | undefined;
  /** The columns to write, by their exact names, in this order; or `"all"`. Default: `"all"`. */
  columns?: 'all' | readonly string[] | undefined;
  /**
   * Use only rows that meet this condition, in SQL, over all columns of the table; as `where` of {@link ApplyOptions}.
   * Default: none.
   */
  where?: string | undefined;
  /** The format. Default: by the name of the file. */
  format?: 'csv' | 'tsv' | 'smi' | 'sdf' | 'jsonl' | 'arrow' | undefined;
  /**
   * Put an apostrophe before text that a spreadsheet would take for a formula: text that begins with `=`, `+`, `-`,
   * `@`, a tab or a carriage return. Only for `format` csv and tsv. Default: false.
   */
  spreadsheet?: boolean | undefined;
}

/** Options of {@link summarize}. Each has a flag of the same name on the command line. */
export interface SummarizeOptions extends Pick<ApplyOptions, 'smilesColumn' | 'force'> {
  /**
   * Count the rows of each combination of the values of these columns, at most 10,000: columns of text, whole numbers
   * or true and false. Default: all rows together.
   */
  by?: 'all' | readonly string[] | undefined;
  /**
   * The columns of numbers whose range is given, by their exact names; or `"all"`: all of them except those that number
   * something, such as `source_row`, and `xf_prob`. Default: `"all"`.
   */
  columns?: 'all' | readonly string[] | undefined;
  /**
   * Write a line for each combination to this file as well: csv, tsv, jsonl or arrow; `-` writes to standard output.
   * Default: none.
   */
  output?: Path | undefined;
  /**
   * Use only rows that meet this condition, in SQL, over all columns of the table; as `where` of {@link ApplyOptions}.
   * Default: none.
   */
  where?: string | undefined;
  /** The format. Default: by the name of the file. */
  format?: 'csv' | 'tsv' | 'smi' | 'sdf' | 'jsonl' | 'arrow' | undefined;
  /**
   * Put an apostrophe before text that a spreadsheet would take for a formula: text that begins with `=`, `+`, `-`,
   * `@`, a tab or a carriage return. Only for `format` csv and tsv. Default: false.
   */
  spreadsheet?: boolean | undefined;
}

/** Options of {@link gallery}. Each has a flag of the same name on the command line. */
export interface GalleryOptions
  extends Pick<
    ApplyOptions,
    'inputFormat' | 'delimiter' | 'header' | 'smilesColumn' | 'molblockColumn' | 'columnType' | 'workers' | 'force'
  > {
  /**
   * Column that names the molecules: its name, or its number from 1. Default: `product_id`, else `id`, else the only
   * one that ends in `_id`, else none.
   */
  idColumn?: string | undefined;
  /**
   * Show only rows that meet this condition, in SQL, over all columns of the table; as `where` of {@link ApplyOptions}.
   * Default: none.
   */
  where?: string | undefined;
  /** Rows to show at most, the first ones. Each 500 have a page. Default: 500. */
  limit?: number | undefined;
  /**
   * The columns to show with each molecule, by their exact names, in this order; or `"all"`. Default: properties and
   * other short values, at most 16 columns.
   */
  columns?: 'all' | readonly string[] | undefined;
  /**
   * SMARTS that are sought in the molecules. Matches are highlighted, and the page can show only the molecules that
   * have one; no row is left out. Default: none.
   */
  query?: string | readonly string[] | undefined;
  /**
   * Draw the first molecules as one picture of `"COLUMNSxROWS"` cells, such as `"5x4"`, instead of a page; an SVG, or a
   * PNG if the name of the file ends in `.png`. Default: a page.
   */
  grid?: string | undefined;
  /**
   * The file to write; it appears under its name when it is complete. With more than 500 molecules this is the index,
   * and the pages are beside it: `name-001.html` and so on. Default: `gallery.html` in the folder, `name.gallery.html`
   * beside a file, `.svg` for a grid.
   */
  output?: Path | undefined;
}

/** Options of {@link report}. Each has a flag of the same name on the command line. */
export interface ReportOptions {
  /** The file to write. It appears under its name when it is complete. Default: `report.html` in the folder. */
  output?: Path | undefined;
  /** Replace a file that exists. Default: false. */
  force?: boolean | undefined;
}

/** Options of a run as they took effect, in its summary. */
export interface AppliedOptions {
  input?: string | string[];
  input_format: 'parquet' | 'smi' | 'csv' | 'tsv' | 'sdf' | 'jsonl' | 'arrow' | null;
  delimiter: string | null;
  header: boolean | null;
  smiles_column: string | null;
  molblock_column: string | null;
  id_column: string | null;
  keep_columns: 'all' | 'none' | string[];
  column_type: string[];
  kept_prefix: string;
  shard: { index: number; of: number } | null;
  limit: number | null;
  skip_rows?: number[];
  standardize: 'none' | 'cleanup' | 'neutral' | 'parent';
  xf_config?: string | string[];
  xf_names: string[];
  family: string[];
  scope: string[];
  smirks: string[];
  skip_bad_rules: boolean;
  strict: boolean;
  max_sites: number | null;
  exclude_sugar_like: boolean | null;
  salts: 'drop' | 'keep';
  properties: string[];
  parent_properties: boolean;
  mapped: boolean;
  cxsmiles: boolean;
  alerts: string[];
  where: string | null;
  exclude?: string | string[];
  exclude_cache: string | null;
  dedup: 'exact' | 'bloom' | 'none';
  dedup_key: 'smiles' | 'inchikey';
  bloom_expected_items: number;
  bloom_fp_rate: number;
  max_rejects: number | null;
  max_atoms: number;
  max_products_per_mol: number | null;
  isolate: boolean;
  target_memory: { percent: number } | { bytes: number };
  fast: boolean;
  recheck: number;
  workers: number;
  batch_size: number;
  max_in_flight: number;
  flush_interval: number;
  outdir: string;
  parents: boolean;
  legacy: boolean;
  force: boolean;
  resume: boolean;
  scratch: string | null;
  /** `key` on a cluster, unless `sort`; absent for the order of the input. */
  order?: 'key';
}

// </options>

/** How products that were seen before are recognised; `docs/apply.md` explains each mode. */
export type DedupMode = 'exact' | 'bloom' | 'none';

/** How to follow and stop a run. */
export interface ApplyControl {
  /**
   * Stops the run within a second. The promise then rejects with a {@link CancelledError}, and no file has its final
   * name; `resume` continues from there. Without `isolate`, the run does not stop before RDKit has returned the current
   * molecules.
   */
  signal?: AbortSignal | undefined;
  /**
   * Called once before the first row, with the report of {@link check}. If it throws, the run continues, as for
   * `onProgress`.
   */
  onStart?: ((report: CheckReport) => void) | undefined;
  /**
   * Called at most every 200 ms, never after the promise is settled. Reports are dropped while the event loop is busy.
   * If it throws (or returns a promise that rejects), the run continues and a process warning is given once.
   */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** How to follow and stop a merge; see {@link ApplyControl}. */
export interface MergeControl {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** The state of a run or a merge. */
export interface Progress {
  /**
   * A run with `exclude` first makes the keys of the `known` molecules. A merge is `checking` the checksums of its shards,
   * then `merging` them.
   */
  phase: 'known' | 'reading' | 'checking' | 'merging' | 'publishing';
  /** Rows of the library if its file states their number (Parquet), else null. */
  rows_total: number | null;
  /** Rows committed. */
  rows: number;
  /** How many of these rows an earlier, interrupted run had committed. */
  rows_resumed: number;
  /** Products before deduplication. */
  products: number;
  /** Products written so far. */
  unique: number;
  /** Reject records. */
  rejects: number;
  elapsed_seconds: number;
  /** Rows per second since the start. */
  rows_per_second: number;
  /** Null if the number of rows of the library is not known. */
  eta_seconds: number | null;
  /** Memory of the process. */
  memory_bytes: number;
  batches_in_flight: number;
  inflight_bytes: number;
}

/** The counts of one transform. */
export interface TransformSums {
  name: string;
  sums: Sums;
  /** The most frequent reason why the transform made no product; absent if there is none. */
  commonest_failure?: CommonestFailure;
}

/** The reject code of most records of a transform, and the first of these records. */
export interface CommonestFailure {
  code: RejectCode;
  /** Records of the transform in `rejects.parquet` with this code. */
  records: number;
  /** The first row that has such a record, from 0. */
  source_row: number;
  /** The reason in that record. */
  reason: string;
}

/** Counts of rows, sites, results and products. The equations hold in every summary; otherwise the run has failed. */
export interface Sums {
  /** Rows read, in each transform. */
  rows: number;
  /** Rows with at least one made product. */
  rows_with_products: number;
  /** Rows without a match of the reactant template. */
  rows_no_site: number;
  /** Rows all of whose sites were excluded. */
  rows_all_sites_excluded: number;
  /** Bad rows, and rows without a product that have a failed site. */
  rows_rejected: number;
  /** Matches of the reactant template. */
  sites: number;
  /** Sites that were run and gave a product. */
  sites_applied: number;
  /** Sites that `query_smarts` excludes. */
  sites_excluded_query: number;
  /** Sites at which a `not_smarts` matches. */
  sites_excluded_not_smarts: number;
  /** Sites in a sugar. */
  sites_excluded_sugar: number;
  /** Sites beyond `max_sites_per_mol`. */
  sites_excluded_limit: number;
  /** Sites that were run and gave no product. */
  sites_failed: number;
  /** Results: sites that were run, times product templates. */
  results: number;
  /** Results equal to a product that the parent already has. */
  results_repeated: number;
  /** Results that could not be made. */
  results_failed: number;
  /** Distinct products, summed over parents, before `--where`. */
  made: number;
  /** Made products that are the parent itself; counted only if the templates keep all atoms and elements. */
  products_same_as_parent: number;
  /** Rows with products whose stereo groups (CXSMILES) no column shows; 0 with `--cxsmiles`, unless standardized. */
  rows_stereo_groups_dropped: number;
  /** Made products with a warning by InChI; counted only if `--properties` names `InChI` or `InChIKey`. */
  inchi_warnings: number;
  /** Made products that `--where` removed. */
  filtered: number;
  /** Rows with made products, all of which `--where` removed; they are among `rows_with_products`. */
  rows_all_filtered: number;
  /** Made products that `--where` left. */
  products: number;
  /** Those of `products` that are known molecules (`--exclude`). */
  known: number;
  /** Products written. */
  unique: number;
  /** Products that are the same as an earlier one (`exact`; 0 with `none`). */
  duplicates?: number;
  /** Products that the Bloom filter classified as duplicates (`bloom`). */
  dropped_as_seen?: number;
}

/** The keys of the predecessor's summary. It counted a parent without a product as a product, once for each transform. */
export interface LegacySummary {
  transform: string | string[];
  source_file: string | string[];
  /** Name of the folder that the library is in; null if the path names none. */
  source_subset: string | null;
  /** Rows read. */
  total_input: number;
  /** Products and failures: the sum of `stats`. */
  total_processed: number;
  /** The same number. */
  total_products: number;
  /** Products written. */
  unique_products: number;
  elapsed_seconds: number;
  /** Products and failures per second. */
  throughput_mol_per_sec: number;
  stats: {
    /** Products before deduplication. */
    success: number;
    /** Parents without a site, or with excluded sites only. */
    fail_no_matching_sites: number;
    /** Rejected parents. The predecessor's key for them is not known. */
    fail_rejected: number;
  };
  workers: number;
  batch_size: number;
  resume: boolean;
  /** As it took effect, -1 for no limit; null if the transforms differ. */
  max_sites_per_mol: number | null;
  /** As it took effect; null if the transforms differ. */
  exclude_sugar_like: boolean | null;
  apply_mode: 'per_site';
  /** Null with `smirks`. */
  xf_config: string | string[] | null;
  /** Null: nothing is marked by isotopes. */
  isotope_anchor_strategy: null;
}

/** The summary of a run: the content of `SUMMARY.json`. */
export interface Summary {
  /** Version of this structure. */
  format: 1;
  tool: { name: string; version: string };
  engine: EngineVersion;
  /** The transform's name, or the names in file order. */
  transform: string | string[];
  /** The library as it was given: a path, or a list of them. */
  source_file: string | string[];
  /** The files of the library; absent if it is one file, or a stream, that was named alone. */
  source_files?: SourceFiles;
  output_dir: string;
  /** Rows read. */
  total_input: number;
  /** How many of these rows an earlier, interrupted run had committed. */
  rows_resumed: number;
  /** Rows with an outcome. */
  total_processed: number;
  /** Products before deduplication, after `where`. */
  total_products: number;
  /** Rows that `standardize` turned into a different molecule, whatever their outcome. */
  rows_standardized: number;
  /**
   * Mol blocks with substance groups, attachment points or link nodes, which their SMILES does not have, whatever their outcome.
   */
  rows_simplified: number;
  /**
   * Without `standardize`: rows that were tried neutral, one in 100 of those with a net charge and without a site. If many of
   * them then have a site, `warnings` says so.
   */
  charged_tried: number;
  /** How many of these rows then have a site of some transform. */
  charged_found: number;
  /** The first of these, from 0; absent if there is none. */
  charged_example?: number;
  /** Rows with made products, of any transform, all of which `where` took out. They are part of `stats.success`. */
  rows_all_filtered: number;
  /** With `where`: the products that each clause took out. A clause is a condition of a top-level AND, or the whole. */
  filtered_by_clause?: { clause: string; filtered: number }[];
  /** Products written. */
  unique_products: number;
  /** Distinct rejected rows. */
  rejected_rows: number;
  /** Rows made by RDKit alone, with `--no-fast`. */
  rows_plain: number;
  /** Rows chosen by `--recheck` about which the fast path had an answer, made a second time by RDKit alone. */
  rows_rechecked: number;
  /** Rechecked rows that were not compared, because the recheck ran out of memory or time, or crashed. */
  recheck_incomplete: number;
  /**
   * Whether rows were read and all of them were rejected: then the input is probably not what the user thought. The
   * command line exits with status 3 in this case, except for a shard. The first reason is in `warnings`.
   */
  all_rejected: boolean;
  /**
   * The same as `all_rejected`, for JavaScript callers; not enumerable, so that the summary has the keys of the file.
   */
  readonly allRejected: boolean;
  /**
   * From the start of the run, over all its processes and the time between them. For a resumed run, since it was
   * resumed; for merged shards, the sum of their runs and of the merge.
   */
  elapsed_seconds: number;
  /** Rows per second. */
  throughput_mol_per_sec: number;
  products_per_sec: number;
  /** Rows by outcome, each counted once; adds up to `total_processed`. */
  stats: { success: number; no_site: number; all_sites_excluded: number; rejected: number };
  /** The counts of all transforms, with each row counted once; `rows_*` are those of `stats`. */
  sums: Sums;
  /** How many sites and products parents have, and which parents stand out. */
  parents: ParentFigures;
  /**
   * How far the run was when: at most 500 points, ascending. A resumed run continues the timeline of the interrupted one;
   * those of merged shards stand one after the other.
   */
  timeline: TimelinePoint[];
  transforms: TransformSums[];
  dedup: DedupReport;
  /** Bytes that were spilled to disk. */
  scratch_bytes: number;
  /**
   * Rows that were left out because they crashed the isolated process, took longer than `molTimeout`, or ran out of memory
   * alone.
   */
  quarantined: { crashed: number; timed_out: number; out_of_memory: number };
  /**
   * How often the isolated process died and was restarted, in total and by reason: the name of a signal (`SIGSEGV`),
   * `exit_` and a status, `timed_out`, or `out_of_memory`. For merged shards, the sum.
   */
  restarts: { total: number; reasons: Record<string, number> };
  /**
   * Number of values in carried columns that could not be kept as they were: bytes that are not valid UTF-8 became
   * U+FFFD, and INT96 timestamps lost parts of a microsecond.
   */
  replaced_values: number;
  /**
   * Number of values that were not carried over with `keepColumns: "all"`, because the first rows of the library do not have
   * their columns (JSON lines, SDF).
   */
  unlisted_values: number;
  /** The column of the first of these values. */
  unlisted_column?: string;
  /** The part of the library that the run covered (`ApplyOptions.shard`). */
  shard?: { index: number; of: number; first_row: number; library_rows: number };
  /** The shards from which a merged result comes. */
  merged?: {
    folder: string;
    rows: number;
    unique_products: number;
    elapsed_seconds: number;
    products_sha256: string;
    rejects_sha256: string;
    /** Only if the shards list parents. */
    parents_sha256?: string;
  }[];
  /** The files of known molecules, in the order of their hashes; only with `exclude`. */
  known_files?: KnownFile[];
  columns: Columns;
  options: AppliedOptions;
  memory: {
    /**
     * Highest proportional set size of the run's processes; 0 if the system does not report it. All sizes here are in
     * bytes.
     */
    peak_bytes: number;
    /** Memory of these processes when the run started. */
    baseline_bytes: number;
    /** Lower of the machine's memory and the control group's limit. */
    limit_bytes: number;
    target_bytes: number;
    /**
     * The size of each byte budget (input in flight, finished output, products waiting) that follows from the target.
     */
    budget_bytes: number;
    /** Seconds during which the budgets were below `budget_bytes` because memory was scarce. */
    throttled_seconds: number;
    /** The reason for most of these seconds: the process near its target, or its control group near its limit. */
    throttled_reason: 'process' | 'control_group' | null;
    /** The lowest size of each budget. */
    lowest_budget_bytes: number;
    /** The parts of the peak. */
    breakdown: {
      /** The process before the run. */
      node: number;
      /** Input and finished output, read and not committed. */
      in_flight: number;
      /** Filter or keys, and those of known molecules. */
      dedup: number;
      /** Products waiting for the encoder, and its buffers. */
      writer: number;
      /** The rest: RDKit, stacks, decoded input pages, memory that the allocator keeps. */
      workers: number;
    };
  };
  /** The most batches that were read and not committed at the same time. */
  peak_batches_in_flight: number;
  /** The most bytes that were read or finished and not committed at the same time. */
  peak_inflight_bytes: number;
  /** The most products that waited for the encoder at the same time. */
  peak_buffered_products: number;
  /** The Parquet files; `parents` only with the option of that name. */
  files: { products: OutputFile; rejects: OutputFile; parents?: OutputFile };
  /** Only with the option of that name: the predecessor's keys, with its meanings. */
  legacy?: LegacySummary;
  /** The files that `format` asked for, by format; only in the summary that a call returns. */
  exports?: Partial<Record<ExportFormat, ExportedProducts>>;
  /** The report, if `report` asked for one; only in the summary that a call returns. */
  report?: WrittenReport;
  /**
   * Warnings for the user, one sentence each. If something fails after `SUMMARY.json` is written, for example if a
   * temporary file cannot be removed, only the summary that a call returns contains the warning.
   */
  warnings: string[];
  /** What the user of the transform files should know: keys without effect, columns that are not used. */
  notices: string[];
  /** Rules that `skipBadRules` left out; `warnings` names each. */
  rules_skipped: number;
  /** SHA-256 of the rest of `SUMMARY.json`, as JSON with sorted keys and no white space. */
  summary_sha256: string;
  /**
   * True if the call ran nothing because the same run, or a merge of the same shards, had already finished in the
   * folder; the rest is that run's summary. Only in the summary that a call returns, and only if true.
   */
  already_finished?: true;
}

/** Figures of the parents, and those that stand out. */
export interface ParentFigures {
  /** Rows by their sites, of all transforms, excluded or not. */
  sites: RowsByCount[];
  /** Rows by their products, of all transforms, after `where`, before `exclude` and deduplication. */
  products: RowsByCount[];
  /** The rows with the most products, at most 20; of equal ones, the first. Empty for a run on a cluster. */
  most_products: (ParentRow & { products: number })[];
  /**
   * The rows that took longest, at most 20, by the clock and without their recheck. They depend on the machine. Empty for a
   * run on a cluster.
   */
  slowest: (ParentRow & { seconds: number })[];
}

/** The rows with at least `from` and at most `to` of something. Bins are 0, 1, 2, 3 to 4, 5 to 8 and so on. */
export interface RowsByCount {
  from: number;
  to: number;
  rows: number;
}

/** A row of the library. */
export interface ParentRow {
  /** Its position, from 0. */
  source_row: number;
  /** Its id as text; null if it has none, or one of more than 500 bytes. */
  source_id: string | null;
  /** Its SMILES, as in the library; empty if it has more than 500 bytes. */
  smiles: string;
}

/** The state of a run at one moment. */
export interface TimelinePoint {
  /** Seconds since the start. The pause before a resumed run does not count. */
  seconds: number;
  /** Rows done. */
  rows: number;
  /** Products before deduplication. */
  products: number;
  /** Proportional set size of the run's processes, in bytes. */
  memory_bytes: number;
}

/** How duplicates were found, and at what cost. */
export interface DedupReport {
  mode: DedupMode;
  /** Memory of the filter or the keys. */
  bytes: number;
  /** Products that the filter may have seen, which were settled at the end (`exact`). */
  deferred: number;
  /** Bytes of keys that were spilled to disk (`exact`). */
  key_bytes: number;
  bloom?: {
    expected_items: number;
    fp_rate: number;
    bytes: number;
    /** Share of the filter's bits that are set. */
    fill: number;
    /** Share of new products that it would mistake for duplicates at that fill. */
    expected_false_positive_rate: number;
    /** This share, counted on a sample of exact keys; null if the sample is empty, and for merged shards. */
    observed_false_positive_rate: number | null;
    /** Keys in the sample. */
    sample: number;
    /** Expected number of new products that were lost. */
    expected_lost: number;
    /** Whether the filter got more products than it was sized for. */
    overfilled: boolean;
  };
}

/** A file of known molecules. */
export interface KnownFile {
  file: string;
  /** Of the file, in hex. */
  sha256: string;
  /** The column with its molecules. */
  smiles: string;
  /** How they are written, if not as SMILES. */
  notation?: 'mol_block';
  /** What separates its columns; only for text. */
  delimiter?: TextLayout['delimiter'];
  /** Whether its first line names the columns; only for text. */
  header?: boolean;
  /** Its rows. */
  molecules: number;
  /** Rows that RDKit cannot read, including `quarantined_rows`; `warnings` names their number. */
  unreadable: number;
  /** Distinct molecules. */
  distinct: number;
  /**
   * Rows that were left out because they crashed the isolated process, took longer than `molTimeout`, or ran out of memory
   * alone; ascending. Only if there are any.
   */
  quarantined_rows?: QuarantinedRow[];
}

/** A known molecule that was left out. */
export interface QuarantinedRow {
  /** The row of its file, from 0. */
  row: number;
  code: 'crashed' | 'timed_out' | 'out_of_memory';
}

/** The files of a library. */
export interface SourceFiles {
  /** Their number. */
  total: number;
  /** The first of them, in their order: all, unless there are more than 1,000. */
  files: SourceFile[];
}

/** A file of a library. */
export interface SourceFile {
  /** Its path, as in the column `source_file`. */
  file: string;
  /** Its rows; null if a run with `limit` did not read it to the end. */
  rows: number | null;
  bytes: number;
  sha256: string;
}

/** The columns chosen from the input. */
export interface Columns {
  /** The column with the molecules; `mol block` in an SDF. */
  smiles: string;
  /** How they are written, if not as SMILES. */
  notation?: 'mol_block';
  id: string | null;
  /** Carried over, under their names in the output. */
  kept: string[];
  /** The format in which the input was read. */
  format: InputFormat;
  /** How a table was read; only for `smi`, `csv` and `tsv`. */
  layout?: TextLayout;
}

/** The format of a library. */
export type InputFormat = 'parquet' | 'smi' | 'csv' | 'tsv' | 'sdf' | 'jsonl' | 'arrow';

/** How a table is read. */
export interface TextLayout {
  /** What separates its columns; `blank` for lines of SMILES, blanks, id. */
  delimiter: 'blank' | 'comma' | 'tab' | 'semicolon' | 'pipe' | 'space';
  /** Whether its first line names the columns. */
  header: boolean;
  /** Why it is read in this way, in words. */
  because: string;
  /** Whether the name of the file promises this layout. If not, the metadata of the output contains the layout. */
  as_named: boolean;
}

/** A published file. */
export interface OutputFile {
  /** Its path. */
  file: string;
  rows: number;
  bytes: number;
  sha256: string;
}

/** The findings of {@link verify}. */
export interface VerifyReport {
  outdir: string;
  /** Whether every check passed. */
  ok: boolean;
  checks: { name: string; ok: boolean; detail: string }[];
  /** What to do if a check failed; otherwise null. */
  advice: string | null;
}

/** How a gallery is followed and stopped. */
export interface GalleryControl {
  /** Stops the gallery, which rejects with a {@link CancelledError} and leaves no file. */
  signal?: AbortSignal | undefined;
  /** Called at most every 200 ms. */
  onProgress?: ((progress: GalleryProgress) => void) | undefined;
}

/** How far a gallery is. */
export interface GalleryProgress {
  /** Rows to show. */
  rows_total: number;
  /** Rows drawn. */
  rows: number;
  elapsed_seconds: number;
}

/** What {@link gallery} shows. */
export interface GallerySummary {
  /** The table. */
  input: string;
  /** Rows of the table. */
  rows_total: number;
  /** Rows that meet `where`. */
  rows: number;
  /** Rows that are shown, the first ones of these. */
  rows_shown: number;
  /** The columns whose values are shown. */
  columns: string[];
  /** The queries, each with the number of shown molecules that match. */
  queries: { smarts: string; molecules: number }[];
  /** Shown rows whose molecule could not be drawn; `warnings` names the first. */
  not_drawn: number;
  /** Products that do not lie as their parents do, because their transform is not known or does not make them again. */
  not_aligned: number;
  /** Drawings that were left out, because their page would be larger than 5 MB. */
  without_room: number;
  /** Texts of more than 500 characters, which were cut. */
  texts_cut: number;
  /** The files, by name. The molecules of an index are those of the pages. */
  files: { file: string; molecules: number; bytes: number }[];
  elapsed_seconds: number;
  /** Warnings for the user, one sentence each. */
  warnings: string[];
}

/** How a report is stopped. */
export interface ReportControl {
  /** Stops the report, which rejects with a {@link CancelledError} and leaves no file. */
  signal?: AbortSignal | undefined;
}

/** A report that was written. */
export interface WrittenReport {
  /** The file. */
  file: string;
  /** Its size in bytes. */
  bytes: number;
}

/** How an export is followed and stopped. */
export interface ExportControl {
  /** Stops the export, which rejects with a {@link CancelledError} and leaves no file. */
  signal?: AbortSignal | undefined;
  /** Called at most every 200 ms. */
  onProgress?: ((progress: ExportProgress) => void) | undefined;
}

/** How far an export is. */
export interface ExportProgress {
  /** Rows of the table. */
  rows_total: number;
  /** Rows read. */
  rows: number;
  rows_written: number;
  elapsed_seconds: number;
}

/** A format of {@link exportTable}. */
export type ExportFormat = NonNullable<ExportOptions['format']>;

/** A file that {@link apply} has exported. */
export interface ExportedProducts {
  file: string;
  /** Its rows; null for a file that an earlier call had exported. */
  rows: number | null;
  bytes: number;
}

/** What {@link exportTable} did: `rows_read` = `rows_filtered` + `rows_left_out` + `rows_written`. */
export interface ExportSummary {
  /** The Parquet file. */
  input: string;
  format: ExportFormat;
  /** The columns that were written. */
  columns: string[];
  /** Rows of the table, up to the last one that `limit` lets through. */
  rows_read: number;
  /** Rows that do not meet `where`. */
  rows_filtered: number;
  /**
   * Rows that the format has no place for: in SDF those whose molecule RDKit cannot read or draw, in SMILES text those
   * without a SMILES. `warnings` names the first.
   */
  rows_left_out: number;
  rows_written: number;
  /** Values that are not exactly those of the table: line breaks that became blanks, bytes that were not UTF-8. */
  values_changed: number;
  /** The files, by name. */
  files: { file: string; rows: number; bytes: number }[];
  /** Whether the reader of standard output went away before the end; then the counts are those until then. */
  was_cut_short: boolean;
  elapsed_seconds: number;
  /** Warnings for the user, one sentence each. */
  warnings: string[];
}

/** How a sample is followed and stopped. */
export interface SampleControl {
  /** Stops the sample, which rejects with a {@link CancelledError} and leaves no file. */
  signal?: AbortSignal | undefined;
  /** Called at most every 200 ms. */
  onProgress?: ((progress: SamplingProgress) => void) | undefined;
}

/** How far a sample is. */
export interface SamplingProgress {
  /**
   * `counting`: the strata are counted; `choosing`: random rows are chosen; `fingerprints`: those of their molecules are made;
   * `picking`: diverse rows are picked; `writing`: the picked rows are read and written.
   */
  phase: 'counting' | 'choosing' | 'fingerprints' | 'picking' | 'writing';
  /** Rows that the phase goes through; in `picking`, rows to pick. */
  rows_total: number;
  rows: number;
  elapsed_seconds: number;
}

/** What {@link sampleTable} did: `rows` = `rows_filtered` + `rows_eligible`. */
export interface SampleSummary {
  /** The Parquet file. */
  input: string;
  by: NonNullable<SampleOptions['by']>;
  /** Rows that were asked for. */
  n: number;
  seed: number;
  /** Rows of the table. */
  rows: number;
  /** Rows that do not meet `where`. */
  rows_filtered: number;
  /** Rows that could be picked. */
  rows_eligible: number;
  rows_picked: number;
  /** The strata, in the order of their values, nulls first; null unless `by` is `stratified`. */
  strata: Stratum[] | null;
  /** How diverse rows were picked; null unless `by` is `diverse`. */
  diverse: DiverseReport | null;
  smiles_column: string;
  /** The column that names the rows; null if there is none. */
  id_column: string | null;
  /** The columns of the sample. */
  columns: string[];
  /** The rows, by column, in the order of the table; null with `output`. Whole numbers beyond 2^53 are rounded. */
  sample: Record<string, unknown>[] | null;
  /** The format of the file; null without `output`. */
  format: ExportFormat | null;
  /** The file; empty without `output`. */
  files: { file: string; rows: number; bytes: number }[];
  /** Picked rows that the format has no place for; see {@link ExportSummary}. */
  rows_left_out: number;
  /** Values that are not exactly those of the table; see {@link ExportSummary}. */
  values_changed: number;
  /** Whether the reader of standard output went away before the end. */
  was_cut_short: boolean;
  elapsed_seconds: number;
  /** Warnings for the user, one sentence each. */
  warnings: string[];
}

/** Rows with the same values of the columns `strata`. */
export interface Stratum {
  /** The values, by column. */
  values: Record<string, string | number | boolean | null>;
  /** Eligible rows. */
  rows: number;
  picked: number;
}

/** How diverse rows were picked. */
export interface DiverseReport {
  pick: NonNullable<SampleOptions['pick']>;
  /** The distance within which a leader stands for others; null for `maxmin`. */
  threshold: number | null;
  /** Rows among which they were picked. */
  pool_rows: number;
  /** Rows that would have been among these, but have no molecule that RDKit can read. `warnings` names the first. */
  rows_unreadable: number;
  /**
   * Rows of the pool that are farther than `threshold` from every picked row: 0 unless `n` rows were picked before all were
   * covered; null for `maxmin`.
   */
  rows_uncovered: number | null;
}

/** How a summary is followed and stopped. */
export interface SummarizeControl {
  /** Stops the summary, which rejects with a {@link CancelledError} and leaves no file. */
  signal?: AbortSignal | undefined;
  /** Called at most every 200 ms. */
  onProgress?: ((progress: SummarizeProgress) => void) | undefined;
}

/** How far a summary is. */
export interface SummarizeProgress {
  /** Rows of the table. */
  rows_total: number;
  /** Rows read. */
  rows: number;
  elapsed_seconds: number;
}

/** The figures of {@link summarize}: `rows_read` = `rows_filtered` + `total.rows`. */
export interface TableReport {
  /** The Parquet file. */
  input: string;
  /** The columns whose values make the groups. */
  by: string[];
  /** The columns of numbers whose ranges are given. */
  columns: string[];
  /** Rows of the table. */
  rows_read: number;
  /** Rows that do not meet `where`. */
  rows_filtered: number;
  /** The groups, in the order of their values, nulls first; one without `by`. */
  groups: GroupReport[];
  /** All groups together. */
  total: GroupReport;
  /** The format of the file; null without `output`. */
  format: Exclude<ExportFormat, 'smi' | 'sdf'> | null;
  /** The file; empty without `output`. */
  files: { file: string; rows: number; bytes: number }[];
  /** Whether the reader of standard output went away before the end. */
  was_cut_short: boolean;
  elapsed_seconds: number;
  /** Warnings for the user, one sentence each. */
  warnings: string[];
}

/** The figures of a group of rows. */
export interface GroupReport {
  /** The values that make the group, by column. */
  values: Record<string, string | number | boolean | null>;
  rows: number;
  /** By column. */
  ranges: Record<string, ColumnRange>;
}

/** The range of the numbers of a column. All figures but `nulls` are null if there is no number. */
export interface ColumnRange {
  /** Rows without a number: null or NaN. */
  nulls: number;
  /** As 64-bit floats; null as well for an infinity, which JSON lacks. */
  min: number | null;
  /** The arithmetic mean. */
  mean: number | null;
  /** The exact median. Null as well, with a warning, if there are more than 8,388,608 numbers in all columns together. */
  median: number | null;
  max: number | null;
}

/** The findings of {@link check}: a run with these options can start. */
export interface CheckReport {
  tool: { name: string; version: string };
  engine: EngineVersion;
  /** Names of the transforms that would run, in file order. */
  transforms: string[];
  columns: Columns;
  /** Number of files of the library; null if it is one file, or a stream, that was named alone. */
  files: number | null;
  /** Rows of the library if its files state their number (Parquet), else null. */
  rows: number | null;
  /** The options as they would take effect. */
  options: AppliedOptions;
  /** Warnings for the user, one sentence each. */
  warnings: string[];
  /** What the user of the transform files should know: keys without effect, columns that are not used. */
  notices: string[];
  /** Rules that `skipBadRules` would leave out; `warnings` names each. */
  rules_skipped: number;
  /** How each transform would be carried out, in file order; only with {@link CheckDetail.explain}. */
  explanation?: TransformExplanation[];
  /** What to expect of the run; only with {@link CheckDetail.sample}. Null if no row could be tried; a warning says why. */
  expected?: Expected | null;
}

/**
 * What a run is likely to give and to need, from a sample of its rows; see {@link CheckDetail.sample}. `docs/dry-run.md` says how
 * near the truth it is.
 */
export interface Expected {
  /** Rows of the library, or of the shard. */
  rows: number;
  /** Whether they were counted. If not, their number follows from the size of the file. */
  rows_are_counted: boolean;
  /** Rows with a site of any transform, excluded or not. */
  rows_with_sites: number;
  /** Rows that at least one transform rejects. */
  rows_rejected: number;
  /** Distinct products per parent and transform, after `where` and before the deduplication: `total_products` of the run. */
  products: number;
  /** Products that are written, at least: neither known nor duplicates. `unique_products` of the run lies in this range. */
  products_low: number;
  /** The same, at most: no more than 1.5 times `products_low`. */
  products_high: number;
  /** Bytes of `products.parquet` if no product is left out as a duplicate. */
  bytes: number;
  /** Peak memory of the run's processes. */
  memory_bytes: number;
  /** Time of the run on an idle machine like this one. */
  seconds: number;
  /** The rows that were tried. */
  sample: {
    rows: number;
    seed: number;
    /** How long they took, with the reading of the library. */
    seconds: number;
    /** Whether they are all rows; then the counts are exact. */
    is_whole: boolean;
    /** Whether they are fewer than were asked for, because there was no time for more. */
    is_cut: boolean;
    /** Whether the library, of more than 256 KiB, had to be read from its start to its end. */
    reads_all: boolean;
  };
}

/** The report of {@link checkRules}. */
export interface RulesReport {
  /** The rules that could be read, in the order of the files, then in file order. */
  rules: CheckedRule[];
  /** In the order of the files, then by their place. */
  findings: RulesFinding[];
  /** Findings that are errors: a rule cannot be used, or does not meet an example. */
  errors: number;
  /** Findings that are warnings: a rule works, but probably not as meant. */
  warnings: number;
  /** Findings that are notes: a rule is often meant like this. */
  notes: number;
  /** What the rules did to rows of a library; only with `library`. */
  sample?: RulesSample;
}

/** How a check is followed and stopped. */
export interface CheckRulesControl {
  /** Stops the check, which rejects at once with a {@link CancelledError}. */
  signal?: AbortSignal | undefined;
  /** Called while the rules are tried on a library. */
  onProgress?: ((progress: SampleProgress) => void) | undefined;
}

/** How far a sample is; rows are summed over the rules. */
export interface SampleProgress {
  rows: number;
  rows_total: number;
}

/** What rules did to rows of a library. */
export interface RulesSample {
  /** As it was given. */
  library: string | string[];
  /** Rows of the library. */
  library_rows: number;
  /** Rows that were tried, spread evenly. */
  rows: number;
  /** Those of them that are not a molecule or are beyond a limit. */
  rows_refused: number;
  /** In the order of the rules, without those that are not usable. */
  rules: SampledRule[];
}

/** What a rule did to the rows: the counts of a run, and more. */
export interface SampledRule extends TransformCounts {
  name: string;
  /** Rows with a site, excluded or not. */
  rows_with_sites: number;
  /** Distinct products per row that has one; 0 without products. */
  products_per_row: number;
  /** CPU seconds per row, reading the molecule included. */
  cpu_seconds_per_row: number;
  /** Failed results, and rows that the rule rejects, by stage and code; the most frequent first. */
  failures: SampledFailure[];
  /** The ten rows that took longest, the slowest first. */
  slowest: (SampledRow & { cpu_seconds: number })[];
}

/** A row of the library. */
export interface SampledRow {
  source_row: number;
  source_smiles: string;
}

/** A kind of failure, with the first row that has it. */
export interface SampledFailure extends SampledRow {
  stage: RejectStage;
  code: RejectCode;
  rows: number;
  failures: number;
  reason: string;
}

/** The counts of a transform, without those of filter and deduplication. */
export type TransformCounts = Omit<
  Sums,
  'rows' | 'filtered' | 'rows_all_filtered' | 'products' | 'known' | 'unique' | 'duplicates' | 'dropped_as_seen'
>;

/** What else a trial gives, and how it is stopped. */
export interface TryControl {
  /** Stops the call, which rejects at once with a {@link CancelledError}. */
  signal?: AbortSignal | undefined;
  /** Whether to draw each molecule and its products. Default: false. */
  svg?: boolean | undefined;
}

/** What transforms did to one molecule. */
export interface MoleculeTrial {
  /** Its row in the file; null if it was passed. */
  source_row: number | null;
  source_smiles: string;
  /** Why the molecule cannot be used; then there are no transforms. */
  rejects: Reject[];
  /** In the order of the files, then in file order. */
  transforms: TransformTrial[];
  /** A picture of the molecule and its products, with the atoms of the sites highlighted; null without a product. */
  svg?: string | null;
}

/** What a transform did to a molecule. */
export interface TransformTrial {
  xf_name: string;
  /** The counts of a run. */
  counts: TransformCounts;
  /** All sites in order, with those that are not used. */
  sites: TriedSite[];
  /** Distinct products; each has the lowest site that gives it. */
  products: Product[];
  /** Sites that gave no product, or why the transform rejects the molecule. */
  rejects: Reject[];
}

/** A rule and what was checked of it. */
export interface CheckedRule {
  name: string;
  /** Its file. */
  path: string;
  /** The line of its name. */
  line: number;
  /** Whether RDKit accepts its patterns. If not, nothing else could be checked. */
  is_usable: boolean;
  /** Examples that were tried. */
  examples: number;
  /** Its findings by severity. */
  errors: number;
  warnings: number;
  notes: number;
}

/** What {@link checkRules} finds. */
export interface RulesFinding {
  code: FindingCode;
  severity: 'error' | 'warning' | 'note';
  /** The transform; null if the finding is about a file, or about a rule without a name. */
  transform: string | null;
  /** The file. */
  path: string;
  /** From 1; null if the finding has no position. */
  line: number | null;
  column: number | null;
  /** The key in the file. */
  key: string | null;
  /** The whole SMIRKS or SMARTS, if the finding is about one. */
  pattern: string | null;
  /** The part of the pattern that the finding is about. */
  fragment: string | null;
  /** Where the fragment begins in the pattern, in characters from 1. */
  position: number | null;
  /** What RDKit will do, or what is wrong. */
  effect: string;
  /** What to write instead; empty if nothing has to change. */
  advice: string;
}

/** What a check of rules finds; `docs/rules.md` explains each code. */
export type FindingCode =
  | 'map_only_in_product'
  | 'map_only_in_reactant'
  | 'map_twice'
  | 'map_zero'
  | 'no_mapped_atom'
  | 'agent'
  | 'always_parent'
  | 'kekule_ring'
  | 'recursive_smarts'
  | 'ring_cut'
  | 'same_rule'
  | 'valence_impossible'
  | 'valence_with_fixed_hydrogens'
  | 'valence_at_some_sites'
  | 'hydrogen_atom'
  | 'stereo_not_matched'
  | 'hydrogen_replaced_at_centre'
  | 'becomes_hydrogen_at_centre'
  | 'product_list'
  | 'product_query'
  | 'charge_unsaid'
  | 'isotope_unsaid'
  | 'hydrogens_unsaid'
  | 'invalid_file'
  | 'invalid_rule'
  | 'invalid_smirks'
  | 'invalid_smarts'
  | 'example_unmet'
  | 'rdkit_validation';

/** What {@link check} should report in addition. */
export interface CheckDetail {
  /** How each transform would be carried out. Default: false. */
  explain?: boolean | undefined;
  /**
   * Try at most this many rows, spread evenly over the library, through all steps of the run, and report what to
   * {@link CheckReport.expected | expect}. That takes up to 20 s. A library that is compressed, or whose rows may have several
   * lines, is read from its start to its end. An output folder that holds an earlier run is then a warning and not an error. The
   * command line tries 30,000 rows. Default: 0, no rows.
   */
  sample?: number | undefined;
  /** Chooses the rows of the sample. Default: 0. */
  seed?: number | undefined;
  /** Stops a check with a sample, which rejects with a {@link CancelledError}. */
  signal?: AbortSignal | undefined;
}

/** How a transform is carried out. This does not change any product: it only affects the speed. */
export interface TransformExplanation {
  name: string;
  /**
   * - `"edit"`: a product is an edit of its parent, if it is proved that this gives the same as the plain path.
   * - `"plain"`: RDKit's reaction runner makes each product, which is then sanitized.
   */
  path: 'edit' | 'plain';
  /** Why this path is taken, in words. */
  reason: string;
  /** What the text of a row must show before a molecule is made from it, in words. */
  prefilter: string;
}

/** Name and version of the chemistry toolkit. */
export interface EngineVersion {
  name: string;
  version: string;
}

/** See {@link versions}. */
export interface Versions {
  /** Version of this package. */
  xform_native: string;
  engine: EngineVersion;
}

/** A place in a transform file. */
export interface RulePlace {
  file: string;
  /** From 1. */
  line: number;
}

/** A rule in short; see {@link listRules}. */
export interface ListedRule {
  name: string;
  code: string | null;
  legacy_rule_id: string | null;
  family: string | null;
  scope_classes: string[];
  label: string | null;
  smirks: string;
  place: RulePlace | null;
  /** The templates in one line, such as `c-OH -> c-O-CH3`; null if RDKit refuses the rule. */
  picture: string | null;
  /** What changes, in a few words, such as `O: +CH3`; null if RDKit refuses the rule. */
  change: string | null;
  /** Why RDKit refuses the rule. */
  refused: string | null;
}

/** See {@link listRules}. */
export interface RuleListing {
  /** In the order of the files. */
  rules: ListedRule[];
  /** What the reader of the files should know. */
  notices: string[];
}

/** What a transform does, from its templates alone, as RDKit understood them. */
export interface RuleDescription {
  picture: string;
  change: string;
  /** All facts, by topic, without full stops. */
  statements: { topic: RuleTopic; text: string }[];
}

/** What a statement about a rule is about. */
export type RuleTopic =
  | 'kept'
  | 'changed'
  | 'removed'
  | 'added'
  | 'bonds'
  | 'charges'
  | 'hydrogens'
  | 'rings'
  | 'stereo'
  | 'products';

/** A rule at length; see {@link showRule}. */
export interface ShownRule extends Transform {
  place: RulePlace | null;
  /** Null if RDKit refuses the rule, as for the next members. */
  description: RuleDescription | null;
  explanation: Omit<TransformExplanation, 'name'> | null;
  /** The warnings of RDKit's own check. */
  warnings: string[];
  /** For each example why it is not met, or null if it is. */
  unmet: (string | null)[];
  /** The reaction as SVG. */
  svg: string | null;
  /** Why RDKit refuses the rule. */
  refused: string | null;
}

/** The content of a transform file. */
export interface TransformFile {
  /** Version of the format. */
  version: number;
  /** In file order. */
  transforms: Transform[];
  /** Notes for the user, for example that a column is not used. */
  notices: string[];
  /** SHA-256 of the file, in hex. */
  sha256: string;
}

/** One transform, with the file's defaults filled in. */
export interface Transform {
  name: string;
  /** One reactant template, one or more product templates. */
  smirks: string;
  /** Where the transform may act; shared map numbers tie it to the reactant template. */
  query_smarts: string | null;
  /** Where it must not act, tied in the same way; absent if there is none. */
  not_smarts?: string[];
  /** `explicit`: parents get their hydrogens as atoms; absent if they do not. */
  hydrogens?: 'implicit' | 'explicit';
  /** Identifier of the rule; several transforms may share one. */
  code: string | null;
  label: string | null;
  legacy_rule_id: string | null;
  family: string | null;
  scope_classes: string[];
  highlight_mapnums: number[];
  product_highlight_symbol: string | null;
  /** Sites used per molecule; null for no limit. */
  max_sites_per_mol: number | null;
  exclude_sugar_like: boolean;
  /** Weight of the transform, from 0 to 1. */
  prob: number | null;
  examples: TransformExample[];
}

/**
 * What a transform must do, as molecules in any spelling: `out` is among the products of `in`, or, as a list, all of
 * them; `none` are molecules without a site. `apply` and `check` warn of examples that are not met.
 */
export type TransformExample = { in: string; out: string | string[] } | { none: string[] };

/** The parts of a transform that {@link transformSmiles} needs. */
export interface TransformSpec {
  /** Appears in error messages only. Default: `"transform"`. */
  name?: string | undefined;
  smirks: string;
  query_smarts?: string | null | undefined;
  /** Default: none. */
  not_smarts?: string | readonly string[] | undefined;
  /** Whether the molecule gets its hydrogens as atoms before the transform. Default: `"implicit"`. */
  hydrogens?: 'implicit' | 'explicit' | undefined;
  /** Default: no limit, which -1 also means. */
  max_sites_per_mol?: number | null | undefined;
  /** Default: false. */
  exclude_sugar_like?: boolean | undefined;
}

/** The result of a transform for one molecule. */
export interface MoleculeResult {
  /** The SMILES as it was given. */
  source_smiles: string;
  outcome: 'with_products' | 'no_site' | 'all_sites_excluded' | 'rejected';
  /** Distinct products, in the order of their lowest sites. */
  products: Product[];
  /** Why the molecule, or some of its sites, gave no product. */
  rejects: Reject[];
}

/** A product, with the names of the columns in `products.parquet`. */
export interface Product {
  /** A property, notation or list of alerts, under the name of its column: null if it cannot be computed, missing if it was not asked for. */
  [column: string]: number | string | number[] | string[] | null | undefined;
  /** Canonical SMILES. */
  smiles: string;
  /** Product template, from 0. */
  product_index: number;
  /** The lowest site that gives the product. */
  xf_site_index: number;
  /** That site: all template atoms in template order, as atom indices of the parent. */
  xf_site_atoms: number[];
  /** Sites of the parent that give the product. */
  xf_site_count: number;
  /** Atoms kept from the site and atoms new to it, as positions of atoms in `smiles` as written, from 0, ascending. */
  product_site_atoms: number[];
  /** With `--standardize`: the standardized parent, canonical; the sites are its own. */
  parent_smiles?: string;
}

/** A match of the reactant template. */
export interface TriedSite {
  xf_site_index: number;
  /** In template order; the symbol is in lower case if the atom is aromatic. */
  atoms: { index: number; symbol: string }[];
  /** The filter that excludes the site, named as in the counts (`sites_excluded_query`); null if it is used. */
  excluded_by: string | null;
}

/** A refused molecule or site, with the names of the columns in `rejects.parquet`. */
export interface Reject {
  /** Null if the molecule itself is bad. */
  xf_site_index: number | null;
  stage: RejectStage;
  code: RejectCode;
  /** RDKit's message. */
  reason: string;
}

/** The step at which a molecule or a site was refused. */
export type RejectStage =
  | 'input'
  | 'parse'
  | 'standardize'
  | 'match'
  | 'reaction'
  | 'sanitize'
  | 'remove_hs'
  | 'write'
  | 'properties';

/** Why a molecule or a site was refused. */
export type RejectCode =
  | 'null'
  | 'empty'
  | 'nul_byte'
  | 'not_utf8'
  | 'malformed'
  | 'bad_value'
  | 'skipped'
  | 'syntax'
  | 'mol_block'
  | 'query'
  | 'r_group'
  | 'valence'
  | 'kekulize'
  | 'sanitize'
  | 'null_result'
  | 'exception'
  | 'out_of_memory'
  | 'too_many_atoms'
  | 'too_many_products'
  | 'crashed'
  | 'timed_out'
  | 'no_property'
  | 'no_inchi';

/** Stable codes; messages may change. */
export type XformErrorCode =
  | 'XFORM_INVALID_OPTION'
  | 'XFORM_INVALID_WHERE'
  | 'XFORM_INVALID_ALERTS'
  | 'XFORM_CONFIG_UNREADABLE'
  | 'XFORM_CONFIG_INVALID'
  | 'XFORM_UNKNOWN_TRANSFORM'
  | 'XFORM_AMBIGUOUS_TRANSFORM'
  | 'XFORM_INVALID_SMIRKS'
  | 'XFORM_INVALID_SMARTS'
  | 'XFORM_EXAMPLES_UNMET'
  | 'XFORM_INPUT_NOT_FOUND'
  | 'XFORM_INPUT_UNREADABLE'
  | 'XFORM_INPUT_COLUMN'
  | 'XFORM_INPUT_CORRUPT'
  | 'XFORM_INPUT_CHANGED'
  | 'XFORM_INPUT_IN_OUTPUT'
  | 'XFORM_OUTPUT_EXISTS'
  | 'XFORM_FILE_EXISTS'
  | 'XFORM_OUTPUT_LOCKED'
  | 'XFORM_RESUME_REFUSED'
  | 'XFORM_OUTPUT_FAILED'
  | 'XFORM_OUTPUT_DAMAGED'
  | 'XFORM_OUTPUT_FULL'
  | 'XFORM_SYSTEM_LIMIT'
  | 'XFORM_ENVIRONMENT'
  | 'XFORM_CLUSTER_FAILED'
  | 'XFORM_CANCELLED'
  | 'XFORM_SHARD_UNFINISHED'
  | 'XFORM_SHARD_DAMAGED'
  | 'XFORM_SHARD_MISMATCH'
  | 'XFORM_SHARD_REPEATED'
  | 'XFORM_SHARD_MISSING'
  | 'XFORM_RUNAWAYS'
  | 'XFORM_RECHECK_DIFFERS'
  | 'XFORM_INTERNAL'
  | 'XFORM_NATIVE_LOAD'
  | 'XFORM_CRASHED'
  | 'XFORM_CLUSTER_MISSING';

/**
 * Everything that stops a run or keeps it from starting. Test `code` or the class, never the message.
 *
 * @example
 * ```ts
 * try {
 *   await apply(options);
 * } catch (error) {
 *   if (error instanceof ConfigError && error.code === "XFORM_CONFIG_INVALID") {
 *     console.error(`line ${error.details.line}: ${error.details.reason}`);
 *   } else throw error;
 * }
 * ```
 */
export declare class XformError extends Error {
  readonly code: XformErrorCode;
  /** The facts in the message as data, for example `path`, `line` and `column`. */
  readonly details: Readonly<Record<string, unknown>>;
  constructor(message: string, init: XformErrorInit);
}

/** The parts of an {@link XformError}. */
export interface XformErrorInit {
  code: XformErrorCode;
  details?: Readonly<Record<string, unknown>> | undefined;
  cause?: unknown;
}

/** An option has a wrong type or value. `details`: `option`, its name as in {@link ApplyOptions}, and `reason`. */
export declare class OptionError extends XformError {}
/**
 * The transform file, or a name or a pattern in it, is invalid. If it is a pattern (`XFORM_INVALID_SMIRKS`,
 * `XFORM_INVALID_SMARTS`), `details` has the `name` of the transform, `smirks`, or `smarts` and its `key`
 * (`query_smarts`, `not_smarts` or, in a list, `not_smarts[1]`), RDKit's `reason`, and `position`: the first invalid character of the pattern, from 1, or null if the fault has no position. For patterns
 * from a file it also has `path`, `line` and `column`: of that character if the file contains the pattern literally,
 * otherwise of the pattern. `XFORM_EXAMPLES_UNMET`: with `strict`, `details.unmet` has a sentence for each example.
 */
export declare class ConfigError extends XformError {}
/**
 * The library is missing, unreadable, damaged, or lacks a column, or shards cannot be merged. `details` has the `path`,
 * or for missing shards `shards`.
 */
export declare class InputError extends XformError {}
/**
 * The output cannot be written, a file of an export exists (`XFORM_FILE_EXISTS`), or the run in the folder cannot be
 * resumed. `details` has the `path`.
 * `XFORM_INPUT_IN_OUTPUT`: the run would remove or replace a file that it reads, which is in its folders under the name
 * `details.found`.
 */
export declare class OutputError extends XformError {}
/**
 * The system provides no more threads, open files or memory (`details`: `action`, `resource`, `reason`): raise the
 * limit that the message names, or end other programs. Options, input and output are all valid. If the process of an
 * isolated run or call was started but does not answer, `details` has `limits` (those found, in words) instead of
 * `resource`. `XFORM_ENVIRONMENT`: `what`, such as a variable of the environment, would change how RDKit handles a
 * molecule (`reason`).
 */
export declare class SystemError extends XformError {}
/**
 * A cluster failed: its scheduler does not answer or is lost, it has no executor, or a job failed (`details`:
 * `scheduler`, `reason`). `XFORM_CLUSTER_MISSING`: the package `@xform-native/cluster` is not installed, or its program
 * cannot be started.
 */
export declare class ClusterError extends XformError {}
/** The run or the call was stopped through its `AbortSignal`; `cause` is the signal's reason. */
export declare class CancelledError extends XformError {}
/**
 * Too many stopped calls of {@link transformSmiles} still hold a thread (`details`: `count`). Wait until RDKit returns
 * in one of them, or use `isolate`.
 */
export declare class RunawayError extends XformError {}
/**
 * A bug of xform-native; please report it. `XFORM_CRASHED`: the isolated process, or the cluster's program, died.
 * `details` has `signal` and `exit_code`, for an isolated process also `rows` and `path`. If it died again and again
 * without a commit in between, `details` also has `deaths` (how often each reason occurred) and `rows_in_hand` (the
 * rows that it was processing most often; of the library, or of `known_file`). A SIGKILL usually comes from the system, because memory ran out.
 */
export declare class InternalError extends XformError {}
/** The native addon is missing for this platform or cannot be loaded. `details`: `platform` and `package`. */
export declare class NativeLoadError extends XformError {}
