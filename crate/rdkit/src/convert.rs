//! Conversions between core's types and the kernel's.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

use arrow::array::{ArrayRef, BooleanArray, Float64Array, Int32Array, ListArray, StringArray};
use arrow::buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use arrow::error::ArrowError;
use xform_core::alerts::{Alert, Alerts};
use xform_core::description::{Depiction, Description, Statement};
use xform_core::engine::{
    EngineOutput, Failure, FoundSite, InHand, Limits, Notation, Products, Rechecked, RejectCode, SiteAtom,
    Skip, Stage, Step, Strings, int_list, text_list,
};
use xform_core::error::Difference;
use xform_core::explanation::{Explanation, ProductPath};
use xform_core::findings::{Diagnosis, FindingCode, PatternKey};
use xform_core::properties::DeclaredProperty;
use xform_core::totals::{ChargedRows, RecheckCounts, RowOutcome, RowResult, Tally};
use xform_core::{EngineSettings, Error, PropertyColumn};
use xform_rdkit_sys::{
    self as sys, BatchResults, ColumnType, ColumnView, CompileError, Kernel, KernelSetupError, RowView,
};

use crate::in_characters;

/// An error that only a bug can cause.
pub fn internal(reason: impl Display) -> Error {
    Error::internal(reason.to_string())
}

/// Why a site of an edited transform may still take the plain path: the proof is about a single site.
const EDIT_REASON: &str = "each product is an edit of its parent; a site for which it cannot be proved that an edit gives the \
                           same takes the plain path";

/// The kernel's description of a transform.
pub fn explanation(plain_because: Option<String>, prefilter: String) -> Explanation {
    let (path, reason) = match plain_because {
        None => (ProductPath::Edit, EDIT_REASON.to_owned()),
        Some(reason) => {
            (ProductPath::Plain, format!("no edit can do what a product template requires: {reason}"))
        }
    };
    Explanation { path, reason, prefilter }
}

/// The kernel's words about a transform.
pub fn description(found: sys::TransformDescription) -> Result<Description, Error> {
    let sys::TransformDescription { picture, change, statements } = found;
    let statement = |sys::TransformStatement { topic, text }| {
        Ok(Statement { topic: serde_json::from_value(topic.into()).map_err(internal)?, text })
    };
    let statements = statements.into_iter().map(statement).collect::<Result<_, Error>>()?;
    Ok(Description { picture, change, statements })
}

/// A molecule for the kernel to draw.
pub fn depiction(molecule: &Depiction) -> sys::DepictedMolecule {
    let Depiction { smiles, atoms, caption } = molecule.clone();
    sys::DepictedMolecule { smiles, atoms, caption }
}

/// The findings of the kernel's review of a transform, and those `warnings` of RDKit's validation that it does not give.
pub fn diagnoses(found: Vec<sys::Finding>, warnings: &[String]) -> Result<Vec<Diagnosis>, Error> {
    let mut found: Vec<_> = found.into_iter().map(diagnosis).collect::<Result<_, _>>()?;
    found.extend(validation(warnings, &found));
    Ok(found)
}

fn diagnosis(found: sys::Finding) -> Result<Diagnosis, Error> {
    let sys::Finding { code, pattern, span, effect, advice } = found;
    let key = match pattern {
        sys::ReviewedPattern::Smirks => PatternKey::Smirks,
        sys::ReviewedPattern::QuerySmarts => PatternKey::QuerySmarts,
        sys::ReviewedPattern::NotSmarts(entry) => PatternKey::NotSmarts(entry),
    };
    let known = FindingCode::from_name(&code);
    let code =
        known.ok_or_else(|| internal(format!("the kernel finds {code:?}, which is not in the list")))?;
    Ok(Diagnosis { code, key, span, effect, advice })
}

