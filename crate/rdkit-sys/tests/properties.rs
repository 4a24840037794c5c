//! Properties: equal to RDKit's in Python, as `scripts/oracle/main.py golden` has recorded them in
//! `fixture/properties.tsv`.

#![allow(clippy::unwrap_used, reason = "a test that cannot continue is a failed test")]

mod common;

use std::collections::HashMap;

use common::batch;
use xform_rdkit_sys::{
    Batch, ColumnType, ColumnView, Kernel, OF_PARENT, Settings, TransformSpec, code_names, count_names,
    declared_properties, stage_names,
};

/// Gives back its parent, at any atom.
const SAME: &str = "[*:1]>>[*:1]";
const TOLERANCE: f64 = 1e-9;

/// A table of texts by name of the column, each value as Python prints it; empty if Python raises.
struct Golden {
    smiles: Vec<String>,
    columns: HashMap<String, Vec<String>>,
}

fn golden() -> Golden {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixture/properties.tsv");
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines().map(|line| line.split('\t').map(str::to_owned).collect::<Vec<_>>());
    let names = lines.next().unwrap();
    let mut columns: Vec<Vec<String>> = vec![Vec::new(); names.len()];
    for line in lines {
        columns.iter_mut().zip(line).for_each(|(column, value)| column.push(value));
    }
    let smiles = columns.remove(0);
    Golden { smiles, columns: names.into_iter().skip(1).zip(columns).collect() }
}

fn names() -> Vec<String> {
    declared_properties().unwrap().into_iter().map(|property| property.name).collect()
}

fn kernel(properties: &[String], parent_properties: bool) -> Kernel {
    let of_parents = properties.iter().filter(|_| parent_properties).map(|name| format!("{OF_PARENT}{name}"));
    let columns = properties.iter().cloned().chain(of_parents).collect();
    let settings = Settings { columns, ..Settings::default() };
    let transform = TransformSpec { max_sites: Some(1), ..TransformSpec::new(SAME) };
    Kernel::new(&[transform], &settings).unwrap()
}

/// The value at `index` as text; empty if there is none.
fn shown(view: &ColumnView, values: ColumnType, index: usize) -> String {
    if view.nulls[index] != 0 {
        return String::new();
    }
    match values {
        ColumnType::Int32 => i32::from_ne_bytes(view.values.as_chunks().0[index]).to_string(),
        ColumnType::Float64 => format!("{:?}", f64::from_ne_bytes(view.values.as_chunks().0[index])),
        ColumnType::Text => {
            let text = &view.values[view.offsets[index] as usize..view.offsets[index + 1] as usize];
            str::from_utf8(text).unwrap().to_owned()
        }
        other => panic!("a property of the type {other:?}"),
    }
}

/// The columns of a run over `rows`: for each product its row, its SMILES, and the values by name of the column.
fn run(kernel: &mut Kernel, rows: &[&str]) -> Vec<(usize, String, HashMap<String, String>)> {
    let columns = kernel.columns().unwrap();
    let (bytes, offsets) = batch(rows);
    let results = kernel.run(Batch::new(&bytes, &offsets)).unwrap();
    let products = results.products;
    (0..products.row.len())
        .map(|index| {
            let text = products.smiles_offsets[index] as usize..products.smiles_offsets[index + 1] as usize;
            let values = columns.iter().zip(&results.computed).filter(|(column, _)| column.is_nullable);
            let values = values
                .map(|(column, view)| (column.name.clone(), shown(view, column.values, index)))
                .collect();
            (products.row[index] as usize, String::from_utf8(products.smiles[text].to_vec()).unwrap(), values)
        })
        .collect()
}

/// Whether a value is the one that Python prints: floats within the tolerance, all else exactly.
fn is_same(found: &str, expected: &str) -> bool {
    let number = |text: &str| text.contains('.').then(|| text.parse::<f64>().ok()).flatten();
    match (number(found), number(expected)) {
        (Some(found), Some(expected)) => (found - expected).abs() <= TOLERANCE,
        _ => found == expected,
    }
}

