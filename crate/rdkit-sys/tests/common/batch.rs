//! SMILES as a batch for the kernel.

/// Their bytes and offsets.
pub fn batch(rows: &[&str]) -> (Vec<u8>, Vec<u32>) {
    let mut bytes = Vec::new();
    let mut offsets = vec![0];
    for row in rows {
        bytes.extend_from_slice(row.as_bytes());
        offsets.push(bytes.len() as u32);
    }
    (bytes, offsets)
}