/// Those `warnings` of RDKit's validation that none of the findings in `found` gives with its place.
fn validation(warnings: &[String], found: &[Diagnosis]) -> Vec<Diagnosis> {
    let is_found = |codes: &[FindingCode]| found.iter().any(|diagnosis| codes.contains(&diagnosis.code));
    let is_said =
        |warning: &str| SAID_BY.iter().any(|(words, codes)| warning.contains(words) && is_found(codes));
    let diagnosis = |warning: &String| Diagnosis {
        code: FindingCode::RdkitValidation,
        key: PatternKey::Smirks,
        span: None,
        effect: format!("RDKit's validation says: {warning}"),
        advice: String::new(),
    };
    warnings.iter().filter(|warning| !is_said(warning)).map(diagnosis).collect()
}

/// Words of RDKit's validation, each with the findings that say the same.
const SAID_BY: [(&str, &[FindingCode]); 4] = [
    ("has no mapped atoms", &[FindingCode::NoMappedAtom]),
    ("not found in reactants", &[FindingCode::MapOnlyInProduct]),
    ("found multiple times", &[FindingCode::MapTwice]),
    ("were not mapped in the products", &[FindingCode::MapOnlyInReactant]),
];

/// The sites that the kernel lists.
pub fn sites(list: sys::SiteList) -> Vec<FoundSite> {
    let sys::SiteList { symbols, sites } = list;
    let atom =
        |index: u32| SiteAtom { index, symbol: symbols.get(index as usize).cloned().unwrap_or_default() };
    let site = |site: sys::ListedSite| FoundSite {
        index: site.index,
        atoms: site.atoms.into_iter().map(atom).collect(),
        excluded_by: Some(site.excluded_by).filter(|filter| !filter.is_empty()),
    };
    sites.into_iter().map(site).collect()
}

/// The settings for the kernel, which knows limits, properties and catalogs by the same names.
pub fn settings(settings: &EngineSettings) -> Result<sys::Settings, Error> {
    let EngineSettings {
        limits,
        standardize,
        properties,
        parent_properties,
        mapped,
        cxsmiles,
        keep_salts,
        alerts,
        legacy: _, // core adds the predecessor's columns
    } = settings;
    let declared = sys::declared_properties().map_err(internal)?;
    let declared = declared
        .into_iter()
        .map(|sys::PropertyInfo { name, is_quick, .. }| DeclaredProperty { name, is_quick });
    let mut columns = properties.of(&declared.collect::<Vec<_>>())?;
    if *parent_properties {
        let of_parents: Vec<String> = columns.iter().map(|name| of_parent(name)).collect();
        columns.extend(of_parents);
    }
    if !alerts.is_empty() {
        columns.push(sys::ALERTS.to_owned());
    }
    Ok(sys::Settings {
        limits: self::limits(*limits)?,
        standardize: standardize.function().map(str::to_owned),
        columns,
        alerts: self::alerts(alerts)?,
        mapped: *mapped,
        cxsmiles: *cxsmiles,
        keep_salts: *keep_salts,
    })
}

/// The column of a parent's property.
fn of_parent(name: &str) -> String {
    format!("{}{name}", sys::OF_PARENT)
}

fn alerts(alerts: &Alerts) -> Result<sys::Alerts, Error> {
    let declared = sys::alert_catalogs().map_err(internal)?;
    alerts.check_catalogs(&declared.into_iter().map(|catalog| catalog.name).collect::<Vec<_>>())?;
    let own = alerts.tables.iter().flat_map(|table| &table.alerts);
    let own =
        own.map(|Alert { name, smarts, .. }| sys::AlertSpec { name: name.clone(), smarts: smarts.clone() });
    Ok(sys::Alerts { catalogs: alerts.catalogs.clone(), own: own.collect() })
}

/// The error of settings that a kernel cannot follow; `alerts` are those of the settings.
fn unusable_settings(error: CompileError, alerts: &Alerts) -> Error {
    let CompileError::Alert(mut index, fault) = error else { return internal(error) };
    for table in &alerts.tables {
        match index.checked_sub(table.alerts.len()) {
            Some(rest) => index = rest,
            None => {
                let (reason, _) = in_characters(fault, &table.alerts[index].smarts);
                return table.refuse(index, &reason);
            }
        }
    }
    internal(format!("the kernel refuses an alert that it was not given: {}", fault.reason))
}

