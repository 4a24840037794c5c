//! What there is to say about each rule.

use super::finding::{Finder, Finding};
use crate::engine::Engine;
use crate::error::Error;
use crate::examples;
use crate::findings::same_rules;
use crate::make_engine::{EngineSettings, MakeEngine};
use crate::transform::Transform;

/// What a review found about some rules.
#[derive(Default)]
pub struct Reviewed {
    /// In the order of the rules.
    pub findings: Vec<Finding>,
    /// By rule: whether the toolkit accepts it.
    pub is_usable: Vec<bool>,
}

/// Reviews each of `rules` alone.
pub fn all(rules: &[Transform], finder: &Finder<'_>, make_engine: &MakeEngine) -> Result<Reviewed, Error> {
    let mut reviewed = Reviewed::default();
    let (mut usable_rules, mut called, mut identities) = (Vec::new(), Vec::new(), Vec::new());
    for rule in rules {
        match make_engine(std::slice::from_ref(rule), &EngineSettings::default()) {
            Err(error) => {
                reviewed.findings.push(finder.refused(Some(&rule.name), error)?);
                reviewed.is_usable.push(false);
            }
            Ok(engine) => {
                reviewed.findings.extend(usable(rule, &*engine, finder)?);
                let own = engine.identities()?;
                called.extend(own.iter().map(|_| format!("{:?} at {}", rule.name, finder.place(&rule.name))));
                usable_rules.extend(own.iter().map(|_| rule));
                identities.extend(own);
                reviewed.is_usable.push(true);
            }
        }
    }
    let same = same_rules(&called, &identities).into_iter();
    reviewed.findings.extend(same.map(|(index, diagnosis)| finder.diagnosed(usable_rules[index], diagnosis)));
    Ok(reviewed)
}

/// The findings about a rule that the toolkit accepts.
fn usable(rule: &Transform, engine: &dyn Engine, finder: &Finder<'_>) -> Result<Vec<Finding>, Error> {
    let diagnoses = engine.review().iter().flatten();
    let mut findings: Vec<Finding> =
        diagnoses.map(|diagnosis| finder.diagnosed(rule, diagnosis.clone())).collect();
    let unmet = examples::all_unmet(std::slice::from_ref(rule), engine)?;
    findings.extend(unmet.iter().map(|unmet| finder.unmet(rule, unmet)));
    Ok(findings)
}