/// Compares the columns of parents with Python's for the same texts; returns how many molecules were compared.
fn compare(properties: &[String]) -> usize {
    let golden = golden();
    let rows: Vec<&str> = golden.smiles.iter().map(String::as_str).collect();
    let made = run(&mut kernel(properties, true), &rows);
    let mut faults = Vec::new();
    for (row, _, values) in &made {
        for name in properties {
            let (found, expected) = (&values[&format!("parent_{name}")], &golden.columns[name][*row]);
            if !is_same(found, expected) {
                faults.push(format!("{name} of {}: {found:?}, in Python {expected:?}", rows[*row]));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "{} differences:\n{}",
        faults.len(),
        faults[..faults.len().min(30)].join("\n")
    );
    made.len()
}

#[test]
fn all_properties_equal_those_of_python() {
    assert!(compare(&names()) >= 1000);
}

/// Without those that need everything, the fast wing reads the molecules.
#[test]
fn a_molecule_that_the_fast_wing_reads_has_the_same_properties() {
    let some = names().into_iter().filter(|name| !name.contains("Stereo") && name != "Scaffold");
    assert!(compare(&some.collect::<Vec<_>>()) >= 1000);
}

#[test]
fn a_product_has_the_properties_of_its_smiles_as_it_is_read_again() {
    let names = names();
    let mut kernel = kernel(&names, true);
    let golden = golden();
    let rows: Vec<&str> = golden.smiles.iter().map(String::as_str).step_by(5).collect();
    let products = run(&mut kernel, &rows);
    let texts: Vec<&str> = products.iter().map(|(_, smiles, _)| smiles.as_str()).collect();
    let again = run(&mut kernel, &texts);
    assert!(again.len() > 150);
    for (row, _, values) in again {
        for name in &names {
            let found = &products[row].2[name];
            assert!(is_same(found, &values[&format!("parent_{name}")]), "{name} of {}: {found}", texts[row]);
        }
    }
}

#[test]
fn columns_have_the_order_of_the_names() {
    let chosen = ["parent_QED", "QED", "alerts", "parent_MW", "MW"].map(str::to_owned);
    let settings = Settings { columns: chosen.to_vec(), ..Settings::default() };
    let mut kernel = Kernel::new(&[TransformSpec::new(SAME)], &settings).unwrap();
    let columns: Vec<String> = kernel.columns().unwrap().into_iter().map(|column| column.name).collect();
    assert_eq!(columns[3..], chosen);
    let [(_, _, values)] = &run(&mut kernel, &["C"])[..] else { panic!() };
    for name in ["MW", "QED"] {
        assert_eq!(values[name], values[&format!("parent_{name}")]);
    }
    assert_ne!(values["MW"], values["QED"]);
}

#[test]
fn an_unknown_property_is_refused() {
    let settings = Settings { columns: vec!["weight".to_owned()], ..Settings::default() };
    let error = Kernel::new(&[], &settings).err().unwrap().to_string();
    assert!(error.contains("no property is called weight"), "{error}");
}

#[test]
fn what_cannot_be_computed_is_null_and_a_record_that_counts_as_no_failure() {
    let mut kernel = kernel(&["MW", "InChIKey"].map(str::to_owned), true);
    let made = run(&mut kernel, &["CC", "C*"]);
    let [(_, _, good), (_, _, bad)] = &made[..] else { panic!("{made:?}") };
    assert!(!good["InChIKey"].is_empty() && bad["InChIKey"].is_empty());
    assert!(bad["parent_InChIKey"].is_empty() && !bad["MW"].is_empty() && !bad["parent_MW"].is_empty());

    let (bytes, offsets) = batch(&["CC", "C*"]);
    let results = kernel.run(Batch::new(&bytes, &offsets)).unwrap();
    let [of_product, of_parent] = &results.failures[..] else { panic!("{:?}", results.failures) };
    // The site that is first by rank.
    assert_eq!((of_product.row, of_product.transform, of_product.site), (1, 0, 1));
    assert_eq!((of_parent.row, of_parent.transform, of_parent.site), (1, 0, -1));
    assert!(of_product.reason.starts_with("InChIKey: "), "{}", of_product.reason);
    assert!(of_parent.reason.starts_with("parent_InChIKey: "), "{}", of_parent.reason);
    for failure in &results.failures {
        assert_eq!(stage_names().unwrap()[usize::from(failure.stage)], "properties");
        assert_eq!(code_names().unwrap()[usize::from(failure.code)], "no_inchi");
    }
    assert_eq!(results.rows.rejected, [0, 0]);
}

/// RDKit in Python cannot compute its QED either: it reads the text, and refuses the molecule when it is sanitized again.
const NO_QED: &str = "[C]1([OH])=[CH][S][CH]=[n+]1(=C)";

#[test]
fn a_property_may_be_missing_of_the_parent_alone() {
    let settings =
        Settings { columns: ["QED", "parent_QED"].map(str::to_owned).into(), ..Settings::default() };
    let mut kernel = Kernel::new(&[TransformSpec::new("[#6][OH:1]>>[O:1]C")], &settings).unwrap();
    let made = run(&mut kernel, &[NO_QED]);
    let [(_, smiles, values)] = &made[..] else { panic!("{made:?}") };
    assert_eq!(smiles, "CO");
    assert!(!values["QED"].is_empty() && values["parent_QED"].is_empty());

    let (bytes, offsets) = batch(&[NO_QED]);
    let results = kernel.run(Batch::new(&bytes, &offsets)).unwrap();
    let [failure] = &results.failures[..] else { panic!("{:?}", results.failures) };
    assert!(failure.reason.starts_with("parent_QED: Can't kekulize"), "{}", failure.reason);
    assert_eq!(code_names().unwrap()[usize::from(failure.code)], "no_property");
}

#[test]
fn a_recheck_compares_the_properties_too() {
    let mut kernel = kernel(&names(), true);
    let golden = golden();
    let rows: Vec<&str> = golden.smiles.iter().map(String::as_str).collect();
    let (bytes, offsets) = batch(&rows);
    let rechecks: Vec<u32> = (0..rows.len() as u32).collect();
    let batch = Batch { rechecks: &rechecks, ..Batch::new(&bytes, &offsets) };
    let results = kernel.run(batch).unwrap();
    assert_eq!(results.witness.difference, None);
    assert!(results.witness.rows > 500);
}

#[test]
fn properties_do_not_change_anything_else() {
    let golden = golden();
    let rows: Vec<&str> =
        golden.smiles.iter().map(String::as_str).filter(|smiles| *smiles != NO_QED).collect();
    let outputs = [vec![], vec!["MW".to_owned()]].map(|names| {
        let mut kernel = kernel(&names, false);
        let columns = kernel.columns().unwrap().len();
        assert_eq!(columns, 3 + names.len());
        let (bytes, offsets) = batch(&rows);
        let results = kernel.run(Batch::new(&bytes, &offsets)).unwrap();
        (results.products.smiles.to_vec(), results.failures.clone(), results.counts.clone())
    });
    assert_eq!(outputs[0], outputs[1]);
}

#[test]
fn products_that_inchi_warns_of_are_counted() {
    let count = |properties: &[&str], rows: &[&str]| {
        let properties: Vec<String> = properties.iter().map(|&name| name.to_owned()).collect();
        let mut kernel = kernel(&properties, true);
        let (bytes, offsets) = batch(rows);
        let results = kernel.run(Batch::new(&bytes, &offsets)).unwrap();
        let at = count_names().unwrap().iter().position(|name| name == "inchi_warnings").unwrap();
        results.counts[0][at]
    };
    let rows = ["CC(O)CF", "CCO", "CC(O)CCl"];
    assert_eq!(count(&["InChI"], &rows), 2, "their stereo is undefined; parents do not count");
    assert_eq!(count(&["InChIKey", "InChI"], &rows), 2);
    assert_eq!(count(&["MW"], &rows), 0);
}