/// The columns that may be asked for by their names: the product with map numbers, and all properties of products and of
/// their parents, with their types.
pub fn columns_by_name() -> Result<Fields, Error> {
    let declared = sys::declared_properties().map_err(internal)?;
    let mapped = [(sys::MAPPED.to_owned(), ColumnType::Text)];
    let columns = declared.iter().map(|property| (property.name.clone(), property.values));
    let of_parents = declared.iter().map(|property| (of_parent(&property.name), property.values));
    let all = mapped.into_iter().chain(columns).chain(of_parents);
    all.map(|(name, values)| Ok(Field::new(name, data_type(values)?, true))).collect()
}

/// The columns of all properties of products and of their parents, with the units of the properties.
pub fn property_columns() -> Result<Vec<PropertyColumn>, Error> {
    let declared = sys::declared_properties().map_err(internal)?;
    let unit = |property: &sys::PropertyInfo| Some(property.unit.clone()).filter(|unit| !unit.is_empty());
    let both = |property: sys::PropertyInfo| {
        let column = |name| PropertyColumn { name, unit: unit(&property) };
        [column(property.name.clone()), column(of_parent(&property.name))]
    };
    Ok(declared.into_iter().flat_map(both).collect())
}

/// Has the kernel compute the column `name`, one of [`columns_by_name`], as well.
pub fn ask_for(name: &str, settings: &mut sys::Settings) {
    match name {
        sys::MAPPED => settings.mapped = true,
        _ => settings.columns.push(name.to_owned()),
    }
}

fn limits(limits: Limits) -> Result<sys::Limits, Error> {
    let named: BTreeMap<String, Option<u32>> =
        serde_json::to_value(limits).and_then(serde_json::from_value).map_err(internal)?;
    Ok(named.into_iter().filter_map(|(name, limit)| Some((name, limit?))).collect())
}

/// How the kernel calls a notation.
pub fn notation(notation: Notation) -> sys::Notation {
    match notation {
        Notation::Smiles => sys::Notation::Smiles,
        Notation::MolBlock => sys::Notation::MolBlock,
    }
}

/// The SMILES that the kernel has made of rows in this notation.
pub fn smiles(rows: &RowView, notation: sys::Notation) -> Option<Strings> {
    let smiles = || Strings::from_parts(rows.smiles.to_vec(), rows.smiles_offsets.to_vec());
    (notation != sys::Notation::Smiles).then(smiles)
}

/// The skip for the kernel.
pub fn skip(skip: &Skip) -> sys::Skip {
    let code = skip.code.as_str().to_owned();
    sys::Skip { row: skip.row, transform: skip.transform.map_or(-1, i32::from), code }
}

/// The row in a crash record.
pub fn in_hand(found: sys::NotedRow) -> InHand {
    InHand {
        source_row: found.source_row,
        step: step(found.transform),
        thread: found.thread,
        began_seconds: found.cpu_ns as f64 / 1e9,
    }
}

/// What the kernel does with a row, as its crash record has it.
fn step(transform: i32) -> Step {
    match u16::try_from(transform) {
        Ok(transform) => Step::Transform(transform),
        Err(_) if transform == sys::MAKING_AGAIN => Step::Recheck,
        Err(_) => Step::Read,
    }
}

/// What the kernel rechecked and tried; `names` are those of the transforms.
pub fn rechecked(witness: sys::Witness, charged: sys::ChargedRows, names: &[String]) -> Rechecked {
    let sys::Witness { rows: rows_rechecked, incomplete: recheck_incomplete, difference } = witness;
    let difference = difference.map(|sys::Difference { source_row: row, transform, fast, plain }| {
        let transform = transform.and_then(|transform| names.get(usize::from(transform)).cloned());
        Box::new(Difference { row, transform, fast, plain })
    });
    let counts = RecheckCounts { rows_rechecked, recheck_incomplete, ..RecheckCounts::default() };
    let sys::ChargedRows { tried: charged_tried, found: charged_found, example: charged_example } = charged;
    let charged = ChargedRows { charged_tried, charged_found, charged_example };
    Rechecked { counts, charged, difference }
}

