//! What a run says about its rules before it starts.

use crate::engine::Engine;
use crate::findings::{Diagnosis, Severity};
use crate::transform::{Rules, Transform};

/// Findings that a run lists; a check of the rules has all.
const SHOWN: usize = 5;

/// The warnings of a review of `transforms`, for which `engine` was made: the first few as a sentence each, and how many
/// more there are.
pub fn review_warnings(transforms: &[Transform], rules: &Rules, engine: &dyn Engine) -> Vec<String> {
    let reviewed = transforms.iter().zip(engine.review());
    let all = reviewed.flat_map(|(transform, found)| found.iter().map(move |each| (transform, each)));
    let warnings: Vec<_> = all.filter(|(_, found)| found.code.severity() >= Severity::Warning).collect();
    let mut lines: Vec<String> =
        warnings.iter().take(SHOWN).map(|(transform, found)| line(transform, found, rules)).collect();
    if warnings.len() > SHOWN {
        lines.push(format!("and {} more warnings about the transforms", warnings.len() - SHOWN));
    }
    lines
}

fn line(transform: &Transform, found: &Diagnosis, rules: &Rules) -> String {
    let details = rules.place(&transform.name).map_or_else(String::new, |place| {
        format!("; run xform-native rules check {} for details", place.path.display())
    });
    format!("transform {:?}: {}: {}{details}", transform.name, found.code.as_str(), found.effect)
}
