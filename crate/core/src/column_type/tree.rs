//! Walks over the leaves of a column, in Parquet and in Arrow, which have the same order.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, FieldRef};
use parquet::errors::Result;
use parquet::schema::types::{Type, TypePtr};

/// Returns the replacement for the leaf at a position.
type Replace<'a, Leaf, Other> = &'a mut dyn FnMut(usize, &Leaf) -> Other;

/// The type with each leaf replaced, by its position.
pub fn map_leaves(root: &TypePtr, replace: Replace<'_, TypePtr, Result<TypePtr>>) -> Result<TypePtr> {
    fn map(
        of: &TypePtr,
        next: &mut usize,
        replace: Replace<'_, TypePtr, Result<TypePtr>>,
    ) -> Result<TypePtr> {
        match of.as_ref() {
            Type::PrimitiveType { .. } => {
                *next += 1;
                replace(*next - 1, of)
            }
            Type::GroupType { basic_info, fields } => {
                let fields = fields.iter().map(|field| map(field, next, replace)).collect::<Result<_>>()?;
                Ok(Arc::new(Type::GroupType { basic_info: basic_info.clone(), fields }))
            }
        }
    }
    map(root, &mut 0, replace)
}

/// The field with the type of each leaf replaced, by its position. A dictionary is a leaf.
pub fn map_values(root: &Field, replace: Replace<'_, DataType, DataType>) -> Field {
    fn map(of: &Field, next: &mut usize, replace: Replace<'_, DataType, DataType>) -> Field {
        let mut item = |item: &FieldRef| Arc::new(map(item, next, replace));
        let data_type = match of.data_type() {
            DataType::List(of) => DataType::List(item(of)),
            DataType::LargeList(of) => DataType::LargeList(item(of)),
            DataType::ListView(of) => DataType::ListView(item(of)),
            DataType::LargeListView(of) => DataType::LargeListView(item(of)),
            DataType::FixedSizeList(of, length) => DataType::FixedSizeList(item(of), *length),
            DataType::Struct(fields) => DataType::Struct(fields.iter().map(item).collect()),
            DataType::Map(entries, sorted) => DataType::Map(item(entries), *sorted),
            value => {
                *next += 1;
                replace(*next - 1, value)
            }
        };
        if &data_type == of.data_type() {
            return of.clone();
        }
        // A new field: `with_data_type` would keep the attributes of a dictionary.
        Field::new(of.name(), data_type, of.is_nullable()).with_metadata(of.metadata().clone())
    }
    map(root, &mut 0, replace)
}

/// The types of the leaves.
pub fn values_of(root: &Field) -> Vec<DataType> {
    let mut values = Vec::new();
    map_values(root, &mut |_, value| {
        values.push(value.clone());
        value.clone()
    });
    values
}

/// The field with each dictionary replaced by the type of its values: in Parquet, that is the same type.
pub fn without_dictionaries(field: &Field) -> Field {
    fn plain(value: &DataType) -> &DataType {
        match value {
            DataType::Dictionary(_, value) => plain(value),
            value => value,
        }
    }
    map_values(field, &mut |_, value| plain(value).clone())
}
