//! The rules of a run, compiled: from the options to an engine.

use crate::engine::Engine;
use crate::error::{Error, ErrorClass};
use crate::examples;
use crate::legacy;
use crate::make_engine::{EngineSettings, MakeEngine};
use crate::options::ApplyOptions;
use crate::review_warnings::review_warnings;
use crate::transform::{Overrides, Rules, Transform};

/// Chosen rules and the engine that is made for them.
pub struct Compiled {
    /// The transforms, in the order of their files, then in file order.
    pub transforms: Vec<Transform>,
    /// The engine.
    pub engine: Box<dyn Engine>,
    /// What it was told.
    pub settings: EngineSettings,
    /// Warnings for the user: rules that were left out, what a review finds, and examples that are not met.
    pub warnings: Vec<String>,
    /// What the user of the files should know, for example that a column is not used.
    pub notices: Vec<String>,
    /// Rules that were left out because they cannot be used.
    pub rules_skipped: u64,
}

impl Compiled {
    /// Reads, selects and compiles the rules that `options` request.
    ///
    /// # Errors
    /// Those of the files, of the choice and of the rules, and [`Error::ExamplesUnmet`] with `strict`.
    pub fn new(options: &ApplyOptions, make_engine: &MakeEngine) -> Result<Self, Error> {
        let settings = options.engine_settings()?;
        let mut rules = options.rules()?;
        let mut chosen = rules.select(&options.choice())?;
        let mut left_out = rules.take_left_out();
        let make = |chosen: &[Transform]| {
            let mut transforms = chosen.to_vec();
            options.overrides().apply(&mut transforms)?;
            let engine = make_engine(&transforms, &settings).map_err(|error| rules.locate(error))?;
            let engine = legacy::around(engine, &transforms, settings.legacy)?;
            Ok((transforms, engine))
        };
        let made = match make(&chosen) {
            Err(error) if options.skip_bad_rules && is_of_a_rule(&error) => {
                left_out.extend(leave_out(&mut chosen, &rules, make_engine)?);
                if chosen.is_empty() { Err(error) } else { make(&chosen) }
            }
            made => made,
        };
        let (transforms, engine) = made?;
        let is_as_in_files =
            options.overrides() == Overrides::default() && settings == EngineSettings::default();
        let unmet = unmet_examples(&chosen, is_as_in_files, &*engine, make_engine)?;
        if options.strict && !unmet.is_empty() {
            return Err(Error::ExamplesUnmet { unmet });
        }
        let mut warnings: Vec<String> =
            left_out.iter().map(|error| format!("rule left out: {error}")).collect();
        warnings.extend(review_warnings(&chosen, &rules, &*engine));
        warnings.extend(unmet);
        let rules_skipped = left_out.len() as u64;
        let notices = rules.notices().into_iter().chain(settings.alerts.notices()).collect();
        Ok(Self { transforms, engine, settings, warnings, notices, rules_skipped })
    }
}

fn is_of_a_rule(error: &Error) -> bool {
    error.class() == ErrorClass::Config
}

/// Removes the rules of which no engine can be made, and returns their errors.
fn leave_out(
    chosen: &mut Vec<Transform>,
    rules: &Rules,
    make_engine: &MakeEngine,
) -> Result<Vec<Error>, Error> {
    let mut left_out = Vec::new();
    for transform in std::mem::take(chosen) {
        match make_engine(std::slice::from_ref(&transform), &EngineSettings::default()) {
            Ok(_) => chosen.push(transform),
            Err(error) if is_of_a_rule(&error) => left_out.push(rules.locate(error)),
            Err(error) => return Err(error),
        }
    }
    Ok(left_out)
}

