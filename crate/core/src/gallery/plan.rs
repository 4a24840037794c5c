//! What a gallery reads of a table, and what it shows of each column.

use arrow::datatypes::{DataType, Fields};

use super::values::{ShownColumn, ValueKind};
use crate::error::Error;
use crate::filter::TableFilter;
use crate::options::GalleryInput;
use crate::source::{KeepColumns, TableColumns};

/// Columns that are shown if none are chosen, at most.
const MAX_COLUMNS: usize = 16;

/// Columns of a product that a gallery shows in another way, or that only locate it.
const OTHERWISE_SHOWN: [&str; 11] = [
    RULE,
    PARENT_ID,
    SITE_ATOMS,
    PRODUCT_SITE_ATOMS,
    PRODUCT_INDEX,
    "source_row",
    "source_file",
    "xf_code",
    "xf_label",
    "xf_site_index",
    "xf_site_count",
];
/// Names whose values are long texts, by their endings in lower case.
const LONG: [&str; 3] = ["smiles", "inchi", "mol block"];

const RULE: &str = "xf_name";
const PARENT_ID: &str = "source_id";
/// What the sites of a standardized parent refer to.
const STANDARDIZED: &str = "parent_smiles";
const AS_READ: &str = "source_smiles";
const SITE_ATOMS: &str = "xf_site_atoms";
const PRODUCT_SITE_ATOMS: &str = "product_site_atoms";
const PRODUCT_INDEX: &str = "product_index";

/// The columns of a gallery: positions in the chunks that are read, unless stated otherwise.
#[derive(Debug)]
pub struct Plan {
    /// Positions in the table of the columns that are read.
    pub read: Vec<usize>,
    /// The condition that rows must meet.
    pub filter: Option<TableFilter>,
    /// The columns whose values are shown.
    pub shown: Vec<(usize, ShownColumn)>,
    /// What names the molecule.
    pub id: Option<usize>,
    /// The transform that made it.
    pub rule: Option<usize>,
    /// What names its parent.
    pub parent_id: Option<usize>,
    /// The parent that reacted.
    pub parent: Option<usize>,
    /// The site in the parent.
    pub site_atoms: Option<usize>,
    /// The site in the product.
    pub product_site_atoms: Option<usize>,
    /// The product template.
    pub product_index: Option<usize>,
}

impl Plan {
    /// The plan for this table.
    ///
    /// # Errors
    /// [`Error::InvalidOption`] for a column that there is not, [`Error::InvalidWhere`].
    pub fn new(input: &GalleryInput, table: &TableColumns) -> Result<Self, Error> {
        let fields = &table.fields;
        let filter = input.filter.as_deref().map(|text| TableFilter::new(text, fields)).transpose()?;
        let mut read: Vec<usize> = filter.iter().flat_map(TableFilter::columns).collect();
        let mut place = |column: usize| {
            read.iter().position(|&known| known == column).unwrap_or_else(|| {
                read.push(column);
                read.len() - 1
            })
        };
        let shown = chosen(input.columns.as_ref(), table)?;
        let shown =
            shown.into_iter().map(|column| (place(column), ShownColumn::of(&fields[column]))).collect();
        let id = table.id.map(&mut place);
        let mut named = |name: &str| fields.find(name).map(|(column, _)| place(column));
        Ok(Self {
            shown,
            id,
            rule: named(RULE),
            parent_id: named(PARENT_ID),
            parent: named(STANDARDIZED).or_else(|| named(AS_READ)),
            site_atoms: named(SITE_ATOMS),
            product_site_atoms: named(PRODUCT_SITE_ATOMS),
            product_index: named(PRODUCT_INDEX),
            read,
            filter,
        })
    }

    /// The position in a chunk of a column of the table that is read.
    pub fn place(&self, column: usize) -> usize {
        self.read.iter().position(|&known| known == column).unwrap_or_default()
    }
}

/// Positions in the table of the columns to show.
fn chosen(columns: Option<&KeepColumns>, table: &TableColumns) -> Result<Vec<usize>, Error> {
    let fields = &table.fields;
    match columns {
        Some(KeepColumns::None) => Ok(Vec::new()),
        Some(KeepColumns::All) => Ok((0..fields.len()).collect()),
        Some(KeepColumns::Named(names)) => {
            let mut chosen = Vec::new();
            for name in names {
                let column = table.position(name).map_err(|reason| GalleryInput::columns.refuse(reason))?;
                if !chosen.contains(&column) {
                    chosen.push(column);
                }
            }
            Ok(chosen)
        }
        None => {
            let is_else = |column: usize| column == table.smiles || Some(column) == table.id;
            let short = (0..fields.len()).filter(|&column| !is_else(column) && is_short(fields, column));
            Ok(short.take(MAX_COLUMNS).collect())
        }
    }
}

fn is_short(fields: &Fields, column: usize) -> bool {
    let (name, data_type) = (fields[column].name(), fields[column].data_type());
    let is_long = LONG.iter().any(|ending| name.to_lowercase().ends_with(ending));
    let is_opaque = matches!(
        data_type,
        DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView
            | DataType::FixedSizeBinary(_)
            | DataType::Null
    );
    let is_nested = data_type.is_nested() && ValueKind::of(data_type) != ValueKind::List;
    !is_long && !is_opaque && !is_nested && !OTHERWISE_SHOWN.contains(&name.as_str())
}
