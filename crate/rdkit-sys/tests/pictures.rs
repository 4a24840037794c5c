//! Pictures: well-formed SVG, the same on each thread, in which a product lies as its parent does.

mod common;

use std::thread;

use common::{Product, plants, run, run_within};
use xform_rdkit_sys::{Kernel, Limits, PictureView, Pictures, ProductOrigin, TransformSpec};

const SITE: &str = "#FFB000";
const MATCH: &str = "#4C9BE8";

fn pictures(specs: &[TransformSpec<'_>]) -> Pictures {
    let mut pictures = Pictures::new().expect("there is memory");
    for spec in specs {
        pictures.add_transform(spec, &[], "").expect("it compiles");
    }
    pictures
}

fn molecule(smiles: &str, atoms: &[i32]) -> PictureView {
    pictures(&[]).molecule(smiles, atoms).expect("a bad molecule is not an error")
}

fn draw(pictures: &Pictures, parent: &str, product: &Product) -> PictureView {
    let origin = ProductOrigin {
        parent,
        site_atoms: &product.site_atoms,
        product_index: product.product_index,
        transform: Some(usize::from(product.transform)),
    };
    pictures.product(&product.smiles, &product.product_site_atoms, &origin).expect("there is memory")
}

/// The pictures of all products of a transform, without a fault.
fn pairs(spec: TransformSpec<'_>, parent: &str) -> Vec<PictureView> {
    let products = run(&[spec], &[parent]).products;
    assert!(!products.is_empty(), "{parent} has a product");
    let pictures = pictures(&[spec]);
    let pairs = products.iter().map(|product| draw(&pictures, parent, product));
    pairs.inspect(|pair| assert_eq!(pair.fault, "", "{parent}")).collect()
}

/// Backgrounds of atoms in this colour.
fn backgrounds(svg: &str, colour: &str) -> usize {
    svg.lines()
        .filter(|line| line.starts_with("<ellipse") && line.contains(&format!("fill:{colour}")))
        .count()
}

fn assert_is_svg(svg: &str) {
    assert!(
        svg.starts_with("<svg xmlns='http://www.w3.org/2000/svg' width='280' height='210' viewBox="),
        "{svg}"
    );
    for unwanted in ["<?xml", "<rect", "class=", "metadata", "font-weight", "nan", "inf"] {
        assert!(!svg.contains(unwanted), "{unwanted} in {svg}");
    }
    let mut open = Vec::new();
    for line in svg.lines() {
        let rest = line.strip_prefix('<').unwrap_or_else(|| panic!("{line}"));
        match rest.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), name.strip_suffix('>'), "{line}"),
            None if rest.ends_with("/>") || rest.ends_with("</text>") => {
                assert_eq!(rest.matches('\'').count() % 2, 0, "{line}");
            }
            None => open.push(rest.split([' ', '>']).next().expect("a name")),
        }
    }
    assert!(open.is_empty(), "{svg}");
}

type Point = (f64, f64);

/// The places of carbons between two bonds: RDKit draws a corner there, a path of three points.
fn corners(svg: &str) -> Vec<Point> {
    let mut found = Vec::new();
    for line in svg.lines().filter(|line| line.starts_with("<path") && !line.contains("fill:")) {
        let data = line.split('\'').nth(1).expect("a path has data");
        for stroke in data.split('M').skip(1) {
            if let [_, corner, _] = stroke.split('L').collect::<Vec<_>>()[..] {
                let (x, y) = corner.trim().split_once(',').expect("two coordinates");
                found.push((x.parse().expect("a number"), y.parse().expect("a number")));
            }
        }
    }
    found
}

/// The share of the parent's corners that the product has as well, all moved by one distance.
fn shared(pair: &PictureView) -> f64 {
    let (before, after) = (corners(&pair.parent_svg), corners(&pair.svg));
    assert!(before.len() > 2, "{}", pair.parent_svg);
    let near = |one: f64, other: f64| (one - other).abs() < 0.25;
    let has = |x: f64, y: f64| after.iter().any(|to| near(to.0, x) && near(to.1, y));
    let moves = before.iter().flat_map(|from| after.iter().map(|to| (to.0 - from.0, to.1 - from.1)));
    let count = |by: Point| before.iter().filter(|from| has(from.0 + by.0, from.1 + by.1)).count();
    moves.map(count).max().unwrap_or_default() as f64 / before.len() as f64
}

#[test]
fn a_picture_is_small_well_formed_svg() {
    let caffeine = molecule("CN1C=NC2=C1C(=O)N(C(=O)N2C)C", &[0, 1]);
    assert_eq!(caffeine.fault, "");
    assert_is_svg(&caffeine.svg);
    assert!(caffeine.svg.len() < 5_000, "{}", caffeine.svg.len());
    assert_eq!(backgrounds(&caffeine.svg, SITE), 2);
    assert!(!molecule("CCO", &[]).svg.contains("opacity"));
}

