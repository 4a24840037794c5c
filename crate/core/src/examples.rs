//! The examples of a transform file, checked before a run.

use std::collections::BTreeSet;

use crate::engine::{Batch, Engine, EngineOutput, SmilesBatch};
use crate::error::Error;
use crate::transform::{Example, Expected, Transform};

/// One molecule of an example.
struct Case<'a> {
    /// Position of the transform.
    transform: usize,
    /// Position of the example.
    example: usize,
    /// The parent.
    smiles: &'a str,
    /// Its products; `None` if there must not be a site.
    expected: Option<&'a Expected>,
}

/// What the engine made of a case.
#[derive(Default)]
struct Made {
    products: Vec<String>,
    /// Whether the transform ran a site.
    has_site: bool,
    /// Why the parent could not be used.
    refused: Option<String>,
}

/// An example that its transform does not reproduce.
pub struct Unmet {
    /// Position of the transform.
    pub transform: usize,
    /// Position of the example in the transform.
    pub example: usize,
    /// The parent and what is wrong, worded to follow `the example`.
    pub reason: String,
}

/// One sentence per example that its transform does not reproduce. Molecules are compared, not their spellings.
pub fn unmet(transforms: &[Transform], engine: &dyn Engine) -> Result<Vec<String>, Error> {
    let sentence = |Unmet { transform, reason, .. }| {
        format!("transform {:?}: the example {reason}", transforms[transform].name)
    };
    Ok(all_unmet(transforms, engine)?.into_iter().map(sentence).collect())
}

/// The examples that their transforms do not reproduce. Molecules are compared, not their spellings.
pub fn all_unmet(transforms: &[Transform], engine: &dyn Engine) -> Result<Vec<Unmet>, Error> {
    let cases = cases(transforms);
    if cases.is_empty() {
        return Ok(Vec::new());
    }
    let mut unmet = Vec::new();
    for (case, made) in cases.iter().zip(run(&cases, engine)?) {
        if let Some(reason) = case.fault(made, engine)? {
            let reason = format!("{:?} {reason}", case.smiles);
            unmet.push(Unmet { transform: case.transform, example: case.example, reason });
        }
    }
    Ok(unmet)
}

fn cases(transforms: &[Transform]) -> Vec<Case<'_>> {
    let mut cases = Vec::new();
    for (transform, Transform { examples, .. }) in transforms.iter().enumerate() {
        for (example, given) in examples.iter().enumerate() {
            let case = |smiles, expected| Case { transform, example, smiles, expected };
            match given {
                Example::Gives { input, output } => cases.push(case(input, Some(output))),
                Example::Nowhere { none } => cases.extend(none.iter().map(|smiles| case(smiles, None))),
            }
        }
    }
    cases
}

fn run(cases: &[Case<'_>], engine: &dyn Engine) -> Result<Vec<Made>, Error> {
    let mut batch = SmilesBatch::default();
    cases.iter().for_each(|case| batch.push(case.smiles.as_bytes()));
    let mut output = EngineOutput::default();
    engine.worker(None)?.run(Batch::new(&batch), &mut output)?;

    let mut made: Vec<Made> = cases.iter().map(|_| Made::default()).collect();
    let products = &output.products;
    for index in 0..products.len() {
        let row = products.row[index] as usize;
        if usize::from(products.transform[index]) == cases[row].transform {
            made[row].products.push(String::from_utf8_lossy(products.smiles.get(index)).into_owned());
            made[row].has_site = true;
        }
    }
    for failure in &output.failures {
        let row = failure.row as usize;
        match failure.transform {
            None => made[row].refused = Some(failure.reason.clone()),
            Some(transform) => made[row].has_site |= usize::from(transform) == cases[row].transform,
        }
    }
    Ok(made)
}

impl Case<'_> {
    /// How `made` differs from the example; `None` if it does not.
    fn fault(&self, made: Made, engine: &dyn Engine) -> Result<Option<String>, Error> {
        if let Some(reason) = made.refused {
            return Ok(Some(format!("cannot be used: {reason}")));
        }
        let gives = || format!("it gives [{}]", made.products.join(", "));
        Ok(match self.expected {
            None => made.has_site.then(|| format!("has a site; {}", gives())),
            Some(Expected::Among(one)) => {
                let is_met = made.products.contains(one) || {
                    let (wanted, found) = (canonical(&[one], engine)?, canonical(&made.products, engine)?);
                    wanted.is_subset(&found)
                };
                (!is_met).then(|| format!("does not give {one:?}; {}", gives()))
            }
            Some(Expected::Exactly(all)) => {
                let is_met = canonical(all, engine)? == canonical(&made.products, engine)?;
                (!is_met).then(|| format!("does not give exactly [{}]; {}", all.join(", "), gives()))
            }
        })
    }
}

