//! Bad molecules are records with a code and RDKit's message, and do not affect their neighbours.

mod common;

use common::{Failure, OME, kernel, run};
use xform_rdkit_sys::{Batch, Limits, RowOutcome, TransformSpec};

fn only_failure(smirks: &str, smiles: &str) -> Failure {
    let mut output = run(&[TransformSpec::new(smirks)], &[smiles]);
    assert_eq!(output.failures.len(), 1, "{:?}", output.failures);
    output.failures.remove(0)
}

#[test]
fn bad_rows_stand_between_good_ones() {
    let rows = ["Oc1ccccc1", "C1CC", "", "CN(C)(C)(C)C", "c1cccc1", "Oc1ccccc1"];
    let output = run(&[TransformSpec::new(OME), TransformSpec::new("[CH4:1]>>[CH3:1]F")], &rows);
    assert_eq!(output.products.iter().map(|p| p.row).collect::<Vec<_>>(), [0, 5]);
    let failures: Vec<_> = output.failures.iter().map(|f| (f.row, f.transform, f.site, &*f.code)).collect();
    assert_eq!(failures, [(1, -1, -1, "syntax"), (3, -1, -1, "valence"), (4, -1, -1, "kekulize"),]);
    use RowOutcome as O;
    assert_eq!(
        output.outcomes,
        [O::WithProducts, O::Rejected, O::Rejected, O::Rejected, O::Rejected, O::WithProducts]
    );
    assert_eq!(output.rejected, [false, true, true, true, true, false]);
    assert_eq!((output.counts[0]["rows_rejected"], output.counts[1]["rows_rejected"]), (4, 4));
}

/// The parser returns a null pointer without an exception; its reasons only reach its log.
#[test]
fn a_null_molecule_gets_the_parsers_reason() {
    let cases = [
        ("C1CC", "unclosed ring"),
        ("CC(", "syntax error"),
        ("CC(C", "extra open parentheses while parsing, check for mistakes around position 3"),
        ("CC)C", "extra close parentheses while parsing, check for mistakes around position 3"),
        ("C((C))", "syntax error"),
        ("[Xx]", "syntax error"),
        ("C11", "duplicated ring closure 1 bonds atom 0 to itself"),
        ("C[C@TH9](F)Cl", "Invalid chiral specification on atom 1"),
        ("hello world", "syntax error"),
    ];
    for (smiles, words) in cases {
        let failure = only_failure(OME, smiles);
        assert_eq!((&*failure.stage, &*failure.code), ("parse", "syntax"), "{smiles}");
        assert!(failure.reason.contains(words), "{smiles}: {}", failure.reason);
    }
}

/// RDKit looks up the element with that many electrons, in a step that is otherwise skipped.
#[test]
fn a_charge_beyond_all_elements_is_refused() {
    for smiles in ["OCC.[I-100]", "OCC.[I-66]", "Oc1ccccc1.[Br-84]"] {
        let failure = only_failure("[C,c:1][OX2H:2]>>[*:1][O:2]C", smiles);
        assert_eq!(failure.stage, "parse", "{smiles}: {failure:?}");
    }
    let output = run(&[TransformSpec::new("[C:1][OX2H:2]>>[C:1][O:2]C")], &["OCC.[I-65]"]);
    assert_eq!(output.products[0].smiles, "CCOC");
}

#[test]
fn an_exception_of_the_parser_gets_its_code() {
    let cases = [
        ("CC |rb:0:x|", "syntax"),
        ("CC |SgD:1,0:foo:bar|", "exception"),
        ("[#999]", "exception"),
        ("FC(F)(F)(F)F", "valence"),
        ("c1ccccc1c", "kekulize"),
        ("cc", "kekulize"),
    ];
    for (smiles, code) in cases {
        let failure = only_failure(OME, smiles);
        assert_eq!((&*failure.stage, &*failure.code), ("parse", code), "{smiles}: {}", failure.reason);
        assert!(!failure.reason.is_empty());
    }
}

#[test]
fn a_result_that_cannot_be_sanitized_is_a_record_of_its_site() {
    let smirks = "[c:1][OX2H:2]>>[c:1]([O:2])(F)F";
    let failure = only_failure(smirks, "Oc1ccccc1");
    assert_eq!((failure.transform, failure.site), (0, 0));
    assert_eq!((&*failure.stage, &*failure.code), ("sanitize", "valence"));
    assert!(failure.reason.contains("Explicit valence"), "{}", failure.reason);
}

#[test]
fn an_aromatic_ring_that_the_reaction_spoils_is_kekulize() {
    let failure = only_failure("[nH:1]>>[nH0:1]", "c1cc[nH]c1");
    assert_eq!((&*failure.stage, &*failure.code), ("sanitize", "kekulize"));
}

#[test]
fn a_site_with_one_good_template_is_applied_and_its_bad_result_recorded() {
    let smirks = "[CH3:1][OH:2]>>[CH3:1]F.[O:2](F)(F)F";
    let output = run(&[TransformSpec::new(smirks)], &["CO"]);
    assert_eq!(output.smiles(), ["CF"]);
    assert_eq!(output.failures.len(), 1);
    assert_eq!((output.counts[0]["sites_applied"], output.counts[0]["results_failed"]), (1, 1));
    assert_eq!((output.outcomes[0], output.rejected[0]), (RowOutcome::WithProducts, false));
}

#[test]
fn a_row_without_a_product_that_has_a_failed_site_is_rejected() {
    let specs = [TransformSpec::new("[c:1][OX2H:2]>>[c:1]([O:2])(F)F"), TransformSpec::new(OME)];
    let output = run(&specs, &["Oc1ccccc1"]);
    assert_eq!((output.counts[0]["rows_rejected"], output.counts[1]["rows_with_products"]), (1, 1));
    assert_eq!(output.outcomes, [RowOutcome::WithProducts], "the best of both");
    assert_eq!(output.rejected, [true], "one of them rejects it");
}

#[test]
fn offsets_that_make_no_sense_are_an_error() {
    let mut kernel = kernel(Limits::default(), &[TransformSpec::new(OME)]);
    for offsets in [[].as_slice(), &[1, 2], &[0, 3, 2], &[0, 1]] {
        let error = kernel.run(Batch::new(b"CC", offsets)).err().expect("refused");
        assert!(error.to_string().contains("offsets must begin with 0"), "{error}");
    }
}

#[test]
fn the_reason_is_that_of_rdkit_itself_though_the_fast_wing_sees_another() {
    let failure = only_failure(OME, "CC[CH222]");
    assert_eq!((&*failure.stage, &*failure.code), ("parse", "exception"));
    assert!(failure.reason.contains("calcExplicitValence"), "{}", failure.reason);
}
