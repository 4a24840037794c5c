//! Tables in the documentation that these tests make. With `UPDATE_DOCS=1` in the environment they write them.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Held while a file is read and written: tests run in parallel.
static FILES: Mutex<()> = Mutex::new(());

/// Compares `rows` with the table in `docs/formats.md` below the line that begins with `head`, or writes them there.
pub fn follows(head: &str, rows: &[String]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats.md");
    let _held = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    let text = fs::read_to_string(&path).unwrap();
    let (before, table) = text.split_once(head).unwrap_or_else(|| panic!("docs/formats.md has no {head:?}"));
    let (first, rest) = table.split_once('\n').unwrap();
    let (found, after) = rest.split_once("\n\n").unwrap_or((rest.trim_end(), ""));
    if found.lines().eq(rows.iter().map(String::as_str)) {
        return;
    }
    assert!(
        std::env::var_os("UPDATE_DOCS").is_some(),
        "docs/formats.md is stale after {head:?}; run UPDATE_DOCS=1 cargo test --release --test source\nit needs {rows:#?}"
    );
    fs::write(
        path,
        format!("{before}{head}{first}\n{}\n\n{after}", rows.join("\n")).trim_end().to_owned() + "\n",
    )
    .unwrap();
}
