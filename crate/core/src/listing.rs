//! Rules as people look for them: those of some files in short ([`list_rules`]), one of them at length ([`show_rule`]).
//!
//! A rule that the engine refuses is listed and shown as well, with the reason: whoever looks at a file wants to see
//! all of it.

use serde::Serialize;

use crate::description::Description;
use crate::error::Error;
use crate::examples;
use crate::explanation::Explanation;
use crate::make_engine::{EngineSettings, MakeEngine};
use crate::options::{ApplyOptions, Command, Given, ListingInput};
use crate::review_warnings::review_warnings;
use crate::transform::{Choice, Rules, Transform};

/// A place in a transform file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RulePlace {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
}

/// A rule in short.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListedRule {
    /// Unique name.
    pub name: String,
    /// Identifier of the rule.
    pub code: Option<String>,
    /// Identifier in earlier versions.
    pub legacy_rule_id: Option<String>,
    /// Grouping.
    pub family: Option<String>,
    /// Classes the rule is meant for.
    pub scope_classes: Vec<String>,
    /// Short text for people.
    pub label: Option<String>,
    /// The reaction.
    pub smirks: String,
    /// Where it stands.
    pub place: Option<RulePlace>,
    /// Its templates in one line; `None` if it is refused.
    pub picture: Option<String>,
    /// What changes, in a few words; `None` if it is refused.
    pub change: Option<String>,
    /// Why the engine refuses it.
    pub refused: Option<String>,
}

/// The rules of some files.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Listing {
    /// In the order of the files.
    pub rules: Vec<ListedRule>,
    /// What the reader of the files should know.
    pub notices: Vec<String>,
}

/// A rule at length.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ShownRule {
    /// The rule as its file has it.
    #[serde(flatten)]
    pub transform: Transform,
    /// Where it stands.
    pub place: Option<RulePlace>,
    /// What it does; `None` if it is refused.
    pub description: Option<Description>,
    /// How it is carried out; `None` if it is refused.
    pub explanation: Option<Explanation>,
    /// The warnings of the toolkit's own check.
    pub warnings: Vec<String>,
    /// For each of its examples why it is not met; `None` if it is. Empty if the rule is refused.
    pub unmet: Vec<Option<String>>,
    /// The reaction as SVG; `None` if it is refused.
    pub svg: Option<String>,
    /// Why the engine refuses it.
    pub refused: Option<String>,
}

/// Lists the rules that the options in `json` ask for.
///
/// # Errors
/// [`Error::InvalidOption`], also for a family, class or word that no rule has; those of [`Rules::load`].
pub fn list_rules(json: &str, make_engine: &MakeEngine) -> Result<Listing, Error> {
    let read = |given: &mut Given| Ok((ListingInput::read(given)?, ApplyOptions::read(given)?));
    let (ListingInput { files, search }, ApplyOptions { family, scope, .. }) =
        Given::read(Command::ListRules, json, read)?;
    let rules = Rules::load(&files)?;
    let choice = Choice { families: &family, scopes: &scope, ..Choice::default() };
    let mut chosen = rules.select(&choice)?;
    if let Some(word) = &search {
        chosen.retain(|transform| has(transform, word));
        if chosen.is_empty() {
            let reason = format!("no rule has {word:?}{}", rules.meant(word));
            return Err(ListingInput::search.refuse(reason));
        }
    }
    let listed = chosen.into_iter().map(|transform| listed(transform, &rules, make_engine));
    Ok(Listing { rules: listed.collect::<Result<_, _>>()?, notices: rules.notices().to_vec() })
}

fn has(transform: &Transform, word: &str) -> bool {
    let word = word.to_lowercase();
    let Transform { code, legacy_rule_id, label, family, .. } = transform;
    let texts = [code, legacy_rule_id, label, family].into_iter().flatten();
    let all = texts.chain([&transform.name, &transform.smirks]);
    all.into_iter().any(|text| text.to_lowercase().contains(&word))
}

fn listed(transform: Transform, rules: &Rules, make_engine: &MakeEngine) -> Result<ListedRule, Error> {
    let described = described(&transform, make_engine)?;
    let (description, refused) = (described.as_ref().ok(), described.as_ref().err());
    Ok(ListedRule {
        place: place(&transform.name, rules),
        picture: description.map(|description| description.picture.clone()),
        change: description.map(|description| description.change.clone()),
        refused: refused.cloned(),
        name: transform.name,
        code: transform.code,
        legacy_rule_id: transform.legacy_rule_id,
        family: transform.family,
        scope_classes: transform.scope_classes,
        label: transform.label,
        smirks: transform.smirks,
    })
}

/// The description, or why the engine refuses the transform.
fn described(transform: &Transform, make_engine: &MakeEngine) -> Result<Result<Description, String>, Error> {
    match make_engine(std::slice::from_ref(transform), &EngineSettings::default()) {
        Ok(engine) => Ok(Ok(engine.describe()?.pop().unwrap_or_default())),
        Err(error) => refusal(error).map(Err),
    }
}

