//! What was probably meant.

/// Below this likeness a suggestion would be a guess.
const LIKE: f64 = 0.6;

/// The candidate most like `word`; of equals the first.
pub(super) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let likeness = likeness(&word, &candidate.to_lowercase());
        if likeness >= LIKE && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// From 0 to 1. A word cut short (`max_sites`) is as good as one misspelt, though the edit distance is large.
fn likeness(word: &str, candidate: &str) -> f64 {
    const CUT_SHORT: usize = 3;
    let edits = strsim::normalized_damerau_levenshtein(word, candidate);
    if word.len() >= CUT_SHORT && candidate.starts_with(word) { edits.max(0.9) } else { edits }
}
