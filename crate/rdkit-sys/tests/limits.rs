//! Limits on molecules, and rows that must be skipped.

mod common;

use common::{Failure, Output, kernel, run_on, run_within};
use xform_rdkit_sys::{Batch, Limits, RowOutcome, Skip, TransformSpec};

/// One product per hydrogen of an aromatic ring.
const FLUORINATE: &str = "[cH:1]>>[c:1]F";
/// Two results per site: the same fluoride each time, and a chloride.
const TWO_TEMPLATES: &str = "[cH:1]>>[c:1]F.[c:1]Cl";
const PHENOL: &str = "Oc1ccccc1";

fn atoms(max_atoms: u32) -> Limits {
    Limits::from_iter([("max_atoms", max_atoms)])
}

fn products(max_products_per_mol: u32) -> Limits {
    Limits::from_iter([("max_products_per_mol", max_products_per_mol)])
}

fn only_failure(output: &Output) -> &Failure {
    assert_eq!(output.failures.len(), 1, "{:?}", output.failures);
    &output.failures[0]
}

#[test]
fn a_row_over_the_limit_is_a_reject_for_all_transforms() {
    let specs = [TransformSpec::new(FLUORINATE), TransformSpec::new(common::OME)];
    let chain = "C".repeat(2_048);
    let output = run_within(atoms(2_000), &specs, &[PHENOL, &chain, PHENOL]);
    let failure = only_failure(&output);
    assert_eq!((failure.row, failure.transform, failure.site), (1, -1, -1));
    assert_eq!((&*failure.stage, &*failure.code), ("parse", "too_many_atoms"));
    assert_eq!(failure.reason, "2,048 atoms, more than 2,000 (--max-atoms)");
    use RowOutcome as O;
    assert_eq!(output.outcomes, [O::WithProducts, O::Rejected, O::WithProducts]);
    assert_eq!((output.counts[0]["rows_rejected"], output.counts[1]["rows_rejected"]), (1, 1));
}

/// The count is read from the text, so it has to equal RDKit's, which gives a site for each atom except the
/// hydrogens.
#[test]
fn atoms_are_counted_as_rdkit_reads_them() {
    let cases = [
        ("C", 1),
        ("CC(=O)Oc1ccccc1C(=O)O", 13),
        ("ClCBr", 3),
        ("[Cl-].[Br-].[nH]1cccc1", 7),
        ("C[C@@H](N)C(=O)[O-]", 6),
        ("[H]C([H])([H])[2H]", 5),
        ("[13CH3:7][Si](C)(C)c1ccc[se]1", 9),
        ("*~[*:2]$C", 3),
        ("B.b1ccccc1.P.p1ccccc1.S.s1cccc1.I.F.N.n1ccccc1.O.o1cccc1", 35),
        ("C%12CCCC%12[Fe]<-N", 7),
        ("F/C=C\\F", 4),
        ("['Rf']C", 2),
        ("  CC", 2),
        ("CC CCCC", 2),
        ("CC\tCCCC", 2),
        ("CC |$C;C$|", 2),
        // RDKit's scanner stops at a line's end and at a letter that is not ASCII.
        ("CC\nCCC", 2),
        ("CC\u{e9}CCC", 2),
        ("\u{e9}CC", 2),
    ];
    let each_atom = [TransformSpec::new("[*:1]>>[*:1]")];
    for (smiles, count) in cases {
        let over = run_within(atoms(count - 1), &each_atom, &[smiles]);
        let failure = only_failure(&over);
        assert_eq!(failure.code, "too_many_atoms", "{smiles}");
        assert!(failure.reason.starts_with(&format!("{count} atoms")), "{smiles}: {}", failure.reason);
        let within = run_within(atoms(count), &each_atom, &[smiles]);
        let hydrogens = smiles.matches("[H]").count() as u64;
        assert_eq!(
            within.counts[0]["sites"] + hydrogens,
            u64::from(count),
            "{smiles}: {:?}",
            within.failures
        );
    }
}

#[test]
fn a_short_text_that_is_no_smiles_stays_one() {
    let output = run_within(atoms(3), &[TransformSpec::new(FLUORINATE)], &["C((("]);
    assert_eq!(only_failure(&output).code, "syntax");
}

#[test]
fn a_transform_with_more_products_than_the_limit_keeps_none() {
    // Phenol has five CH and three distinct fluorides.
    let specs = [TransformSpec::new(FLUORINATE), TransformSpec::new(common::OME)];
    let output = run_within(products(2), &specs, &[PHENOL]);
    let failure = only_failure(&output);
    assert_eq!((failure.row, failure.transform, failure.site), (0, 0, -1));
    assert_eq!((&*failure.stage, &*failure.code), ("reaction", "too_many_products"));
    assert_eq!(failure.reason, "more than 2 distinct products (--max-products-per-mol)");
    assert_eq!(output.smiles(), ["COc1ccccc1"], "of the other transform");
    assert_eq!((output.outcomes[0], output.rejected[0]), (RowOutcome::WithProducts, true));
    let nonzero: Vec<(&str, u64)> = output.counts[0]
        .iter()
        .filter(|&(_, &count)| count > 0)
        .map(|(name, &count)| (name.as_str(), count))
        .collect();
    let all_failed =
        [("results", 5), ("results_failed", 5), ("rows_rejected", 1), ("sites", 5), ("sites_failed", 5)];
    assert_eq!(nonzero, all_failed);

    let output = run_within(products(3), &specs, &[PHENOL]);
    assert_eq!(
        (output.failures.len(), output.counts[0]["made"]),
        (0, 3),
        "as many as the limit are not too many"
    );
}

