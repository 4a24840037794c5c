//! The engine as the pipeline sees it.

use std::env;
use std::process::Command;

use arrow::array::AsArray;
use arrow::datatypes::Int32Type;
use xform_core::dedup::DedupKey;
use xform_core::engine::{Batch, Engine, EngineOutput, Limits, RejectCode, Skip, SmilesBatch, Stage};
use xform_core::explanation::ProductPath;
use xform_core::totals::{RowOutcome, RowResult};
use xform_core::transform::{Hydrogens, Transform};
use xform_core::{EngineSettings, Error, Standardization};
use xform_rdkit::RdkitEngine;

const CHILD: &str = "XFORM_TEST_CHILD";

fn ome() -> Transform {
    Transform::new("OMe", "[c:1][OX2H:2]>>[c:1][O:2]C")
}

fn engine(transforms: &[Transform]) -> Result<RdkitEngine, Error> {
    RdkitEngine::new(transforms, &EngineSettings::default())
}

fn batch(rows: &[&str]) -> SmilesBatch {
    let mut batch = SmilesBatch::default();
    rows.iter().for_each(|row| batch.push(row.as_bytes()));
    batch
}

fn run(transforms: &[Transform], rows: &[&str]) -> EngineOutput {
    run_with(Limits::default(), transforms, rows, &[])
}

fn run_with(limits: Limits, transforms: &[Transform], rows: &[&str], skips: &[Skip]) -> EngineOutput {
    let engine = RdkitEngine::new(transforms, &limits.into()).expect("the transforms compile");
    let mut worker = engine.worker(None).expect("they compile again");
    let mut output = EngineOutput::default();
    let smiles = batch(rows);
    let batch = Batch { skips, ..Batch::new(&smiles) };
    worker.run(batch, &mut output).expect("the batch runs");
    output
}

#[test]
fn a_batch_becomes_columns() {
    let output =
        run(&[ome(), Transform::new("F", "[cH:1]>>[c:1]F")], &["Oc1cccc(O)c1", "CN(C)(C)(C)C", "", "CCO"]);
    let (with, none) = (RowOutcome::WithProducts, RowOutcome::NoSite);
    let bad = RowResult::of(RowOutcome::Rejected, true);
    let good = |outcome| RowResult::of(outcome, false);
    assert_eq!(output.rows, [good(with).with_sites(6), bad, bad, good(none)]);

    let products = &output.products;
    assert_eq!(products.len(), 4);
    assert_eq!(
        (products.row.as_slice(), products.transform.as_slice()),
        ([0; 4].as_slice(), [0, 1, 1, 1].as_slice())
    );
    assert_eq!(products.smiles.get(0), b"COc1cccc(O)c1");
    assert_eq!((products.site_index[0], products.product_index[0]), (0, 0));
    let columns = xform_rdkit::columns(&xform_core::EngineSettings::default()).expect("they are declared");
    let names: Vec<&str> = columns.iter().map(|field| field.name().as_str()).collect();
    assert_eq!(names, ["xf_site_atoms", "xf_site_count", "product_site_atoms"]);
    let list = |column: usize| products.columns[column].as_list::<i32>().value(0);
    assert_eq!(list(0).as_primitive::<Int32Type>().values(), &[1, 0]);
    assert_eq!(products.columns[1].as_primitive::<Int32Type>().value(0), 2);
    assert_eq!(list(2).as_primitive::<Int32Type>().values(), &[0, 1, 2]);

    let failure = &output.failures[0];
    assert_eq!((failure.row, failure.transform, failure.site), (1, None, None));
    assert_eq!((failure.stage, failure.code), (Stage::Parse, RejectCode::Valence));
    assert_eq!(output.failures.len(), 1, "the empty row leaves no record");

    let tally = output.tallies[0];
    assert_eq!((tally.rows_with_products, tally.rows_no_site, tally.rows_rejected), (1, 1, 2));
    assert_eq!((tally.sites, tally.results, tally.results_repeated, tally.made), (2, 2, 1, 1));
}

#[test]
fn what_reads_as_smiles_is_what_becomes_a_molecule() {
    let texts = ["CCO", "C", "CN", "CCO name", "C[C@H](O)F |o1:1|", "c1ccccc1", "[Na+].[Cl-]", "CNS", "I"];
    let others =
        ["", "M1", "702", "108.1", "smiles", "No", "ethanol", "id CCO", "CCO,M1", "CN(C)(C)(C)C", "c1cccc1"];
    for transforms in [vec![], vec![ome()]] {
        let engine = engine(&transforms).expect("they compile");
        let all: Vec<&str> = texts.iter().chain(&others).copied().collect();
        let verdict = engine.reads_as_smiles(&batch(&all)).expect("they are judged");
        let expected: Vec<bool> = all.iter().map(|text| texts.contains(text)).collect();
        assert_eq!(verdict, expected, "{all:?}");
    }
}

