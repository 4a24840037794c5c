//! What was probably meant.

use std::collections::HashSet;

/// Below this likeness a suggestion would be a guess.
const LIKE: f64 = 0.6;

/// The candidate most like `word`; of equals the first.
pub(crate) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest(word, candidates, 1).first().copied()
}

/// At most `count` candidates like `word`, the most like it first, each once; of equals the first.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    count: usize,
) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let mut seen = HashSet::new();
    let new = candidates.into_iter().filter(|candidate| seen.insert(*candidate));
    let measured = new.map(|candidate| (likeness(&word, &candidate.to_lowercase()), candidate));
    let mut like: Vec<_> = measured.filter(|(likeness, _)| *likeness >= LIKE).collect();
    like.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    like.into_iter().take(count).map(|(_, candidate)| candidate).collect()
}

/// From 0 to 1. A word cut short (`max_sites`) is as good as one misspelt, though the edit distance is large.
fn likeness(word: &str, candidate: &str) -> f64 {
    const CUT_SHORT: usize = 3;
    let edits = strsim::normalized_damerau_levenshtein(word, candidate);
    if word.len() >= CUT_SHORT && candidate.starts_with(word) { edits.max(0.9) } else { edits }
}
