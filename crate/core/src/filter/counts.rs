//! What a filter counts.

use crate::engine::Products;
use crate::totals::{FilterTally, Filtered};

/// The counts for `products` of `transforms` transforms; `taken_by` is the clause that takes each, of `clauses`.
pub fn count(products: &Products, taken_by: &[Option<usize>], transforms: usize, clauses: usize) -> Filtered {
    let mut counts = Filtered {
        transforms: vec![FilterTally::default(); transforms],
        rows_all_filtered: 0,
        by_clause: vec![0; clauses],
    };
    for (&transform, &clause) in products.transform.iter().zip(taken_by) {
        if let Some(clause) = clause {
            counts.transforms[usize::from(transform)].filtered += 1;
            counts.by_clause[clause] += 1;
        }
    }
    let place = |at: usize| (products.row[at], products.transform[at]);
    for group in groups(products.len(), |one, next| place(one) == place(next)) {
        let transform = usize::from(products.transform[group.start]);
        let are_all_taken = taken_by[group].iter().all(Option::is_some);
        counts.transforms[transform].rows_all_filtered += u64::from(are_all_taken);
    }
    for group in groups(products.len(), |one, next| products.row[one] == products.row[next]) {
        counts.rows_all_filtered += u64::from(taken_by[group].iter().all(Option::is_some));
    }
    counts
}

/// The ranges of consecutive positions below `len` that belong together.
fn groups(len: usize, are_together: impl Fn(usize, usize) -> bool) -> Vec<std::ops::Range<usize>> {
    let mut groups = Vec::new();
    let mut start = 0;
    for end in 1..=len {
        if end == len || !are_together(end - 1, end) {
            groups.push(start..end);
            start = end;
        }
    }
    groups
}