/// One sentence per example that the `chosen` transforms do not reproduce with the settings of their files. `engine` has
/// those of the run, which may be the same (`is_as_in_files`).
fn unmet_examples(
    chosen: &[Transform],
    is_as_in_files: bool,
    engine: &dyn Engine,
    make_engine: &MakeEngine,
) -> Result<Vec<String>, Error> {
    if is_as_in_files || chosen.iter().all(|transform| transform.examples.is_empty()) {
        return examples::unmet(chosen, engine);
    }
    examples::unmet(chosen, &*make_engine(chosen, &EngineSettings::default())?)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::engine::{Batch, EngineOutput, EngineVersion, Worker};

    /// Makes no products.
    struct Idle;

    impl Engine for Idle {
        fn version(&self) -> EngineVersion {
            EngineVersion { name: "idle".into(), version: "1".into() }
        }

        fn product_templates(&self) -> &[u64] {
            &[1]
        }

        fn canonical_smiles(&self, texts: &[&str]) -> Result<Vec<Option<String>>, Error> {
            Ok(texts.iter().map(|text| Some((*text).to_owned())).collect())
        }

        fn worker(&self, _crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
            Ok(Box::new(Self))
        }
    }

    impl Worker for Idle {
        fn run(&mut self, _batch: Batch<'_>, _output: &mut EngineOutput) -> Result<(), Error> {
            Ok(())
        }
    }

    /// What is compiled of a file with this content; an engine is not made of a SMIRKS with `!`.
    fn compile(text: &str, change: fn(&mut ApplyOptions)) -> Result<Compiled, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.yaml");
        fs::write(&path, text).unwrap();
        let mut options = ApplyOptions::new("a", "b", path, vec!["all".to_owned()]);
        change(&mut options);
        Compiled::new(&options, &|transforms, _| match transforms
            .iter()
            .find(|transform| transform.smirks.contains('!'))
        {
            None => Ok(Box::new(Idle)),
            Some(Transform { name, smirks, .. }) => Err(Error::InvalidSmirks {
                place: None,
                name: name.clone(),
                smirks: smirks.clone(),
                reason: "no".into(),
                position: None,
            }),
        })
    }

    fn names(compiled: &Compiled) -> Vec<&str> {
        compiled.transforms.iter().map(|transform| transform.name.as_str()).collect()
    }

    const BAD: &str = "
transforms:
- {name: a, smirks: x}
- {name: b, smirks: 'y!'}
- {name: c, smirks: x, prob: 2}
- {name: d, smirks: '!', family: f}
- {name: e, smirks: x}
";

    #[test]
    fn bad_rules_are_left_out_and_counted() {
        assert_eq!(compile(BAD, |_| ()).err().unwrap().code(), "XFORM_CONFIG_INVALID");
        let compiled = compile(BAD, |options| {
            (options.skip_bad_rules, options.max_sites) = (true, Some(3));
        });
        let compiled = compiled.unwrap();
        assert_eq!((names(&compiled), compiled.rules_skipped), (vec!["a", "e"], 3));
        assert_eq!(compiled.transforms[1].max_sites_per_mol, Some(3));
        let places = ["t.yaml:5:30", "t.yaml:4:21", "t.yaml:6:21"];
        assert_eq!(compiled.warnings.len(), places.len(), "{:?}", compiled.warnings);
        for (warning, place) in compiled.warnings.iter().zip(places) {
            assert!(warning.starts_with("rule left out: ") && warning.contains(place), "{warning}");
        }
    }

    #[test]
    fn only_chosen_rules_are_compiled() {
        let text = BAD.replace(", prob: 2", "");
        let chosen = compile(&text, |options| options.xf_names = vec!["a".into(), "c".into()]).unwrap();
        assert_eq!((names(&chosen), chosen.rules_skipped), (vec!["a", "c"], 0));
        assert_eq!(compile(&text, |_| ()).err().unwrap().code(), "XFORM_INVALID_SMIRKS");
    }

    #[test]
    fn if_no_rule_is_left_the_first_fault_is_the_error() {
        let error = compile(BAD, |options| {
            (options.skip_bad_rules, options.xf_names) = (true, vec!["b".into(), "d".into()]);
        });
        assert!(
            matches!(error.err(), Some(Error::InvalidSmirks { name, place: Some(_), .. }) if name == "b")
        );
    }

    #[test]
    fn with_strict_an_example_that_is_not_met_is_an_error() {
        let text =
            "transforms:\n- {name: a, smirks: x, examples: [{in: C, out: N}, {none: C}, {in: C, out: O}]}\n";
        let compiled = compile(text, |_| ()).unwrap();
        assert_eq!(compiled.warnings.len(), 2, "{:?}", compiled.warnings);
        let Err(Error::ExamplesUnmet { unmet }) = compile(text, |options| options.strict = true) else {
            panic!()
        };
        assert_eq!(unmet, compiled.warnings);
        let met = "transforms: [{name: a, smirks: x, examples: [{none: C}]}]";
        assert!(compile(met, |options| options.strict = true).is_ok());
    }

    #[test]
    fn keys_without_effect_are_named_once() {
        let idle = "{name: a, smirks: x, apply_mode: per_site}, {name: b, smirks: x, apply_mode: per_site}";
        let text = format!("defaults: {{apply_mode: per_site}}\ntransforms: [{idle}]");
        let expected = ["keys without effect in the transform files: apply_mode"];
        assert_eq!(compile(&text, |_| ()).unwrap().notices, expected);
    }
}