#[test]
fn the_sums_hold_with_filters_failures_and_several_templates() {
    let spoil = "[cH:1]>>[c:1]F.[c:1]Cl.[c:1](F)(F)F";
    let limited = TransformSpec { max_sites: Some(4), ..TransformSpec::new(spoil) };
    let output = run_within(products(3), &[limited], &["CC", PHENOL, "Cc1ccccc1"]);
    assert_eq!(
        output.failures.len(),
        2,
        "the failed results of the first sites are taken back: {:?}",
        output.failures
    );
    assert_eq!(output.products, []);
    let counts = &output.counts[0];
    assert_eq!((counts["rows_no_site"], counts["rows_rejected"]), (1, 2));
    assert_eq!((counts["sites"], counts["sites_excluded_limit"], counts["sites_failed"]), (10, 2, 8));
    assert_eq!((counts["results"], counts["results_failed"]), (24, 24));

    let two = run_within(products(1), &[TransformSpec::new(TWO_TEMPLATES)], &["c1ccccc1"]);
    assert_eq!(only_failure(&two).code, "too_many_products");
    assert_eq!((two.counts[0]["sites_failed"], two.counts[0]["results_failed"]), (6, 12));
}

#[test]
fn a_skipped_row_is_not_parsed_and_a_skipped_transform_not_matched() {
    let specs = [TransformSpec::new(FLUORINATE), TransformSpec::new(common::OME)];
    let skips = [
        Skip { row: 1, transform: -1, code: "crashed".to_owned() },
        Skip { row: 2, transform: 1, code: "timed_out".to_owned() },
        Skip { row: 3, transform: 0, code: "out_of_memory".to_owned() },
        Skip { row: 3, transform: 1, code: "timed_out".to_owned() },
    ];
    let mut kernel = kernel(Limits::default(), &specs);
    let output = run_on(&mut kernel, &[PHENOL, "C(", PHENOL, PHENOL, "C("], &skips);
    let failures: Vec<_> =
        output.failures.iter().map(|f| (f.row, f.transform, f.site, &*f.stage, &*f.code)).collect();
    assert_eq!(
        failures,
        [
            (1, -1, -1, "parse", "crashed"),
            (2, 1, -1, "reaction", "timed_out"),
            (3, 0, -1, "reaction", "out_of_memory"),
            (3, 1, -1, "reaction", "timed_out"),
            (4, -1, -1, "parse", "syntax"),
        ]
    );
    use RowOutcome as O;
    assert_eq!(output.outcomes, [O::WithProducts, O::Rejected, O::WithProducts, O::Rejected, O::Rejected]);
    assert_eq!(output.rejected, [false, true, true, true, true]);
    assert_eq!((output.counts[0]["rows_with_products"], output.counts[1]["rows_with_products"]), (2, 1));
    assert_eq!(output.counts[1]["sites"], 1, "a skipped transform has no sites");
    assert!(output.failures[0].reason.contains("died"), "{}", output.failures[0].reason);
    assert!(output.failures[1].reason.contains("--mol-timeout"), "{}", output.failures[1].reason);
    assert!(output.failures[2].reason.contains("memory ran out"), "{}", output.failures[2].reason);

    let output = run_on(&mut kernel, &[PHENOL, PHENOL], &[]);
    assert_eq!(output.failures, [], "skips are the batch's own");
}

#[test]
fn an_empty_row_stays_without_a_record() {
    let mut kernel = kernel(Limits::default(), &[TransformSpec::new(FLUORINATE)]);
    let skips = [Skip { row: 0, transform: -1, code: "crashed".to_owned() }];
    let output = run_on(&mut kernel, &["", PHENOL], &skips);
    assert_eq!((output.failures.len(), output.outcomes[0]), (0, RowOutcome::Rejected));
}

#[test]
fn skips_that_make_no_sense_are_an_error() {
    let skip = |row, transform, code: &str| Skip { row, transform, code: code.to_owned() };
    let crashed = "crashed";
    let bad = [
        vec![skip(2, 0, crashed)],
        vec![skip(0, 1, crashed)],
        vec![skip(0, -2, crashed)],
        vec![skip(0, 0, "syntax")],
        vec![skip(1, 0, crashed), skip(0, 0, crashed)],
        vec![skip(0, 0, crashed), skip(0, -1, crashed)],
    ];
    let mut kernel = kernel(Limits::default(), &[TransformSpec::new(FLUORINATE)]);
    for skips in &bad {
        let batch = Batch { skips, ..Batch::new(b"CC", &[0, 1, 2]) };
        let error = kernel.run(batch).err().expect("refused");
        assert!(error.to_string().contains("skips must be in order"), "{error}");
    }
}
