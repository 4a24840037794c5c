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
    /// What has its content without `legacy`.
    pub ours: &'static str,
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
    ours: &'static str,
) -> LegacyColumn {
    LegacyColumn { name, values, content, ours, origin }
}

const fn text(name: &'static str, origin: Origin, content: &'static str, ours: &'static str) -> LegacyColumn {
    column(name, LegacyValues::Text, origin, content, ours)
}

const fn property(name: &'static str, values: LegacyValues) -> LegacyColumn {
    let content = "the [property](properties.md) of the product";
    column(name, values, Origin::Engine(name), content, "the same, with `--properties quick`")
}

const fn of_library(name: &'static str, values: LegacyValues) -> LegacyColumn {
    let content = "the library's column, with its type; null if the library has none";
    column(name, values, Origin::Library, content, "`source_` and the name, with `--keep-columns`")
}

const WITH_FORMULA: &str = "`Formula` has the atoms, with `--properties Formula`";

/// The predecessor's columns, in its order.
pub const COLUMNS: &[LegacyColumn] = &[
    text("smiles", Origin::Output, "the product, canonical", SAME),
    text("canonical_smiles", Origin::Smiles, "the same as `smiles`", "`smiles`"),
    text(
        "inchikey",
        Origin::Engine("InChIKey"),
        "the product's InChIKey",
        "`InChIKey`, with `--properties InChIKey`",
    ),
    column(
        "xf_success",
        LegacyValues::Bool,
        Origin::True,
        "always true: parents without a product are counted, and failures are in `rejects.parquet`",
        "(none)",
    ),
    text("xf_reason", Origin::Null, "always null, as each row is a product", "`reason` in `rejects.parquet`"),
    text("xf_label", Origin::Output, "the transform's label", SAME),
    text("xf_rule_id", Origin::Transform, "the transform's name", "`xf_name`"),
    column(
        "xf_site_index",
        LegacyValues::Int,
        Origin::Output,
        "the lowest site that gives the product; sites are numbered by their atoms",
        SAME,
    ),
    column(
        "xf_site_atoms",
        LegacyValues::Ints,
        Origin::Output,
        "a list; the predecessor wrote a tuple as text",
        SAME,
    ),
    text(
        "product_mapped_smiles",
        Origin::Engine(MAPPED),
        "an atom of the parent has its index + 1 as its map number; none is marked 777",
        "`mapped_smiles`, with `--mapped`",
    ),
    text(
        "xf_site_mapnums",
        Origin::MapNumbers,
        "JSON, such as `[7,8]`: the map numbers of those of the site's atoms that the product has",
        "`product_site_atoms`: positions in `smiles`",
    ),
    text("source_smiles", Origin::Output, "the parent, as it is in the library", SAME),
    text(
        "source_inchikey",
        Origin::Engine("parent_InChIKey"),
        "the parent's InChIKey, computed; the library's column `inchikey` is not used",
        "`parent_InChIKey`, with `--properties InChIKey --parent-properties`",
    ),
    of_library("source_subset", LegacyValues::Text),
    of_library("k", LegacyValues::Int),
    of_library("halogen", LegacyValues::Text),
    of_library("halogen_atom_count", LegacyValues::Int),
    of_library("halogen_pair", LegacyValues::Text),
    text(
        "halogens_set",
        Origin::Halogens(HalogenFact::Set),
        "the halogens of the product in the order F, Cl, Br, I, with bars between them; empty if it has none",
        WITH_FORMULA,
    ),
    text(
        "halogen_counts_json",
        Origin::Halogens(HalogenFact::Counts),
        "JSON, such as `{\"F\":1,\"Cl\":2}`: the atoms of each; null if there are none",
        WITH_FORMULA,
    ),
    text(
        "primary_halogen",
        Origin::Halogens(HalogenFact::Introduced),
        "the halogen that the transform introduced: the first of which the product has more atoms than the parent; null if \
         there is none",
        WITH_FORMULA,
    ),
    property("MW", LegacyValues::Float),
    property("TPSA", LegacyValues::Float),
    property("HBD", LegacyValues::Int),
    property("HBA", LegacyValues::Int),
    property("cLogP", LegacyValues::Float),
    property("RotB", LegacyValues::Int),
];

const SAME: &str = "the same";

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

fn columns_of_library() -> impl Iterator<Item = &'static LegacyColumn> {
    COLUMNS.iter().filter(|column| column.origin == Origin::Library)
}

/// The names of the columns that come from the library.
pub fn library_names() -> Vec<String> {
    columns_of_library().map(|column| column.name.to_owned()).collect()
}

/// These columns as they are if the library lacks them.
pub fn library_fields() -> Vec<FieldRef> {
    columns_of_library().map(field).collect()
}