#[test]
fn atoms_that_both_have_stay_where_they_are() {
    let methylation = TransformSpec::new(common::OME);
    let (mut shares, mut alone) = (Vec::new(), Vec::new());
    for parent in plants().iter().take(200) {
        if run(&[methylation], &[parent]).products.is_empty() {
            continue;
        }
        for pair in pairs(methylation, parent) {
            assert_is_svg(&pair.svg);
            assert_is_svg(&pair.parent_svg);
            shares.push(shared(&pair));
        }
        let product = &run(&[methylation], &[parent]).products[0];
        let origin =
            ProductOrigin { parent, site_atoms: &product.site_atoms, product_index: 0, transform: None };
        let pair = pictures(&[]).product(&product.smiles, &[], &origin).expect("there is memory");
        alone.push(shared(&pair));
    }
    // A few products would be a tangle and are laid out alone.
    let alike = shares.iter().filter(|share| **share > 0.9).count();
    assert!(alike * 100 > shares.len() * 95 && shares.len() > 100, "{alike} of {}: {shares:?}", shares.len());
    let alike_alone = alone.iter().filter(|share| **share > 0.9).count();
    assert!(alike_alone * 2 < alone.len(), "by chance, {alike_alone} of {} lie alike", alone.len());
}

#[test]
fn a_site_has_the_colour_of_sites_and_halogens_their_own() {
    for (symbol, colour) in [("F", "#21B6A8"), ("Cl", "#228B22"), ("Br", "#CC5500"), ("I", "#800080")] {
        let smirks = format!("[cH:1]>>[c:1]{symbol}");
        for pair in pairs(TransformSpec::new(&smirks), "Cc1ccc(O)cc1") {
            assert_eq!((backgrounds(&pair.svg, SITE), backgrounds(&pair.svg, colour)), (1, 1), "{symbol}");
            assert_eq!((backgrounds(&pair.parent_svg, SITE), backgrounds(&pair.parent_svg, colour)), (1, 0));
        }
    }
}

#[test]
fn a_transform_chooses_what_is_highlighted() {
    let spec = TransformSpec::new(common::OME);
    let parent = "Oc1ccccc1";
    let products = run(&[spec], &[parent]).products;
    let highlighted = |numbers: &[u32], symbol: &str| {
        let mut pictures = Pictures::new().expect("there is memory");
        pictures.add_transform(&spec, numbers, symbol).expect("it compiles");
        let pair = draw(&pictures, parent, &products[0]);
        (backgrounds(&pair.parent_svg, SITE), backgrounds(&pair.svg, SITE))
    };
    assert_eq!(highlighted(&[], ""), (2, 3), "the site, and the new methyl group");
    assert_eq!(highlighted(&[2], ""), (1, 2), "the oxygen, and the new methyl group");
    assert_eq!(highlighted(&[2], "O"), (1, 1), "the oxygen");
    assert_eq!(highlighted(&[7], "P"), (2, 3), "what there is not chooses nothing");
}

#[test]
fn matches_of_queries_are_reported_and_highlighted() {
    let mut pictures = pictures(&[]);
    for query in ["c1ccccc1", "[OX2H]", "N"] {
        pictures.add_query(query).expect("there is memory").expect("it is a SMARTS");
    }
    let phenol = pictures.molecule("Oc1ccccc1", &[0]).expect("there is memory");
    assert_eq!(phenol.matches, [true, true, false]);
    assert_eq!((backgrounds(&phenol.svg, SITE), backgrounds(&phenol.svg, MATCH)), (1, 6));
    assert_eq!(pictures.molecule("C1CC", &[]).expect("there is memory").matches, [false; 3]);
    let fault = pictures.add_query("c1cc(").expect("there is memory").expect_err("it is not a SMARTS");
    assert!(fault.reason.contains("SMARTS") && fault.position.is_some(), "{fault:?}");
}

#[test]
fn hydrogens_as_atoms_salts_and_cleavages_are_drawn() {
    let explicit = TransformSpec { explicit_hydrogens: true, ..TransformSpec::new("[O:1][H]>>[O:1]C") };
    assert!(pairs(explicit, "OCc1ccccc1").iter().all(|pair| shared(pair) > 0.8));
    let ester = TransformSpec::new("[C:1](=[O:2])[O:3][C:4]>>[C:1](=[O:2])[O:3].[C:4]O");
    assert_eq!(pairs(ester, "CC(=O)OCCc1ccccc1").len(), 2);

    let spec = TransformSpec::new(common::OME);
    let settings = xform_rdkit_sys::Settings { keep_salts: true, ..Default::default() };
    let mut kernel = Kernel::new(&[spec], &settings).expect("it compiles");
    let parent = "Oc1ccc(C[NH3+])cc1.[Cl-]";
    let kept = common::run_on(&mut kernel, &[parent], &[]).products;
    assert!(kept[0].smiles.contains("Cl"));
    assert_eq!(draw(&pictures(&[spec]), parent, &kept[0]).fault, "");
}

