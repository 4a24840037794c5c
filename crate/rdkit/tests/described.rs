//! What transforms do in words and pictures. The words about the shipped rules are golden; with `UPDATE_DOCS=1` in the
//! environment, the test writes them.
#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use xform_core::EngineSettings;
use xform_core::description::{Depiction, Description, Topic};
use xform_core::engine::Engine;
use xform_core::transform::{Transform, load};
use xform_rdkit::RdkitEngine;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn engine(transforms: &[Transform]) -> RdkitEngine {
    RdkitEngine::new(transforms, &EngineSettings::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn describe(smirks: &str) -> Description {
    engine(&[Transform::new("A", smirks)]).describe().unwrap().remove(0)
}

fn look(smirks: &str) -> (String, String) {
    let Description { picture, change, .. } = describe(smirks);
    (picture, change)
}

/// The facts about one topic.
fn facts(smirks: &str, topic: Topic) -> Vec<String> {
    let statements = describe(smirks).statements.into_iter();
    statements.filter(|statement| statement.topic == topic).map(|statement| statement.text).collect()
}

fn golden_text() -> String {
    let mut text = String::new();
    for name in ["transforms", "medchem"] {
        let file = load(&root().join(format!("configs/{name}.yaml"))).unwrap();
        let described = engine(&file.transforms).describe().unwrap();
        for (Transform { name, smirks, .. }, description) in file.transforms.iter().zip(described) {
            let Description { picture, change, statements } = description;
            write!(text, "{name}\n  {smirks}\n  {picture}\n  {change}\n").unwrap();
            for statement in statements {
                writeln!(text, "    {:?}: {}", statement.topic, statement.text).unwrap();
            }
            text.push('\n');
        }
    }
    text
}

#[test]
fn the_words_about_the_shipped_rules() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/descriptions.txt");
    let text = golden_text();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap();
    for (line, (found, expected)) in text.lines().zip(golden.lines()).enumerate() {
        assert_eq!(found, expected, "line {} of {}", line + 1, path.display());
    }
    assert_eq!(text.lines().count(), golden.lines().count());
}

#[test]
fn a_picture_says_no_more_than_the_templates_fix() {
    assert_eq!(look("[c:1][OX2H:2]>>[c:1][O:2]C"), ("c-OH -> c-O-CH3".into(), "O: +CH3".into()));
    // Another hydrogen may be there: the templates do not say.
    assert_eq!(look("[C:1][OX2:2]>>[C:1][O:2]C").0, "C-O -> C-O-CH3");
    assert_eq!(look("[#6:1][F,Cl]>>[#6:1]Br"), ("#6-F/Cl -> #6-Br".into(), "#6: F/Cl -> Br".into()));
    assert_eq!(look("[*:1][C,N:2]>>[*:1][*:2]").0, "*-C/N -> *-C/N");
    assert_eq!(look("[c:1][N:2]>>[c:1][N:2]([H])[H]").0, "c-N -> c-NH2");
    assert_eq!(look("[C:1]~[N:2]>>[C:1]~[N:2]=O").0, "C~N -> C~N=O");
    assert_eq!(look("[C:1][OX2:2]>>[C:1][O:2]"), ("C-O -> C-O".into(), "nothing".into()));
}

#[test]
fn rings_and_charges_are_written_as_in_smiles() {
    let tetrazole = look("[#6:1][CX3](=[OX1])[OX2H]>>[#6:1]-c1nnn[nH]1");
    assert_eq!(tetrazole.0, "#6-C(=O)-OH -> #6-c1nnn[nH]1");
    let nitro = look("[c:1][N+:2](=O)[O-]>>[c:1][N+0H2:2]");
    assert_eq!(nitro, ("c-[N+](=O)-[O-] -> c-NH2".into(), "N: -(=O and O-), N+ -> NH2".into()));
}

#[test]
fn hydrogens_that_rdkit_works_out() {
    let facts = |smirks| facts(smirks, Topic::Hydrogens);
    assert_eq!(facts("[CX4;H2:1][OX2H:2]>>[CH1:1]=[OH0:2]"), ["set: 1 on C:1 and 0 on O:2"]);
    assert_eq!(facts("[NX3;H2:1]>>[N:1]C"), ["worked out anew: N:1 (1)"]);
    assert_eq!(facts("[O:1][CH3]>>[O:1]"), ["worked out anew: O:1 (1 more)"]);
    let kept = facts("[CX3;H1:1]=[OX1:2]>>[C:1][O:2]");
    assert_eq!(kept, ["worked out anew, unless the parent writes the atom in brackets: C:1 and O:2"]);
}

#[test]
fn configurations() {
    let facts = |smirks| facts(smirks, Topic::Stereo);
    assert_eq!(facts("[C:2][C@H:1]([C:3])[OX2H]>>[C:2][C@@H:1]([C:3])F"), ["C:1 is inverted"]);
    assert_eq!(facts("[C:2][C@H:1]([C:3])[OX2H]>>[C:2][C@H:1]([C:3])F"), ["C:1 keeps its configuration"]);
    assert_eq!(facts("[C:2][C@H:1]([C:3])[OX2H]>>[C:2][C:1]([C:3])F"), ["C:1 loses its configuration"]);
    let made = facts("[c:1][OX2H:2]>>[c:1][O:2][C@@H](C)C(=O)O");
    assert_eq!(made, ["the new CH gets the configuration of the product template"]);
    let inverted = facts("[CX4;H1:1]>>[C:1]O");
    assert!(inverted[0].contains("RDKit inverts it"), "{inverted:?}");
    assert_eq!(facts("[CX4;H2:1]>>[C:1]O"), [""; 0], "such an atom is no stereocentre");
    assert_eq!(facts("[c:1]>>[c:1]O"), [""; 0]);
}

#[test]
fn rings_that_are_opened_and_closed() {
    let facts = |smirks| facts(smirks, Topic::Rings);
    assert_eq!(facts("[C:1]=[C:2]>>[C:1]1[C:2]O1"), ["closes a ring of 3 atoms with C:1 and C:2"]);
    assert_eq!(facts("[C:1]1[C:2]O1>>[C:1]=[C:2]"), ["opens a ring of 3 atoms with C:1 and C:2"]);
    assert_eq!(facts("[c:1][OX2H]>>[c:1]-c1ccccc1"), ["adds a ring of 6 atoms"]);
    let cut = "[C:1](=[O:2])[OX2:3][CX4:4]>>([C:1](=[O:2])O.[O:3][C:4])";
    assert_eq!(facts(cut), ["opens a ring if the bond between C:1 and O:3 is in one"]);
    assert_eq!(facts("[C:1](=[O:2])!@[OX2:3][CX4:4]>>([C:1](=[O:2])O.[O:3][C:4])"), [""; 0]);
    let lactam = facts("([NX3;H2:1].[CX3:2](=[OX1:3])[OX2H])>>[N:1][C:2]=[O:3]");
    assert_eq!(lactam, ["closes a ring, because N:1 and C:2 are in one parent"]);
    let moved = "[#6:1]!@[C:2](=[O:3])!@[N;H1:4]!@[#6:5]>>[#6:1][N:4][C:2](=[O:3])[#6:5]";
    assert_eq!(facts(moved), [""; 0], "new bonds that only move a part");
}

#[test]
fn bonds_and_product_templates() {
    let cut = "[C:1](=[O:2])!@[OX2:3][CX4:4]>>[C:1](=[O:2])O.[O:3][C:4]";
    assert_eq!(facts(cut, Topic::Products), ["2 product templates, each of which gives its own product"]);
    assert_eq!(facts(cut, Topic::Bonds), ["broken: C:1!@O:3", "made: C:1-OH"]);
    assert_eq!(facts("[C:1]=[O:2]>>[C:1][O:2]", Topic::Bonds), ["changed: C:1=O:2 to C:1-O:2"]);
    assert_eq!(facts("[c:1][OX2H:2]>>[c:1][N:2]", Topic::Changed), ["O:2 becomes N"]);
    assert_eq!(facts("[N+:1]=[O:2]>>[N:1]=[O:2]", Topic::Charges), ["N:1 keeps +1"]);
    assert_eq!(facts("[N+:1]=[O:2]>>[N+0:1]=[O:2]", Topic::Charges), ["N:1 gets 0, was +1"]);
}

#[test]
fn pictures_are_the_same_each_time_and_hold_texts_as_they_are() {
    let engine = engine(&[Transform::new("A", "[CX4;!$(C(O)[#7]):1][OX2H]>>[C:1]F")]);
    let svg = engine.draw_reaction(0).unwrap();
    assert_eq!(svg, engine.draw_reaction(0).unwrap());
    assert!(
        svg.starts_with("<?xml version='1.0' encoding='UTF-8'?>\n<svg ") && svg.ends_with("</svg>\n"),
        "{svg}"
    );
    assert!(svg.contains("[CX4;!$(C(O)[#7]):1]"), "{svg}");

    let parent =
        Depiction { smiles: "Oc1ccccc1".into(), atoms: vec![0, 1], caption: "a<b> & \u{e9}\u{1b}".into() };
    let product = Depiction { smiles: "COc1ccccc1".into(), ..Depiction::default() };
    let drawn = engine.draw_products(&parent, &[product.clone(), product.clone()]).unwrap();
    assert!(drawn.contains("a&lt;b&gt; &amp; \u{e9} </text>"), "{drawn}");
    let plain = Depiction { atoms: Vec::new(), ..parent.clone() };
    assert_ne!(drawn, engine.draw_products(&plain, &[product.clone(), product.clone()]).unwrap());
    assert!(engine.draw_products(&parent, &[Depiction { smiles: "C(".into(), ..product }]).is_err());
}

#[test]
fn hydrogens_of_a_site_are_drawn() {
    let engine = engine(&[Transform::new("A", "[C:1]>>[C:1]F")]);
    let methane = |atoms: &[u32]| {
        let parent = Depiction { smiles: "C".into(), atoms: atoms.to_vec(), ..Depiction::default() };
        engine.draw_products(&parent, &[]).unwrap()
    };
    assert_eq!(methane(&[0]).matches("class='bond-").count(), 0);
    assert!(methane(&[0, 1]).matches("class='bond-").count() >= 4);
}

#[test]
fn a_long_caption_has_room() {
    let engine = engine(&[Transform::new("A", "[C:1]>>[C:1]F")]);
    let captioned =
        |caption: &str| Depiction { smiles: "CF".into(), caption: caption.into(), ..Depiction::default() };
    let width = |caption: &str| -> u32 {
        let drawn = engine.draw_products(&captioned(""), &[captioned(caption), captioned(caption)]).unwrap();
        let (_, after) = drawn.split_once("width='").unwrap();
        after.split_once("px").unwrap().0.parse().unwrap()
    };
    let (short, long) = ("A, site 0", "n".repeat(60));
    assert!(width(&long) >= 2 * 8 * 60, "{}", width(&long));
    assert!(width(short) < 2 * 8 * 60, "{}", width(short));
}
