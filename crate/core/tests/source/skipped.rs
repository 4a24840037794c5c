//! Rows to skip, in libraries of each format.

use xform_core::engine::RejectCode;
use xform_core::source::{Fault, Skipping, Source};

use crate::library::{fixture, open, read, smiles_column};

fn skipping(name: &str, rows: &[u64]) -> Result<Skipping, xform_core::Error> {
    Skipping::new(open(&fixture(name), &smiles_column("utf8")).unwrap(), rows.iter().copied().collect())
}

/// All SMILES, and the faults with rows numbered from the start of the file.
fn read_all(mut source: Skipping, left_out: u64) -> (Vec<String>, Vec<(u64, Fault)>) {
    source.skip(left_out, &|| Ok(())).unwrap();
    let (mut smiles, mut faults) = (Vec::new(), Vec::new());
    while let Some(chunk) = source.next_chunk(2).unwrap() {
        let first = left_out + smiles.len() as u64;
        faults.extend(chunk.faults.into_iter().map(|fault| (first + u64::from(fault.row), fault)));
        smiles.extend(
            (0..chunk.smiles.len()).map(|row| String::from_utf8(chunk.smiles.get(row).to_vec()).unwrap()),
        );
    }
    (smiles, faults)
}

#[test]
fn they_are_faults_wherever_chunks_end_and_reading_begins() {
    let plain = read(&fixture("pyarrow-plain.parquet"), &smiles_column("utf8")).unwrap();
    let rows: Vec<u64> = (0..plain.smiles.len() as u64).step_by(2).collect();
    for left_out in 0..3_u64 {
        let source = skipping("pyarrow-plain.parquet", &rows).unwrap();
        let (smiles, faults) = read_all(source, left_out);
        let skipped: Vec<_> = faults.iter().filter(|(_, fault)| fault.code == RejectCode::Skipped).collect();
        let expected: Vec<_> = rows.iter().filter(|&&row| row >= left_out).collect();
        assert_eq!(skipped.iter().map(|(row, _)| row).collect::<Vec<_>>(), expected);
        assert!(faults.is_sorted_by_key(|(row, _)| *row));
        let values = plain.values();
        for (row, fault) in skipped {
            assert_eq!(fault.text.as_deref(), values[*row as usize], "what is in the file is kept");
            assert_eq!(smiles[(row - left_out) as usize], "");
        }
        for row in (left_out..plain.smiles.len() as u64).filter(|row| !rows.contains(row)) {
            assert_eq!(smiles[(row - left_out) as usize], plain.smiles[row as usize]);
        }
    }
}

#[test]
fn a_row_that_a_library_is_known_not_to_have_is_refused() {
    let total = read(&fixture("pyarrow-plain.parquet"), &smiles_column("utf8")).unwrap().total_rows.unwrap();
    skipping("pyarrow-plain.parquet", &[total - 1]).unwrap();
    let error = skipping("pyarrow-plain.parquet", &[0, total]).err().unwrap();
    assert_eq!(error.code(), "XFORM_INVALID_OPTION");
    assert!(
        error.to_string().starts_with(&format!("skip_rows: there is no row {total} in the library")),
        "{error}"
    );
}
