//! The check of rule files: everything that their author should know before a run.
//!
//! [`check_rules`] compiles, reviews and tries the examples of each rule alone, so that one bad rule does not hide what
//! there is to say about the others.

mod finding;
mod review;
mod sample;

use std::collections::HashMap;
use std::path::PathBuf;

use serde::Serialize;

use self::finding::Finder;
pub use self::finding::Finding;
use self::sample::Sample;
pub use self::sample::{SampleProgress, SampleReport, SampledFailure, SampledRule, SlowRow};
use crate::control::Control;
use crate::error::{Error, FilePlace};
use crate::findings::Severity;
use crate::make_engine::MakeEngine;
use crate::options::{ApplyOptions, Command, Given, RulesInput};
use crate::path_text;
use crate::transform::{Rules, Transform};

/// What to check, and how.
#[derive(Debug, Clone, Default)]
pub struct CheckRulesOptions {
    /// The files.
    pub rules: RulesInput,
    /// The choice of rules.
    pub run: ApplyOptions,
}

impl CheckRulesOptions {
    /// The options in `json`; see [`Given::read`].
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for an option that a check does not have, or for an invalid value.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        Given::read(Command::CheckRules, json, |given| {
            Ok(Self { rules: RulesInput::read(given)?, run: ApplyOptions::read(given)? })
        })
    }
}

/// What a check of rules found.
#[derive(Debug, Clone, Serialize)]
pub struct RulesReport {
    /// Rules that could be read.
    pub rules: Vec<CheckedRule>,
    /// All findings, in the order of the files, then by their place.
    pub findings: Vec<Finding>,
    /// The findings by severity.
    #[serde(flatten)]
    pub counts: SeverityCounts,
    /// What the rules did to rows of a library, if one is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<SampleReport>,
}

/// How many findings there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SeverityCounts {
    /// Errors.
    pub errors: u64,
    /// Warnings.
    pub warnings: u64,
    /// Notes.
    pub notes: u64,
}

impl<'a> FromIterator<&'a Finding> for SeverityCounts {
    fn from_iter<I: IntoIterator<Item = &'a Finding>>(findings: I) -> Self {
        findings.into_iter().fold(Self::default(), |mut counts, finding| {
            match finding.severity {
                Severity::Error => counts.errors += 1,
                Severity::Warning => counts.warnings += 1,
                Severity::Note => counts.notes += 1,
            }
            counts
        })
    }
}

/// A rule and what was checked of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckedRule {
    /// The transform.
    pub name: String,
    /// Its file.
    #[serde(serialize_with = "path_text::serialize")]
    pub path: PathBuf,
    /// The line of its name.
    pub line: u64,
    /// Whether the toolkit accepts its patterns. If not, nothing else could be checked.
    pub is_usable: bool,
    /// Examples that were tried.
    pub examples: u64,
    /// Its findings by severity.
    #[serde(flatten)]
    pub counts: SeverityCounts,
}

/// Checks rule files. `on_progress` is called while the rules are tried on a library, which `control` can stop.
///
/// # Errors
/// [`Error::ConfigUnreadable`], those of a choice that selects nothing ([`Rules::select`]), those of the library, and
/// internal ones. What is wrong with a file or a rule is a finding.
pub fn check_rules(
    options: &CheckRulesOptions,
    make_engine: &MakeEngine,
    control: &Control,
    on_progress: &dyn Fn(SampleProgress),
) -> Result<RulesReport, Error> {
    options.rules.check_ranges()?;
    options.run.check_ranges()?;
    let (rules, refused) = Rules::load_valid(&options.rules.files)?;
    let chosen = chosen(&rules, &refused, options)?;
    let finder = Finder { rules: &rules, files: &options.rules.files };
    let mut findings = refused
        .into_iter()
        .map(|error| finder.refused(None, error))
        .collect::<Result<Vec<Finding>, Error>>()?;
    let reviewed = review::all(&chosen, &finder, make_engine)?;
    findings.extend(reviewed.findings);
    findings.sort_by_cached_key(|finding| finder.order(finding));
    let counts = findings.iter().collect();
    let rules = checked(&chosen, &reviewed.is_usable, &finder, &findings);
    let usable =
        chosen.into_iter().zip(reviewed.is_usable).filter_map(|(rule, is_usable)| is_usable.then_some(rule));
    let usable: Vec<Transform> = usable.collect();
    let sample = Sample { rules: &usable, make_engine, control, on_progress };
    let of = |given| sample.of(given, options.rules.sample, &options.run);
    let sample = Some(&options.rules.library).filter(|given| !given.is_empty()).map(of).transpose()?;
    Ok(RulesReport { rules, findings, counts, sample })
}

/// The rules to check. A name that selects nothing may be that of a rule that could not be read.
fn chosen(rules: &Rules, refused: &[Error], options: &CheckRulesOptions) -> Result<Vec<Transform>, Error> {
    let choice = options.run.choice();
    if refused.is_empty() { rules.select(&choice) } else { Ok(rules.admitted(&choice)) }
}

fn checked(
    chosen: &[Transform],
    is_usable: &[bool],
    finder: &Finder<'_>,
    findings: &[Finding],
) -> Vec<CheckedRule> {
    let mut own: HashMap<&str, Vec<&Finding>> = HashMap::new();
    for finding in findings {
        own.entry(finding.transform.as_deref().unwrap_or_default()).or_default().push(finding);
    }
    let rule = |(transform, &is_usable): (&Transform, &bool)| {
        let FilePlace { path, line, .. } = finder.place(&transform.name);
        let examples = if is_usable { transform.examples.len() as u64 } else { 0 };
        let counts = own.get(transform.name.as_str()).into_iter().flatten().copied().collect();
        CheckedRule { name: transform.name.clone(), path, line, is_usable, examples, counts }
    };
    chosen.iter().zip(is_usable).map(rule).collect()
}