/// Why a transform is refused; any other error remains one.
fn refusal(error: Error) -> Result<String, Error> {
    match error {
        Error::InvalidSmirks { reason, .. } => Ok(format!("smirks: {reason}")),
        Error::InvalidSmarts { reason, .. } => Ok(format!("query_smarts: {reason}")),
        other => Err(other),
    }
}

fn place(name: &str, rules: &Rules) -> Option<RulePlace> {
    let place = rules.place(name)?;
    Some(RulePlace { file: place.path.display().to_string(), line: place.line })
}

/// Shows the rule that is called `name` in the files that the options in `json` name.
///
/// # Errors
/// [`Error::UnknownTransform`] with the nearest names, [`Error::AmbiguousTransform`]; those of [`Rules::load`].
pub fn show_rule(name: &str, json: &str, make_engine: &MakeEngine) -> Result<ShownRule, Error> {
    let options = ApplyOptions::from_json(Command::ShowRule, json)?;
    let rules = Rules::load(&options.xf_config)?;
    let transform = rules.find(name)?;
    let mut shown = ShownRule {
        place: place(&transform.name, &rules),
        transform,
        description: None,
        explanation: None,
        warnings: Vec::new(),
        unmet: Vec::new(),
        svg: None,
        refused: None,
    };
    let engine = match make_engine(std::slice::from_ref(&shown.transform), &EngineSettings::default()) {
        Ok(engine) => engine,
        Err(error) => return Ok(ShownRule { refused: Some(refusal(error)?), ..shown }),
    };
    shown.description = engine.describe()?.pop();
    shown.explanation = engine.explain()?.pop();
    shown.warnings = review_warnings(std::slice::from_ref(&shown.transform), &rules, &*engine);
    shown.svg = Some(engine.draw_reaction(0)?);
    for example in &shown.transform.examples {
        let only = Transform { examples: vec![example.clone()], ..shown.transform.clone() };
        let unmet = examples::unmet(&[only], &*engine)?;
        shown.unmet.push((!unmet.is_empty()).then(|| unmet.join("; ")));
    }
    Ok(shown)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use serde_json::json;

    use super::*;
    use crate::engine::{Engine, EngineVersion, Worker};

    /// Describes each transform by its SMIRKS, and refuses `BAD`.
    struct Mirror(Vec<Description>);

    impl Engine for Mirror {
        fn version(&self) -> EngineVersion {
            EngineVersion { name: "mirror".into(), version: "1".into() }
        }

        fn product_templates(&self) -> &[u64] {
            &[1]
        }

        fn describe(&self) -> Result<Vec<Description>, Error> {
            Ok(self.0.clone())
        }

        fn worker(&self, _crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
            Err(Error::internal("not needed"))
        }
    }

    fn mirror(transforms: &[Transform], _settings: &EngineSettings) -> Result<Box<dyn Engine>, Error> {
        let describe = |transform: &Transform| match transform.smirks.as_str() {
            "BAD" => Err(Error::InvalidSmirks {
                place: None,
                name: transform.name.clone(),
                smirks: "BAD".into(),
                reason: "it is bad".into(),
                position: None,
            }),
            picture => Ok(Description { picture: picture.into(), ..Description::default() }),
        };
        Ok(Box::new(Mirror(transforms.iter().map(describe).collect::<Result<_, _>>()?)))
    }

    const FILE: &str = "version: 1\ntransforms:\n  - {name: ether, smirks: 'CO>>COC', legacy_rule_id: OH_1, family: f}\n  \
                        - {name: worse, smirks: BAD, family: g, label: Broken}\n";

    fn listing(more: serde_json::Value) -> Result<Listing, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rules.yaml");
        fs::write(&path, FILE).unwrap();
        let mut options = json!({ "files": [path] });
        options.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        list_rules(&options.to_string(), &mirror)
    }

    fn names(more: serde_json::Value) -> Vec<String> {
        listing(more).unwrap().rules.into_iter().map(|rule| rule.name).collect()
    }

    #[test]
    fn a_refused_rule_is_listed_with_the_reason() {
        let rules = listing(json!({})).unwrap().rules;
        assert_eq!((rules[0].picture.as_deref(), &rules[0].refused), (Some("CO>>COC"), &None));
        assert_eq!((&rules[1].picture, rules[1].refused.as_deref()), (&None, Some("smirks: it is bad")));
        assert_eq!(rules[1].place.as_ref().map(|place| place.line), Some(4));
    }

    #[test]
    fn family_and_search_leave_out_rules() {
        assert_eq!(names(json!({ "family": "g" })), ["worse"]);
        for word in ["ETH", "oh_", "coc"] {
            assert_eq!(names(json!({ "search": word })), ["ether"], "{word}");
        }
        assert_eq!(names(json!({ "search": "broken" })), ["worse"]);
        assert_eq!(names(json!({ "search": "e" })), ["ether", "worse"]);
    }

    #[test]
    fn what_no_rule_has_is_refused_with_the_nearest_names() {
        let error = listing(json!({ "search": "ehter" })).unwrap_err().to_string();
        assert_eq!(error, "search: no rule has \"ehter\"; did you mean \"ether\"?");
        assert!(listing(json!({ "family": "h" })).is_err());
    }
}