#[test]
fn a_molecule_that_cannot_be_standardized_reads_as_smiles() {
    let settings = EngineSettings { standardize: Standardization::Parent, ..EngineSettings::default() };
    let engine = RdkitEngine::new(&[ome()], &settings).expect("it compiles");
    let texts = batch(&["[Na][nH+]1cc[nH]c1", "CC", "ethanol"]);
    assert_eq!(engine.reads_as_smiles(&texts).expect("they are judged"), [true, true, false]);

    let mut output = EngineOutput::default();
    let mut worker = engine.worker(None).expect("it compiles again");
    worker.run(Batch::new(&texts), &mut output).expect("the batch runs");
    let failures: Vec<_> = output.failures.iter().map(|f| (f.row, f.stage, f.code)).collect();
    let expected = [(0, Stage::Standardize, RejectCode::Kekulize), (2, Stage::Parse, RejectCode::Syntax)];
    assert_eq!(failures, expected);
}

#[test]
fn each_transform_is_explained() {
    let epoxide = Transform::new("epoxide", "[C:1]=[C:2]>>[C:1]1[C:2]O1");
    let engine = engine(&[ome(), epoxide]).expect("they compile");
    let explained = engine.explain().expect("it explains itself");
    assert_eq!(
        explained.iter().map(|each| each.path).collect::<Vec<_>>(),
        [ProductPath::Edit, ProductPath::Plain]
    );
    assert!(explained[1].reason.ends_with("it makes a ring"), "{}", explained[1].reason);
    assert_eq!(explained[0].prefilter, "atoms of [c:1][O&X2&H1:2] and their neighbours, on plain SMILES");
}

#[test]
fn a_failed_result_names_transform_and_site() {
    let output = run(&[ome(), Transform::new("bad", "[c:1][OX2H:2]>>[c:1]([O:2])(F)F")], &["Oc1ccccc1"]);
    let failure = &output.failures[0];
    assert_eq!((failure.transform, failure.site), (Some(1), Some(0)));
    assert_eq!((failure.stage, failure.code), (Stage::Sanitize, RejectCode::Valence));
    assert_eq!(output.rows, [RowResult::of(RowOutcome::WithProducts, true).with_sites(2)]);
}

#[test]
fn each_row_has_its_sites_and_its_time() {
    let limited = Transform { max_sites_per_mol: Some(1), ..Transform::new("F", "[cH:1]>>[c:1]F") };
    let limits = Limits { max_products_per_mol: Some(2), ..Limits::default() };
    let skip = Skip { row: 4, transform: None, code: RejectCode::Crashed };
    let rows = ["Oc1ccccc1", "CCO", "Oc1cc(O)c(O)c(O)c1O", "no SMILES", "Oc1ccccc1"];
    let output = run_with(limits, &[ome(), limited], &rows, &[skip]);
    let sites: Vec<u64> = output.rows.iter().map(|row| row.sites).collect();
    assert_eq!(sites, [6, 0, 6, 0, 0], "excluded ones and those of a rejected row included");
    assert_eq!(sites.iter().sum::<u64>(), output.tallies.iter().map(|tally| tally.sites).sum::<u64>());
    assert_eq!(output.row_nanoseconds.len(), rows.len());
    assert!(output.row_nanoseconds[0] > 0);
}

#[test]
fn the_fields_of_a_transform_reach_the_kernel() {
    let limited = Transform { max_sites_per_mol: Some(1), ..ome() };
    let narrowed = Transform { query_smarts: Some("[c:1]([OX2H:2])cF".to_owned()), ..ome() };
    let smirks = "[#6:1][OX2H:2]>>[#6:1][O:2]C";
    let no_sugars = Transform { exclude_sugar_like: true, ..Transform::new("any", smirks) };
    let elsewhere = Transform { not_smarts: vec!["[c:1]([OX2H:2])cF".to_owned()], ..ome() };
    let hydrogens =
        Transform { hydrogens: Hydrogens::Explicit, ..Transform::new("H", "[c:1][O:2][H]>>[c:1][O:2]C") };
    let output = run(
        &[limited, narrowed, no_sugars, elsewhere, hydrogens],
        &["Oc1ccc(O)c(F)c1", "OC1C(O)C(O)C(O)C(CO)O1"],
    );
    let excluded: Vec<_> = output
        .tallies
        .iter()
        .map(|t| {
            [
                t.sites_excluded_query,
                t.sites_excluded_not_smarts,
                t.sites_excluded_sugar,
                t.sites_excluded_limit,
            ]
        })
        .collect();
    assert_eq!(excluded, [[0, 0, 0, 1], [1, 0, 0, 0], [0, 0, 5, 0], [0, 1, 0, 0], [0; 4]]);
    assert_eq!(output.tallies[4].sites_applied, 2);
}