/// The molecules, each by its canonical SMILES. A text that is not a molecule stands for itself.
fn canonical(texts: &[impl AsRef<str>], engine: &dyn Engine) -> Result<BTreeSet<String>, Error> {
    let texts: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    let canonical = engine.canonical_smiles(&texts)?;
    Ok(texts.into_iter().zip(canonical).map(|(text, own)| own.unwrap_or_else(|| text.to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::engine::{EngineVersion, Failure, RejectCode, Stage, Worker};

    /// Gives each letter of a molecule as a product, except that `x` fails and `-` is not a site; `!` is not a molecule.
    /// The case of letters is spelling.
    struct Letters;

    impl Engine for Letters {
        fn version(&self) -> EngineVersion {
            EngineVersion { name: "letters".into(), version: "1".into() }
        }

        fn product_templates(&self) -> &[u64] {
            &[1]
        }

        fn canonical_smiles(&self, texts: &[&str]) -> Result<Vec<Option<String>>, Error> {
            Ok(texts.iter().map(|text| (*text != "!").then(|| text.to_lowercase())).collect())
        }

        fn worker(&self, _crash_record: Option<&Path>) -> Result<Box<dyn Worker>, Error> {
            Ok(Box::new(Self))
        }
    }

    impl Worker for Letters {
        fn run(&mut self, batch: Batch<'_>, output: &mut EngineOutput) -> Result<(), Error> {
            let failure = |row, transform| Failure {
                row,
                transform,
                site: transform.map(|_| 0),
                stage: Stage::Parse,
                code: RejectCode::Syntax,
                reason: "no".to_owned(),
            };
            for row in 0..batch.smiles.len() {
                for letter in batch.smiles.get(row) {
                    match letter {
                        b'!' => output.failures.push(failure(row as u32, None)),
                        b'x' => output.failures.push(failure(row as u32, Some(1))),
                        b'-' => {}
                        _ => output.products.push(row as u32, 1, (0, 0), &[*letter]),
                    }
                }
                output.products.push(row as u32, 0, (0, 0), b"other");
            }
            Ok(())
        }
    }

    /// What is wrong with an example of the second of two transforms.
    fn fault(example: Example) -> Option<String> {
        let (first, second) = (Transform::new("A", ""), Transform::new("B", ""));
        let transforms = [first, Transform { examples: vec![example], ..second }];
        let unmet = unmet(&transforms, &Letters).unwrap();
        assert!(unmet.len() <= 1, "{unmet:?}");
        unmet.first().map(|fault| fault.strip_prefix("transform \"B\": the example ").unwrap().to_owned())
    }

    fn gives(input: &str, output: Expected) -> Option<String> {
        fault(Example::Gives { input: input.into(), output })
    }

    fn texts(all: &[&str]) -> Vec<String> {
        all.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn one_product_is_among_the_products_in_any_spelling() {
        let among = |output: &str| gives("ab", Expected::Among(output.into()));
        assert_eq!([among("a"), among("B")], [None, None]);
        assert_eq!(among("c").as_deref(), Some("\"ab\" does not give \"c\"; it gives [a, b]"));
        assert!(among("other").is_some(), "a product of the other transform");
        assert!(among("!").is_some(), "not a molecule");
    }

    #[test]
    fn a_list_is_all_products_and_no_others() {
        let exactly = |input: &str, all: &[&str]| gives(input, Expected::Exactly(texts(all)));
        assert_eq!([exactly("ab", &["B", "a"]), exactly("-", &[])], [None, None]);
        let fault = exactly("ab", &["a"]);
        assert_eq!(fault.as_deref(), Some("\"ab\" does not give exactly [a]; it gives [a, b]"));
        assert!(exactly("ab", &["a", "b", "c"]).is_some());
        assert!(exactly("ab", &[]).is_some());
    }

    #[test]
    fn none_is_a_molecule_without_a_site() {
        let nowhere = |none: &[&str]| fault(Example::Nowhere { none: texts(none) });
        assert_eq!(nowhere(&["-", "--"]), None);
        assert_eq!(nowhere(&["-", "a"]).as_deref(), Some("\"a\" has a site; it gives [a]"));
        assert_eq!(nowhere(&["-x"]).as_deref(), Some("\"-x\" has a site; it gives []"), "a site that fails");
    }

    #[test]
    fn a_parent_that_is_not_a_molecule_is_named() {
        assert_eq!(gives("!", Expected::Among("a".into())).as_deref(), Some("\"!\" cannot be used: no"));
        assert!(fault(Example::Nowhere { none: texts(&["!"]) }).is_some());
    }
}
