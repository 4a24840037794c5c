//! A trial: what transforms do to a few molecules.

use serde::Serialize;

use crate::codes::RejectCode;
use crate::engine::Engine;
use crate::error::Error;
use crate::library_rows::LibraryRows;
use crate::make_engine::MakeEngine;
use crate::options::{ApplyOptions, Command, Given, TryInput};
use crate::source::check_smiles;
use crate::transform::Transform;

/// What to try.
#[derive(Debug, Clone, Default)]
pub struct TryOptions {
    /// The library to take molecules from.
    pub molecules: TryInput,
    /// The transforms, their overrides, and how the file is read.
    pub run: ApplyOptions,
}

impl TryOptions {
    /// The options in `json`; see [`Given::read`].
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for an option that a trial does not have, or for an invalid value.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        Given::read(Command::TryTransform, json, |given| {
            Ok(Self { molecules: TryInput::read(given)?, run: ApplyOptions::read(given)? })
        })
    }
}

/// Transforms and the molecules to try them on.
pub struct Trial {
    /// The transforms, in the order of their files, then in file order.
    pub transforms: Vec<Transform>,
    /// The engine, made for them.
    pub engine: Box<dyn Engine>,
    /// The molecules: those that were passed, then those of the file.
    pub molecules: Vec<TriedMolecule>,
}

/// A molecule to try transforms on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TriedMolecule {
    /// Its row in the file; `None` if it was passed.
    pub source_row: Option<u64>,
    /// Its text.
    pub source_smiles: String,
    /// Why an engine cannot be asked.
    #[serde(skip)]
    pub fault: Option<RejectCode>,
}

impl Trial {
    /// Reads rules and molecules.
    ///
    /// # Errors
    /// Those of rules that cannot be used and of a file that cannot be read.
    pub fn prepare(
        smiles: Vec<String>,
        options: &TryOptions,
        make_engine: &MakeEngine,
    ) -> Result<Self, Error> {
        let TryOptions { molecules: given, run } = options;
        run.check_ranges()?;
        run.check_sources()?;
        if smiles.is_empty() && given.input.is_empty() {
            return Err(TryInput::input.refuse("is required, unless there are molecules"));
        }
        let rules = run.rules()?;
        let mut transforms = rules.select(&run.choice())?;
        run.overrides().apply(&mut transforms)?;
        let engine =
            make_engine(&transforms, &run.engine_settings()?).map_err(|error| rules.locate(error))?;
        let mut molecules: Vec<TriedMolecule> = smiles.into_iter().map(passed).collect();
        if !given.input.is_empty() {
            let library = LibraryRows::open(&given.input, run, &*engine, &|| Ok(()))?;
            molecules.extend(library.first(given.limit)?.into_iter().map(|row| TriedMolecule {
                source_row: Some(row.source_row),
                source_smiles: row.source_smiles,
                fault: row.fault,
            }));
        }
        Ok(Self { transforms, engine, molecules })
    }
}

fn passed(source_smiles: String) -> TriedMolecule {
    let fault = check_smiles(source_smiles.as_bytes()).err();
    TriedMolecule { source_row: None, source_smiles, fault }
}