/// What the kernel declares of its results.
#[derive(Debug, Clone)]
pub struct Declared {
    /// The columns of a product, in the order of the engine.
    pub columns: Fields,
    /// Where the kernel has each of them.
    places: Vec<usize>,
    /// Where the kernel has each of the names of [`Tally`]; looked up once, because a batch has a tally for each transform.
    count_order: Vec<usize>,
    /// By the kernel's number.
    stages: Vec<Stage>,
    codes: Vec<RejectCode>,
}

impl Declared {
    /// Asks a kernel with these settings.
    pub fn ask(settings: &EngineSettings) -> Result<Self, Error> {
        let unusable = |error: KernelSetupError| unusable_settings(error.source, &settings.alerts);
        let kernel = Kernel::new(&[], &self::settings(settings)?).map_err(unusable)?;
        let columns = kernel.columns().map_err(internal)?;
        let fields = columns
            .iter()
            .map(|column| Ok(Field::new(&column.name, data_type(column.values)?, column.is_nullable)));
        let columns = fields.collect::<Result<Fields, Error>>()?;
        Ok(Self {
            places: (0..columns.len()).collect(),
            columns,
            count_order: Tally::order_in(&sys::count_names().map_err(internal)?).map_err(internal)?,
            stages: members(Stage::from_name, &sys::stage_names().map_err(internal)?)?,
            codes: members(RejectCode::from_name, &sys::code_names().map_err(internal)?)?,
        })
    }

    /// Has `further` columns come after the others, wherever a kernel with these `settings` has them.
    pub fn add(&mut self, further: &[FieldRef], settings: &sys::Settings) -> Result<(), Error> {
        self.columns = self.columns.iter().chain(further).cloned().collect();
        let kernel = Kernel::new(&[], settings).map_err(|error| internal(error.source))?;
        let found = kernel.columns().map_err(internal)?;
        let place = |field: &FieldRef| {
            let place = found.iter().position(|column| column.name == *field.name());
            place.ok_or_else(|| internal(format!("the kernel does not compute {}", field.name())))
        };
        self.places = self.columns.iter().map(place).collect::<Result<_, _>>()?;
        Ok(())
    }

    /// Copies a batch's results out of the kernel, which reuses the memory for the next batch.
    pub fn output(&self, results: &BatchResults) -> Result<EngineOutput, Error> {
        Ok(EngineOutput {
            rows: rows(&results.rows)?,
            row_nanoseconds: results.rows.nanoseconds.to_vec(),
            products: self.products(results)?,
            failures: results
                .failures
                .iter()
                .map(|failure| self.failure(failure))
                .collect::<Result<_, _>>()?,
            tallies: results.counts.iter().map(|counts| self.tally(counts)).collect::<Result<_, _>>()?,
            ..EngineOutput::default()
        })
    }

    fn products(&self, results: &BatchResults) -> Result<Products, Error> {
        let view = &results.products;
        let columns = self.columns.iter().zip(&self.places);
        let columns = columns.map(|(field, &place)| column(&results.computed[place], field.data_type()));
        Ok(Products {
            row: view.row.to_vec(),
            transform: view.transform.to_vec(),
            site_index: view.site_index.to_vec(),
            product_index: view.product_index.to_vec(),
            number: Products::numbers(view.row, view.transform),
            smiles: Strings::from_parts(view.smiles.to_vec(), view.smiles_offsets.to_vec()),
            columns: columns.collect::<Result<_, _>>().map_err(internal)?,
        })
    }

    fn tally(&self, counts: &[u64]) -> Result<Tally, Error> {
        let values: Option<Vec<u64>> =
            self.count_order.iter().map(|&place| counts.get(place).copied()).collect();
        let tally = values.and_then(|values| Tally::from_values(&values));
        tally.ok_or_else(|| internal(format!("the kernel gave {} counts", counts.len())))
    }

