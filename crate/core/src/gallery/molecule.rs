//! The molecules of a gallery, as its pages have them, and how they are read from a table and drawn.

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Int32Type;
use serde::Serialize;
use serde_json::value::RawValue;

use super::plan::Plan;
use super::values::{as_json, shortened};
use crate::drawing::{Illustrator, Origin, Picture};
use crate::engine::Engine;
use crate::error::Error;
use crate::source::Chunk;
use crate::strings::Notation;
use crate::transform::Transform;
use crate::writers::{Values, json_options, rows_in_utc};

/// A molecule; `GalleryMolecule` in `src/pages/gallery/data.ts`.
#[derive(Debug, Clone, Serialize)]
pub struct Molecule {
    /// Its row in the table, from 0.
    pub row: u64,
    /// What names it.
    pub id: Option<String>,
    /// Its SMILES; empty if there is none.
    pub smiles: String,
    /// The transform that made it.
    pub rule: Option<String>,
    /// What it was made of.
    pub parent: Option<Parent>,
    /// Its values of the shown columns.
    pub values: Vec<Box<RawValue>>,
    /// For each query, whether it has a match.
    pub matches: Vec<bool>,
    /// In an index, the page that has its drawing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u64>,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drawing: Option<String>,
    /// That of its parent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_drawing: Option<String>,
    /// Why a picture is missing, or why two are not aligned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// Where it was made.
    #[serde(skip)]
    site: Site,
}

/// What a molecule was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Parent {
    /// What names it.
    pub id: Option<String>,
    /// Its SMILES.
    pub smiles: String,
}

#[derive(Debug, Clone, Default)]
struct Site {
    atoms: Vec<i32>,
    product_atoms: Vec<i32>,
    product_index: i32,
}

impl Molecule {
    /// Draws the molecule, beside its parent if it has one. `transforms` are those that the illustrator was made with.
    ///
    /// # Errors
    /// An internal error.
    pub fn draw(&mut self, illustrator: &mut dyn Illustrator, transforms: &[Transform]) -> Result<(), Error> {
        if self.fault.is_some() {
            return Ok(());
        }
        let Site { atoms, product_atoms, product_index } = &self.site;
        let Picture { svg, parent_svg, fault, matches } = match &self.parent {
            None => illustrator.molecule(&self.smiles, product_atoms)?,
            // Nothing in the table says how the two belong together.
            Some(parent) if transforms.is_empty() => {
                let of_parent = illustrator.molecule(&parent.smiles, atoms)?;
                let own = illustrator.molecule(&self.smiles, product_atoms)?;
                Picture { parent_svg: of_parent.svg, fault: own.fault.or(of_parent.fault), ..own }
            }
            Some(parent) => {
                let is_its = |transform: &Transform| Some(&transform.name) == self.rule.as_ref();
                let origin = Origin {
                    parent: &parent.smiles,
                    site_atoms: atoms,
                    product_index: *product_index,
                    transform: transforms.iter().position(is_its),
                };
                illustrator.product(&self.smiles, product_atoms, &origin)?
            }
        };
        (self.drawing, self.parent_drawing, self.fault, self.matches) = (svg, parent_svg, fault, matches);
        Ok(())
    }

    /// The molecule without its pictures, for this reason.
    pub fn undrawn(self, reason: &str) -> Self {
        Self { drawing: None, parent_drawing: None, fault: Some(reason.to_owned()), ..self }
    }

    /// The molecule as an index lists it, which has its pictures on that page.
    pub fn listed(self, page: u64) -> Self {
        Self { drawing: None, parent_drawing: None, page: Some(page), ..self }
    }
}

