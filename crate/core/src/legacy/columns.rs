//! The predecessor's columns: each with its type, its content here, and its origin.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef, Fields};

use crate::engine::int_list;

/// A column of the predecessor's table.
pub struct LegacyColumn {
    /// Its name.
    pub name: &'static str,
    /// Its type, except for one of the library, which keeps the library's type.
    pub values: LegacyValues,
    /// What it holds here.
    pub content: &'static str,
    pub(super) origin: Origin,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LegacyValues {
    /// Text.
    Text,
    /// True or false.
    Bool,
    /// 32-bit integers.
    Int,
    /// 64-bit floats.
    Float,
    /// Lists of 32-bit integers.
    Ints,
}

impl LegacyValues {
    /// The type in memory.
    pub fn data_type(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Bool => DataType::Boolean,
            Self::Int => DataType::Int32,
            Self::Float => DataType::Float64,
            Self::Ints => int_list(),
        }
    }
}

/// Where the values of a column come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// The output has a column of this name anyway.
    Output,
    /// The library.
    Library,
    /// The product's SMILES.
    Smiles,
    /// Always true.
    True,
    /// Always null.
    Null,
    /// The name of the transform.
    Transform,
    /// The engine's column of this name.
    Engine(&'static str),
    /// The map numbers of the site's atoms in [`MAPPED`].
    MapNumbers,
    /// A fact about the halogens of the product.
    Halogens(HalogenFact),
}

/// What a column says about the halogens of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HalogenFact {
    /// Which there are.
    Set,
    /// How many atoms of each there are.
    Counts,
    /// Which of them the transform introduced.
    Introduced,
}

/// The engine's columns that others are made of.
pub(super) const MAPPED: &str = "mapped_smiles";
pub(super) const SITE_ATOMS: &str = "xf_site_atoms";
pub(super) const FORMULA: &str = "Formula";
pub(super) const PARENT_FORMULA: &str = "parent_Formula";

const fn column(
    name: &'static str,
    values: LegacyValues,
    origin: Origin,
    content: &'static str,
) -> LegacyColumn {
    LegacyColumn { name, values, content, origin }
}

const fn text(name: &'static str, origin: Origin, content: &'static str) -> LegacyColumn {
    column(name, LegacyValues::Text, origin, content)
}

const fn property(name: &'static str, values: LegacyValues) -> LegacyColumn {
    column(name, values, Origin::Engine(name), "the [property](properties.md) of the product")
}

const OF_LIBRARY: &str = "the library's column; null if it has none";

/// The predecessor's columns, in its order.
pub const COLUMNS: &[LegacyColumn] = &[
    text("smiles", Origin::Output, "the product, canonical"),
    text("canonical_smiles", Origin::Smiles, "the same as `smiles`"),
    text("inchikey", Origin::Engine("InChIKey"), "the product's InChIKey"),
    column(
        "xf_success",
        LegacyValues::Bool,
        Origin::True,
        "always true: what gave no product is in `rejects.parquet` and in the counts",
    ),
    text("xf_reason", Origin::Null, "always null, for the same reason"),
    text("xf_label", Origin::Output, "the transform's label"),
    text("xf_rule_id", Origin::Transform, "the transform's name, as `xf_name`"),
    column(
        "xf_site_index",
        LegacyValues::Int,
        Origin::Output,
        "the lowest site that gives the product; sites are numbered by their atoms",
    ),
    column(
        "xf_site_atoms",
        LegacyValues::Ints,
        Origin::Output,
        "a list, where the predecessor wrote a tuple as text",
    ),
    text(
        "product_mapped_smiles",
        Origin::Engine(MAPPED),
        "as `mapped_smiles`: an atom of the parent has its index + 1 as its map number, and no atom has 777",
    ),
    text(
        "xf_site_mapnums",
        Origin::MapNumbers,
        "JSON: the map numbers of those of the site's atoms that the product has, such as `[7,8]`",
    ),
    text("source_smiles", Origin::Output, "the parent as the library has it"),
    text(
        "source_inchikey",
        Origin::Engine("parent_InChIKey"),
        "the parent's InChIKey, computed; the library's `inchikey` is not read",
    ),
    text("source_subset", Origin::Library, OF_LIBRARY),
    column("k", LegacyValues::Int, Origin::Library, OF_LIBRARY),
    text("halogen", Origin::Library, OF_LIBRARY),
    column("halogen_atom_count", LegacyValues::Int, Origin::Library, OF_LIBRARY),
    text("halogen_pair", Origin::Library, OF_LIBRARY),
    text(
        "halogens_set",
        Origin::Halogens(HalogenFact::Set),
        "the halogens of the product, in the order F, Cl, Br, I: `F|Cl`; empty if it has none",
    ),
    text(
        "halogen_counts_json",
        Origin::Halogens(HalogenFact::Counts),
        "JSON: their atoms, `{\"F\":1,\"Cl\":2}`; null if there are none",
    ),
    text(
        "primary_halogen",
        Origin::Halogens(HalogenFact::Introduced),
        "the halogen that the transform introduced: the first of which the product has more atoms than the parent; null if \
         there is none. The predecessor's documentation draws it from the label",
    ),
    property("MW", LegacyValues::Float),
    property("TPSA", LegacyValues::Float),
    property("HBD", LegacyValues::Int),
    property("HBA", LegacyValues::Int),
    property("cLogP", LegacyValues::Float),
    property("RotB", LegacyValues::Int),
];

impl Origin {
    /// Whether the values are made of a product.
    fn is_computed(self) -> bool {
        !matches!(self, Self::Output | Self::Library)
    }

    /// The engine's columns that the values are made of.
    pub(super) fn needs(self) -> Vec<&'static str> {
        match self {
            Self::Engine(name) => vec![name],
            Self::MapNumbers => vec![MAPPED, SITE_ATOMS],
            Self::Halogens(HalogenFact::Introduced) => vec![FORMULA, PARENT_FORMULA],
            Self::Halogens(HalogenFact::Set | HalogenFact::Counts) => vec![FORMULA],
            Self::Output | Self::Library | Self::Smiles | Self::True | Self::Null | Self::Transform => vec![],
        }
    }
}

/// The columns that are made of a product, without those that are among the columns `written` anyway.
pub(super) fn added(written: &Fields) -> impl Iterator<Item = &'static LegacyColumn> {
    COLUMNS.iter().filter(|column| column.origin.is_computed() && written.find(column.name).is_none())
}

/// The columns that are computed for each product by an engine that itself computes `columns`, if the predecessor's are
/// wanted (`is_legacy`).
pub fn computed(columns: &Fields, is_legacy: bool) -> Fields {
    let added = added(columns).filter(|_| is_legacy).map(field);
    columns.iter().cloned().chain(added).collect()
}

fn field(column: &LegacyColumn) -> FieldRef {
    let is_never_null = matches!(column.origin, Origin::Smiles | Origin::True | Origin::Transform);
    Arc::new(Field::new(column.name, column.values.data_type(), !is_never_null))
}

fn of_library() -> impl Iterator<Item = &'static LegacyColumn> {
    COLUMNS.iter().filter(|column| column.origin == Origin::Library)
}

/// The names of the columns that come from the library.
pub fn library_names() -> Vec<String> {
    of_library().map(|column| column.name.to_owned()).collect()
}

/// These columns as they are if the library lacks them.
pub fn library_fields() -> Vec<FieldRef> {
    of_library().map(field).collect()
}