#[test]
fn a_transform_that_cannot_be_used_is_named() {
    let error = engine(&[ome(), Transform::new("broken", "[c:1>>[c:1]")]).err().expect("refused");
    let Error::InvalidSmirks { name, smirks, reason, .. } = error else { panic!("{error:?}") };
    assert_eq!((name.as_str(), smirks.as_str()), ("broken", "[c:1>>[c:1]"));
    assert!(reason.contains("reactant"), "{reason}");

    let query = Transform { query_smarts: Some("[c][O]".to_owned()), ..ome() };
    let error = engine(&[query]).err().expect("refused");
    assert_eq!(error.code(), "XFORM_INVALID_SMARTS");
    assert!(
        error.to_string().contains("transform \"OMe\": query_smarts \"[c][O]\": it shares no map number"),
        "{error}"
    );
    for (not, expected) in [
        (&["[c"][..], "not_smarts \"[c\": RDKit cannot parse it as SMARTS: syntax error at its end"),
        (
            &["[c:1]", "[c:1]=]"],
            "not_smarts[1] \"[c:1]=]\": RDKit cannot parse it as SMARTS: syntax error at character 7",
        ),
    ] {
        let not = Transform { not_smarts: not.iter().map(|&smarts| smarts.to_owned()).collect(), ..ome() };
        let error = engine(&[not]).err().expect("refused");
        assert_eq!(error.to_string(), format!("transform \"OMe\": {expected}"));
    }
}

/// RDKit's message, which only reaches its log, and the position of the fault, which RDKit does not report.
#[test]
fn a_pattern_that_does_not_parse_is_explained() {
    for (smirks, expected, at) in [
        (
            "[c:1>>[c:1]",
            "Problems constructing reactant from SMARTS: [c:1: syntax error at character 5",
            Some(5),
        ),
        ("[c:1]>>[c:1]O)", "product from SMARTS: [c:1]O): syntax error at character 14", Some(14)),
        ("[C:1]>>[C:1]X", "product from SMARTS: [C:1]X: syntax error at character 13", Some(13)),
        ("[C:1]>>[C;:1]", "product from SMARTS: [C;:1]: syntax error at character 11", Some(11)),
        ("[C:1]-[$(C(=O):2]>>[C:1]", "reactant from SMARTS: [C:1]-[$(C(=O):2]: syntax error at", Some(17)),
        ("[C:1] >> [C:1](O", "product from SMARTS: [C:1](O: extra open parentheses", None),
        ("[C:1]1>>[C:1]", "reactant from SMARTS: [C:1]1: unclosed ring", None),
        ("[C:1]>[Na>[C:1]", "agent from SMARTS: [Na: syntax error", Some(10)),
        ("[C:1]->[N:2]>>[C:1]->[N:2", "product from SMARTS: [C:1]->[N:2: syntax error at its end", Some(26)),
        ("[C:1].[O:2]", "a reaction requires at least two > characters", None),
        ("C>>N>>O", "multi-step reactions not supported", None),
    ] {
        let error = engine(&[Transform::new("broken", smirks)]).err().expect("refused");
        let Error::InvalidSmirks { reason, position, .. } = error else { panic!("{error:?}") };
        assert!(reason.contains(expected), "{smirks}: {reason}");
        assert_eq!(position, at, "{smirks}: {reason}");
    }
    for (smarts, expected, at) in [
        ("[c:1]([OX2H:2", "syntax error at its end", Some(14)),
        ("[c:1]=]", "syntax error at character 7", Some(7)),
        ("[c:1]1", "unclosed ring", None),
    ] {
        let query = Transform { query_smarts: Some(smarts.to_owned()), ..ome() };
        let error = engine(&[query]).err().expect("refused");
        let Error::InvalidSmarts { reason, position, .. } = error else { panic!("{error:?}") };
        assert!(reason.contains(expected), "{smarts}: {reason}");
        assert_eq!(position, at, "{smarts}: {reason}");
    }
}