    fn failure(&self, failure: &sys::Failure) -> Result<Failure, Error> {
        Ok(Failure {
            row: failure.row,
            transform: u16::try_from(failure.transform).ok(),
            site: (failure.site >= 0).then_some(failure.site),
            stage: numbered(&self.stages, failure.stage)?,
            code: numbered(&self.codes, failure.code)?,
            reason: failure.reason.clone(),
        })
    }
}

fn rows(view: &RowView) -> Result<Vec<RowResult>, Error> {
    let flags = view.rejected.iter().zip(view.standardized).zip(view.simplified);
    let each = view.outcome.iter().zip(flags).zip(view.sites);
    each.map(|((&number, ((&rejected, &standardized), &simplified)), &sites)| {
        Ok(RowResult {
            outcome: outcome(number)?,
            rejected: rejected != 0,
            standardized: standardized != 0,
            simplified: simplified != 0,
            sites,
        })
    })
    .collect()
}

fn outcome(number: u8) -> Result<RowOutcome, Error> {
    RowOutcome::from_number(number).ok_or_else(|| internal(format!("the kernel gave outcome {number}")))
}

fn data_type(values: ColumnType) -> Result<DataType, Error> {
    Ok(match values {
        ColumnType::Int32 => DataType::Int32,
        ColumnType::Float64 => DataType::Float64,
        ColumnType::Bool => DataType::Boolean,
        ColumnType::Text => DataType::Utf8,
        ColumnType::Int32List => int_list(),
        ColumnType::TextList => text_list(),
        unknown => return Err(internal(format!("the kernel has columns of {unknown:?}"))),
    })
}

fn column(view: &ColumnView, data_type: &DataType) -> Result<ArrayRef, ArrowError> {
    let values = || Buffer::from(view.values);
    let nulls = NullBuffer::from(view.nulls.iter().map(|&null| null == 0).collect::<Vec<bool>>());
    let nulls = Some(nulls).filter(|nulls| nulls.null_count() > 0);
    let offsets = |offsets: &[u32]| {
        let offsets = offsets.iter().map(|&offset| i32::try_from(offset));
        let offsets = offsets.collect::<Result<ScalarBuffer<i32>, _>>();
        offsets.map(OffsetBuffer::new).map_err(|_| ArrowError::OffsetOverflowError(view.values.len()))
    };
    Ok(match data_type {
        DataType::Int32 => Arc::new(Int32Array::new(values().into(), nulls)),
        DataType::Float64 => Arc::new(Float64Array::new(values().into(), nulls)),
        DataType::Boolean => {
            Arc::new(BooleanArray::new(view.values.iter().map(|&value| value != 0).collect(), nulls))
        }
        DataType::Utf8 => Arc::new(StringArray::try_new(offsets(view.offsets)?, values(), nulls)?),
        DataType::List(item) if item.data_type() == &DataType::Utf8 => {
            let members = Arc::new(StringArray::try_new(offsets(view.text_offsets)?, values(), None)?);
            Arc::new(ListArray::try_new(Arc::clone(item), offsets(view.offsets)?, members, None)?)
        }
        DataType::List(item) => {
            let members = Arc::new(Int32Array::new(values().into(), None));
            Arc::new(ListArray::try_new(Arc::clone(item), offsets(view.offsets)?, members, None)?)
        }
        other => return Err(ArrowError::NotYetImplemented(format!("a computed column of {other}"))),
    })
}

/// The members of core's list with these names.
fn members<T>(from_name: fn(&str) -> Option<T>, names: &[String]) -> Result<Vec<T>, Error> {
    let member =
        |name: &String| from_name(name).ok_or_else(|| internal(format!("the kernel declares {name:?}")));
    names.iter().map(member).collect()
}

/// The member with the kernel's number.
fn numbered<T: Copy>(members: &[T], number: u8) -> Result<T, Error> {
    let member = members.get(usize::from(number)).copied();
    member.ok_or_else(|| internal(format!("the kernel gave number {number} of {}", members.len())))
}