/// The molecules in the rows at `met` of `chunk`, whose first row is `first` in the table. `queries` is the number of
/// queries; `cut` counts the texts that are cut.
///
/// # Errors
/// Those of the engine, and internal ones.
pub fn read(
    chunk: &Chunk,
    met: &[u32],
    first: u64,
    plan: &Plan,
    (engine, queries): (&dyn Engine, usize),
    cut: &mut u64,
) -> Result<Vec<Molecule>, Error> {
    let texts = texts_of(chunk, engine)?;
    let columns = rows_in_utc(&chunk.columns).map_err(broken)?;
    let (schema, options) = (columns.schema(), json_options());
    let mut cells = Cells { values: Values::new(&columns, schema.fields(), &options).map_err(broken)?, cut };
    let molecule = |&row: &u32| {
        let index = row as usize;
        let (smiles, fault) = texts[index].clone();
        let mut values = Vec::with_capacity(plan.shown.len());
        for (place, column) in &plan.shown {
            let text = cells.exact(Some(*place), index)?;
            values.push(as_json(column.kind, text.as_deref(), cells.cut)?);
        }
        let parent = cells.exact(plan.parent, index)?;
        Ok(Molecule {
            row: first + u64::from(row),
            id: cells.text(plan.id, index)?,
            smiles,
            rule: cells.exact(plan.rule, index)?,
            parent: match parent {
                Some(smiles) => Some(Parent { id: cells.text(plan.parent_id, index)?, smiles }),
                None => None,
            },
            values,
            matches: vec![false; queries],
            page: None,
            drawing: None,
            parent_drawing: None,
            fault,
            site: Site {
                atoms: atoms(&columns, plan.site_atoms, index),
                product_atoms: atoms(&columns, plan.product_site_atoms, index),
                product_index: whole(&columns, plan.product_index, index),
            },
        })
    };
    met.iter().map(molecule).collect()
}

/// The SMILES of each row, and why there is none.
fn texts_of(chunk: &Chunk, engine: &dyn Engine) -> Result<Vec<(String, Option<String>)>, Error> {
    let text = |bytes: &[u8]| (String::from_utf8_lossy(bytes).into_owned(), None);
    let mut texts: Vec<_> = match chunk.smiles.notation() {
        Notation::Smiles => (0..chunk.smiles.len()).map(|row| text(chunk.smiles.get(row))).collect(),
        Notation::MolBlock => {
            let read = engine.read_rows(&chunk.smiles)?;
            let mut texts: Vec<_> = (0..read.smiles.len()).map(|row| text(read.smiles.get(row))).collect();
            for failure in read.failures {
                if let Some((_, fault)) = texts.get_mut(failure.row as usize) {
                    *fault = Some(failure.reason);
                }
            }
            texts
        }
    };
    for fault in &chunk.faults {
        texts[fault.row as usize] =
            (fault.text.clone().unwrap_or_default(), Some(format!("not drawn: {}", fault.in_words())));
    }
    Ok(texts)
}

struct Cells<'a, 'c> {
    values: Values<'a>,
    cut: &'c mut u64,
}

impl Cells<'_, '_> {
    /// A value as text, cut if it is long.
    fn text(&mut self, place: Option<usize>, row: usize) -> Result<Option<String>, Error> {
        Ok(self.exact(place, row)?.map(|text| shortened(&text, self.cut)))
    }

    /// A value as text.
    fn exact(&mut self, place: Option<usize>, row: usize) -> Result<Option<String>, Error> {
        let Some(place) = place else { return Ok(None) };
        let mut text = String::new();
        let is_there = self.values.read(place, row, &mut text).map_err(broken)?;
        Ok(is_there.then_some(text))
    }
}

/// A list of atoms; empty if there is none of this type.
fn atoms(columns: &RecordBatch, place: Option<usize>, row: usize) -> Vec<i32> {
    let list = place.and_then(|place| columns.column(place).as_list_opt::<i32>());
    let list = list.filter(|list| list.is_valid(row)).map(|list| list.value(row));
    let atoms = list.as_ref().and_then(|list| list.as_primitive_opt::<Int32Type>());
    atoms.map(|atoms| atoms.values().to_vec()).unwrap_or_default()
}

/// A number; 0 if there is none of this type.
fn whole(columns: &RecordBatch, place: Option<usize>, row: usize) -> i32 {
    let numbers = place.and_then(|place| columns.column(place).as_primitive_opt::<Int32Type>());
    numbers.filter(|numbers| numbers.is_valid(row)).map_or(0, |numbers| numbers.value(row))
}

fn broken(error: arrow::error::ArrowError) -> Error {
    Error::internal(format!("reading values for a gallery: {error}"))
}