#[test]
fn a_product_that_is_not_made_again_is_drawn_alone() {
    let spec = TransformSpec::new(common::OME);
    let parent = "Oc1ccc(O)c(C)c1";
    let products = run(&[spec], &[parent]).products;
    let pictures = pictures(&[spec]);
    let other = Product { smiles: products[1].smiles.clone(), ..products[0].clone() };
    let no_template = Product { product_index: 9, ..products[0].clone() };
    let negative = Product { product_index: -1, ..products[0].clone() };
    let short = Product { site_atoms: vec![1], ..products[0].clone() };
    let beyond = Product { site_atoms: vec![0, 99], ..products[0].clone() };
    let elsewhere = Product { site_atoms: vec![0, 8], ..products[0].clone() };
    for odd in [other, no_template, negative, short, beyond, elsewhere] {
        let pair = draw(&pictures, parent, &odd);
        assert!(pair.fault.starts_with("not aligned with its parent: "), "{}", pair.fault);
        assert_is_svg(&pair.svg);
        assert_is_svg(&pair.parent_svg);
        assert_eq!(backgrounds(&pair.svg, SITE), 3, "the columns of the row name the site");
    }
    let origin = ProductOrigin { parent, site_atoms: &[1, 0], product_index: 0, transform: None };
    let unknown = pictures.product("COc1ccccc1", &[0, 1, 2], &origin).expect("there is memory");
    assert!(unknown.fault.contains("does not have the transform"), "{}", unknown.fault);
}

#[test]
fn what_cannot_be_read_or_drawn_has_a_fault() {
    for (smiles, words) in [
        ("", ""),
        ("C1CC", ""),
        ("c1cccc1", "kekulize"),
        ("CC(C)(C)(C)C", "valence"),
        (&"C".repeat(501), "500 atoms"),
    ] {
        let picture = molecule(smiles, &[0]);
        assert_eq!(picture.svg, "", "{smiles}");
        assert!(
            picture.fault.starts_with("not drawn: ") && picture.fault.contains(words),
            "{}",
            picture.fault
        );
    }
    let origin = ProductOrigin { parent: "C1CC", site_atoms: &[0, 1], product_index: 0, transform: Some(0) };
    let pictures = pictures(&[TransformSpec::new(common::OME)]);
    let orphan = pictures.product("CO", &[0], &origin).expect("there is memory");
    assert!(
        orphan.fault.starts_with("parent not drawn: ") && orphan.parent_svg.is_empty(),
        "{}",
        orphan.fault
    );
    assert_is_svg(&orphan.svg);
}

#[test]
fn odd_molecules_are_drawn() {
    let chain = "C".repeat(500);
    let odd = [
        "[H][H]",
        "[2H]C",
        "*",
        "C",
        "[Na+].[Cl-]",
        "[Fe+2]",
        "[O-][n+]1ccccc1",
        "C[N+](C)(C)CC([O-])=O",
        "[13CH4]",
        "[CH2]C",
        "O=S(=O)(O)c1ccccc1",
        "F/C=C/F",
        "C[C@H](N)C(=O)O",
        "C12C3C4C1C5C2C3C45",
        "[NH4+].[NH4+].[O-]S([O-])(=O)=O",
        "Cl[Pt](Cl)(N)N",
        "CC=[C@]=CC",
        "[CH3:7]O",
        "C*CC |$;<script>&'\"</svg>;;$|",
        "CCO |SgD:1,2:FIELD:</text><b>&info::: :|",
        &chain,
    ];
    for smiles in odd {
        let picture = molecule(smiles, &[0, 1, 900, -1]);
        assert_eq!(picture.fault, "", "{smiles}");
        assert_is_svg(&picture.svg);
    }
}

#[test]
fn each_thread_draws_the_same() {
    let spec = TransformSpec::new(common::OME);
    let parents = plants();
    let parents = &parents[..60];
    let all = || {
        let pictures = pictures(&[spec]);
        let of_parent = |parent: &&String| {
            let products = run_within(Limits::default(), &[spec], &[parent.as_str()]).products;
            products.iter().map(|product| draw(&pictures, parent, product)).collect::<Vec<_>>()
        };
        parents.iter().collect::<Vec<_>>().iter().flat_map(of_parent).collect::<Vec<_>>()
    };
    let here = all();
    assert!(here.len() > 50);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(all)).collect();
        for thread in threads {
            assert!(thread.join().expect("it ends") == here);
        }
    });
}