#[test]
fn each_thread_has_its_own_worker_and_all_agree() {
    let engine = engine(&[ome()]).unwrap();
    let rows = ["Oc1ccc(O)c(C(=O)O)c1", "Oc1ccc(/C=C/c2ccccc2)cc1", "C[C@H](N)c1ccc(O)cc1"].repeat(50);
    let run = || {
        let mut output = EngineOutput::default();
        engine.worker(None).unwrap().run(Batch::new(&batch(&rows)), &mut output).unwrap();
        output.products.smiles
    };
    let results: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(results[0].len(), 200);
}

#[test]
fn the_version_goes_into_every_output() {
    let version = engine(&[]).unwrap().version();
    assert_eq!((version.name.as_str(), version.version.as_str()), ("RDKit", "2025.03.1"));
}

#[test]
fn limits_and_skips_reach_the_kernel() {
    let fluorinate = Transform::new("F", "[cH:1]>>[c:1]F");
    let transforms = [ome(), fluorinate];
    let rows = ["Oc1ccccc1", "CCCCCCCC", "Oc1ccccc1", "Oc1ccccc1", "OC"];
    let limits = Limits { max_atoms: 7, max_products_per_mol: Some(2) };
    let skips = [
        Skip { row: 2, transform: None, code: RejectCode::Crashed },
        Skip { row: 3, transform: Some(0), code: RejectCode::TimedOut },
    ];
    let output = run_with(limits, &transforms, &rows, &skips);
    let failures: Vec<_> = output.failures.iter().map(|f| (f.row, f.transform, f.stage, f.code)).collect();
    assert_eq!(
        failures,
        [
            (0, Some(1), Stage::Reaction, RejectCode::TooManyProducts),
            (1, None, Stage::Parse, RejectCode::TooManyAtoms),
            (2, None, Stage::Parse, RejectCode::Crashed),
            (3, Some(0), Stage::Reaction, RejectCode::TimedOut),
            (3, Some(1), Stage::Reaction, RejectCode::TooManyProducts),
        ]
    );
    assert_eq!(output.products.row, [0], "OMe of the first row");
    assert!(output.failures.iter().all(|failure| failure.site.is_none()));
    assert_eq!((output.tallies[0].rows_rejected, output.tallies[1].rows_rejected), (3, 4));
}

#[test]
fn a_skip_for_another_reason_is_a_bug() {
    let smiles = batch(&["C"]);
    let skips = [Skip { row: 0, transform: None, code: RejectCode::Syntax }];
    let mut worker = engine(&[ome()]).unwrap().worker(None).unwrap();
    let batch = Batch { skips: &skips, ..Batch::new(&smiles) };
    let error = worker.run(batch, &mut EngineOutput::default()).unwrap_err();
    assert_eq!(error.code(), "XFORM_INTERNAL");
}

#[test]
fn a_crash_record_that_cannot_be_made_names_its_path() {
    let path = env::temp_dir().join("xform-no-such-folder/worker.crash");
    let engine = engine(&[ome()]).unwrap();
    let of_worker = engine.worker(Some(&path)).err();
    let of_identifier = engine.identifier(DedupKey::Smiles, Some(&path)).err();
    for error in [of_worker, of_identifier] {
        let error = error.expect("refused");
        assert_eq!(error.code(), "XFORM_OUTPUT_FAILED");
        assert!(error.to_string().contains("xform-no-such-folder"), "{error}");
    }
}

/// RDKit reads the variable at every call, so it is set only in a child.
#[test]
fn an_environment_that_bends_rdkit_is_refused() {
    if env::var_os(CHILD).is_some() {
        let error = engine(&[ome()]).err().expect("refused");
        assert!(error.to_string().contains("RDK_USE_LEGACY_STEREO_PERCEPTION"), "{error}");
        return;
    }
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", "an_environment_that_bends_rdkit_is_refused"]);
    child.env(CHILD, "1").env("RDK_USE_LEGACY_STEREO_PERCEPTION", "0");
    let output = child.output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn thousands_of_transforms_are_checked_in_their_order() {
    let named = |index: usize| {
        let smirks =
            if index.is_multiple_of(2) { "[c:1][OX2H:2]>>[c:1][O:2]C" } else { "[C:1][C:2]>>[C:1].[C:2]" };
        Transform::new(format!("t{index}"), smirks)
    };
    let mut transforms: Vec<_> = (0..3000).map(named).collect();
    let expected: Vec<u64> = (0..3000).map(|index| 1 + index % 2).collect();
    assert_eq!(engine(&transforms).expect("all are valid").product_templates(), expected);

    for index in [2900, 1200, 1201] {
        transforms[index].smirks = "[C:1".to_owned();
    }
    let Err(Error::InvalidSmirks { name, .. }) = engine(&transforms) else { panic!("some are not") };
    assert_eq!(name, "t1200");
}
