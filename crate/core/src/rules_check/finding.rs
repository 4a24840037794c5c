//! A finding with its place in the file.

use std::path::PathBuf;

use serde::Serialize;

use crate::error::{Error, FilePlace};
use crate::examples::Unmet;
use crate::findings::{Diagnosis, FindingCode, Severity};
use crate::path_text;
use crate::transform::{Rules, Transform};

/// What a check of rules finds, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The code.
    pub code: FindingCode,
    /// How serious it is.
    pub severity: Severity,
    /// The transform; `None` if it is about the file, or about a rule without a name.
    pub transform: Option<String>,
    /// The file.
    #[serde(serialize_with = "path_text::serialize")]
    pub path: PathBuf,
    /// Line, from 1; `None` if it has no position.
    pub line: Option<u64>,
    /// Column, from 1; `None` if it has no position.
    pub column: Option<u64>,
    /// The key in the file.
    pub key: Option<String>,
    /// The whole pattern, if it is about one.
    pub pattern: Option<String>,
    /// The odd part of the pattern.
    pub fragment: Option<String>,
    /// Where the fragment begins in the pattern, in characters from 1.
    pub position: Option<usize>,
    /// What the toolkit will do, or what is wrong, as a sentence without its full stop.
    pub effect: String,
    /// What to write instead; empty if nothing has to change.
    pub advice: String,
}

/// The pattern of a transform that a finding is about, and the part of it.
#[derive(Default)]
struct Fragment {
    pattern: Option<String>,
    fragment: Option<String>,
    position: Option<usize>,
}

/// Makes findings about the rules of files.
pub struct Finder<'a> {
    /// The rules.
    pub rules: &'a Rules,
    /// Their files, in the order in which findings are listed.
    pub files: &'a [PathBuf],
}

impl Finder<'_> {
    /// The place of a rule.
    pub fn place(&self, name: &str) -> FilePlace {
        self.rules.place(name).unwrap_or(FilePlace { path: PathBuf::new(), line: 0, column: 0 })
    }

    /// By this, findings are listed.
    pub fn order(&self, finding: &Finding) -> (Option<usize>, Option<u64>, Option<u64>) {
        let file = self.files.iter().position(|path| *path == finding.path);
        (file, finding.line, finding.column)
    }

    /// What an engine found odd about a rule.
    pub fn diagnosed(&self, transform: &Transform, diagnosis: Diagnosis) -> Finding {
        let Diagnosis { code, key, span, effect, advice } = diagnosis;
        let pattern = transform.pattern(key);
        let part = span.and_then(|span| Some((pattern.get(..span.start)?, pattern.get(span)?)));
        let fragment = Fragment {
            pattern: Some(pattern.to_owned()),
            fragment: part.map(|(_, fragment)| fragment.to_owned()),
            position: part.map(|(before, _)| before.chars().count() + 1),
        };
        let key = transform.key_of(key);
        let place = self.rules.pattern_place(&transform.name, &key, fragment.position);
        let place = place.unwrap_or_else(|| self.place(&transform.name));
        self.finding(code, Some(&transform.name), place, Some(&key), fragment, (effect, advice))
    }

    /// An example that a rule does not meet.
    pub fn unmet(&self, transform: &Transform, unmet: &Unmet) -> Finding {
        let place = self.rules.example_place(&transform.name, unmet.example);
        let place = place.unwrap_or_else(|| self.place(&transform.name));
        let key = format!("examples[{}]", unmet.example);
        let words = (format!("the example {}", unmet.reason), "correct the rule or the example".to_owned());
        let code = FindingCode::ExampleUnmet;
        self.finding(code, Some(&transform.name), place, Some(&key), Fragment::default(), words)
    }

    /// Why a file, or the rule `name`, cannot be used. Any other error is returned.
    pub fn refused(&self, name: Option<&str>, error: Error) -> Result<Finding, Error> {
        match self.rules.locate(error) {
            Error::ConfigInvalid { path, line, column, key, reason, suggestion } => {
                let is_of_rule = key.as_deref().is_some_and(|key| key.starts_with("transforms["));
                let code = if is_of_rule { FindingCode::InvalidRule } else { FindingCode::InvalidFile };
                let (place, words) =
                    (FilePlace { path, line, column }, (reason, suggestion.unwrap_or_default()));
                Ok(self.finding(code, name, place, key.as_deref(), Fragment::default(), words))
            }
            Error::InvalidSmirks { place, name, smirks, reason, position } => {
                let refused = ("smirks".to_owned(), smirks, reason, position);
                Ok(self.refused_pattern(
                    FindingCode::InvalidSmirks,
                    &name,
                    place.map(|place| *place),
                    refused,
                ))
            }
            Error::InvalidSmarts { place, name, key, smarts, reason, position } => {
                let refused = (key, smarts, reason, position);
                Ok(self.refused_pattern(
                    FindingCode::InvalidSmarts,
                    &name,
                    place.map(|place| *place),
                    refused,
                ))
            }
            other => Err(other),
        }
    }

    fn refused_pattern(
        &self,
        code: FindingCode,
        name: &str,
        place: Option<FilePlace>,
        (key, pattern, reason, position): (String, String, String, Option<usize>),
    ) -> Finding {
        let place = place.unwrap_or_else(|| self.place(name));
        let character = position.and_then(|position| pattern.chars().nth(position - 1)).map(String::from);
        let fragment = Fragment { pattern: Some(pattern), fragment: character, position };
        self.finding(code, Some(name), place, Some(&key), fragment, (reason, String::new()))
    }

    fn finding(
        &self,
        code: FindingCode,
        transform: Option<&str>,
        place: FilePlace,
        key: Option<&str>,
        fragment: Fragment,
        (effect, advice): (String, String),
    ) -> Finding {
        let FilePlace { path, line, column } = place;
        let Fragment { pattern, fragment, position } = fragment;
        let given = |number: u64| (number > 0).then_some(number);
        Finding {
            code,
            severity: code.severity(),
            transform: transform.map(str::to_owned),
            path,
            line: given(line),
            column: given(column),
            key: key.map(str::to_owned),
            pattern,
            fragment,
            position,
            effect,
            advice,
        }
    }
}
