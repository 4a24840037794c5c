//! The products' table: one row per distinct product of a parent and transform.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, AsArray, Float64Array, Int32Array, Int64Array, StringArray, UInt32Array, new_null_array,
};
use arrow::buffer::OffsetBuffer;
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, Fields};
use arrow::error::ArrowError;
use arrow::record_batch::RecordBatch;

use super::row_bytes::{value_bytes, variable_bytes};
use super::shared::Parents;
use super::{Rows, TableColumn, TableSchema, table_error};
use crate::engine::Products;
use crate::error::Error;
use crate::product_id::{Numbered, ParentIds, ProductIds};
use crate::source::{Chunk, InputColumns};
use crate::transform::Transform;

/// Bytes of all columns of fixed width, for the cut into parts: a constant of the format, whatever columns an engine has.
const FIXED_BYTES: usize = 32;

/// Value bytes of rows that are made in one step. Each product copies its parent's columns that are not text or
/// bytes, so with large ones all rows of a micro-batch together would exceed any budget.
const SLICE_BYTES: u64 = 1 << 20;

/// Value bytes of parents whose products share a buffer. The whole buffer is held as long as one of these products
/// is.
const FAMILY_BYTES: usize = 64 << 10;

/// Makes rows of the products' table.
pub struct ProductTable {
    schema: Arc<TableSchema>,
    /// Name, code, label and, if any transform has one, weight: one value per transform.
    transform_columns: Vec<ArrayRef>,
    ids: ProductIds,
    has_id: bool,
}

impl ProductTable {
    /// The table for an input, the transforms of a run and the columns of its engine.
    pub fn new(columns: &InputColumns, transforms: &[Transform], computed: &Fields) -> Result<Self, Error> {
        let has_prob = transforms.iter().any(|transform| transform.prob.is_some());
        let ours =
            |name: &str, data_type, is_nullable| TableColumn::from(Field::new(name, data_type, is_nullable));
        let mut table = vec![
            ours("smiles", DataType::Utf8, false),
            ours("product_id", DataType::Utf8, false),
            ours("source_row", DataType::Int64, false),
            id_column(columns).shared(),
            ours("source_smiles", DataType::Utf8, false).shared(),
            ours("xf_name", DataType::Utf8, false),
            ours("xf_code", DataType::Utf8, true),
            ours("xf_label", DataType::Utf8, true),
        ];
        if has_prob {
            table.push(ours("xf_prob", DataType::Float64, true));
        }
        table.extend([
            ours("product_index", DataType::Int32, false),
            ours("xf_site_index", DataType::Int32, false),
        ]);
        table.extend(computed.iter().map(|field| TableColumn::from(field.as_ref().clone())));
        let declared =
            |index: usize| columns.declared.get(usize::from(columns.id.is_some()) + index).cloned().flatten();
        let kept = columns.kept.iter().enumerate();
        table.extend(
            kept.map(|(index, field)| TableColumn::carried(Arc::clone(field), declared(index)).shared()),
        );
        let text = |value: fn(&Transform) -> Option<&str>| -> ArrayRef {
            Arc::new(transforms.iter().map(value).collect::<StringArray>())
        };
        let mut transform_columns = vec![
            text(|transform| Some(&transform.name)),
            text(|transform| transform.code.as_deref()),
            text(|transform| transform.label.as_deref()),
        ];
        if has_prob {
            let values = transforms.iter().map(|transform| transform.prob);
            transform_columns.push(Arc::new(values.collect::<Float64Array>()));
        }
        Ok(Self {
            schema: TableSchema::new(table)?,
            transform_columns,
            ids: ProductIds::new(transforms.iter().map(Transform::id_token)),
            has_id: columns.id.is_some(),
        })
    }

    /// The table if its rows are in the order of their source row.
    pub fn by_source_row(self) -> Self {
        Self { schema: self.schema.by_source_row(), ..self }
    }

    /// The columns.
    pub fn schema(&self) -> &Arc<TableSchema> {
        &self.schema
    }

    /// Whether the library has ids, which are then the first column of a chunk.
    pub fn has_id(&self) -> bool {
        self.has_id
    }

    /// Makes rows for the products at the positions `kept`, whose parents are the rows of `chunk`, and passes them to
    /// `take_in` in slices of about [`SLICE_BYTES`]; the chunk's first row is row `first_row` of the library.
    pub fn rows(
        &self,
        first_row: u64,
        chunk: &Chunk,
        products: &Products,
        kept: &[usize],
        take_in: impl FnMut(Rows) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.rows_of(&|row| (first_row + u64::from(row)) as i64, chunk, products, kept, take_in)
    }

    /// Like `rows` for a chunk whose rows are not consecutive in the library: `source_row` gives the position of
    /// each.
    pub fn rows_of(
        &self,
        source_row: &dyn Fn(u32) -> i64,
        chunk: &Chunk,
        products: &Products,
        mut kept: &[usize],
        mut take_in: impl FnMut(Rows) -> Result<(), Error>,
    ) -> Result<(), Error> {
        while !kept.is_empty() {
            let (family, rest) = kept.split_at(family_len(chunk, products, kept));
            let parents = self.parents(source_row, chunk, products, family).map_err(table_error)?;
            let value_bytes = self.value_bytes(chunk, products, family, &parents);
            let mut first = 0;
            while first < family.len() {
                let slice = first..first + slice_len(&value_bytes[first..]);
                first = slice.end;
                let bytes = value_bytes[slice.clone()].to_vec();
                take_in(self.slice(&parents, products, family, slice, bytes).map_err(table_error)?)?;
            }
            kept = rest;
        }
        Ok(())
    }

    /// The parents of the products at the positions `family`.
    fn parents(
        &self,
        source_row: &dyn Fn(u32) -> i64,
        chunk: &Chunk,
        products: &Products,
        family: &[usize],
    ) -> Result<Family, ArrowError> {
        let (mut rows, mut positions) = (Vec::<u32>::new(), Vec::with_capacity(family.len()));
        for &product in family {
            let row = products.row[product];
            if rows.last() != Some(&row) {
                rows.push(row);
            }
            positions.push(rows.len() as u32 - 1);
        }
        let smiles = text_column(rows.iter().map(|&row| chunk.smiles.get(row as usize)))?;
        let source_rows: Vec<i64> = rows.iter().map(|&row| source_row(row)).collect();
        let id = chunk.columns.columns().first().filter(|_| self.has_id);
        let ids = ParentIds::of(id, &rows, &source_rows)?;
        let rows = UInt32Array::from(rows);
        let columns = chunk.columns.columns().iter().map(|column| Parents::take(column, &rows));
        Ok(Family {
            positions,
            source_rows,
            ids,
            smiles: Parents::of(&smiles)?,
            columns: columns.collect::<Result<_, _>>()?,
        })
    }

    fn slice(
        &self,
        parents: &Family,
        products: &Products,
        family: &[usize],
        slice: Range<usize>,
        value_bytes: Vec<u32>,
    ) -> Result<Rows, ArrowError> {
        let kept = &family[slice.clone()];
        let positions = UInt32Array::from(parents.positions[slice].to_vec());
        let transforms = UInt32Array::from_iter_values(kept.iter().map(|&i| products.transform[i].into()));
        let source_rows: Vec<i64> =
            positions.values().iter().map(|&position| parents.source_rows[position as usize]).collect();

        let mut carried = parents.columns.iter();
        let id = match carried.next().filter(|_| self.has_id) {
            Some(id) => id.rows(&positions)?,
            None => {
                let field = self.schema.rows().field_with_name("source_id")?;
                new_null_array(field.data_type(), kept.len())
            }
        };
        let numbered = kept.iter().zip(positions.values());
        let numbered = numbered.map(|(&i, &position)| parents.numbered(products, i, position));
        let mut columns: Vec<ArrayRef> = vec![
            text_column(kept.iter().map(|&i| products.smiles.get(i)))?,
            self.ids.column(numbered)?,
            Arc::new(Int64Array::from(source_rows.clone())),
            id,
            parents.smiles.rows(&positions)?,
        ];
        for column in &self.transform_columns {
            columns.push(take(column, &transforms, None)?);
        }
        columns
            .extend([&products.product_index, &products.site_index].map(|values| int_column(kept, values)));
        let taken = UInt32Array::from_iter_values(kept.iter().map(|&i| i as u32));
        for column in &products.columns {
            columns.push(take(column, &taken, None)?);
        }
        for column in &parents.columns[usize::from(self.has_id)..] {
            columns.push(column.rows(&positions)?);
        }
        let batch = RecordBatch::try_new(Arc::clone(self.schema.rows()), columns)?;
        Ok(Rows { batch, source_rows, value_bytes })
    }

    /// Value bytes of the products at the positions `family`, of these parents.
    fn value_bytes(
        &self,
        chunk: &Chunk,
        products: &Products,
        family: &[usize],
        parents: &Family,
    ) -> Vec<u32> {
        let mut latest = None;
        let of_family = family.iter().zip(&parents.positions);
        of_family
            .map(|(&i, &position)| {
                let parent = products.row[i];
                let carried = match latest {
                    Some((row, bytes)) if row == parent => bytes,
                    _ => carried_bytes(chunk, parent as usize),
                };
                latest = Some((parent, carried));
                let id = self.ids.len(parents.numbered(products, i, position));
                value_bytes_of(products.smiles.get(i).len() + id, &products.columns, i, carried)
            })
            .collect()
    }
}

/// Parents, and for each of some products the position of its parent among them.
struct Family {
    positions: Vec<u32>,
    source_rows: Vec<i64>,
    ids: ParentIds,
    smiles: Parents,
    /// The id, if there is one, and the kept columns.
    columns: Vec<Parents>,
}

impl Family {
    /// What the id of product `index` of `products` is made of; its parent is at `position`.
    fn numbered(&self, products: &Products, index: usize, position: u32) -> Numbered<'_> {
        (self.ids.get(position), products.transform[index], products.number[index])
    }
}

/// How many of the products at the positions `kept` have parents of at most [`FAMILY_BYTES`] together, or one parent.
fn family_len(chunk: &Chunk, products: &Products, kept: &[usize]) -> usize {
    let (mut latest, mut bytes) = (None, 0);
    let mut is_of_it = |&product: &usize| {
        let row = products.row[product];
        if latest == Some(row) {
            return true;
        }
        let is_first = latest.is_none();
        latest = Some(row);
        bytes += carried_bytes(chunk, row as usize);
        is_first || bytes <= FAMILY_BYTES
    };
    kept.iter().position(|product| !is_of_it(product)).unwrap_or(kept.len())
}

/// Value bytes that the products of a row carry over from it.
fn carried_bytes(chunk: &Chunk, row: usize) -> usize {
    let carried: usize = chunk.columns.columns().iter().map(|column| value_bytes(column, row)).sum();
    chunk.smiles.get(row).len() + carried
}

/// How many rows with these value bytes make a slice: at least one.
fn slice_len(value_bytes: &[u32]) -> usize {
    let mut bytes = 0;
    let fits = value_bytes.iter().take_while(|&&row| {
        bytes += u64::from(row);
        bytes <= SLICE_BYTES
    });
    fits.count().max(1)
}

/// Value bytes of a product with a SMILES and a product id of `text_bytes` bytes, row `row` of the engine's columns
/// `computed`; `carried` bytes come from its parent: SMILES, id and kept columns.
pub fn value_bytes_of(text_bytes: usize, computed: &[ArrayRef], row: usize, carried: usize) -> u32 {
    let computed: usize = computed.iter().map(|column| variable_bytes(column, row)).sum();
    (FIXED_BYTES + text_bytes + computed + carried) as u32
}

/// Position of each row's transform among `names`.
pub fn transforms_of(names: &[String], batch: &RecordBatch) -> Result<Vec<usize>, Error> {
    let column = batch.column_by_name("xf_name").and_then(|column| column.as_string_opt::<i32>());
    let column = column.ok_or_else(|| Error::internal("a products' batch has no xf_name"))?;
    let position = |name| names.iter().position(|known| Some(known.as_str()) == name);
    let position = |name| position(name).ok_or_else(|| Error::internal(format!("no transform {name:?}")));
    column.iter().map(position).collect()
}

/// The column `source_id`: with the type of the input's id, or text if there is none.
pub fn id_column(columns: &InputColumns) -> TableColumn {
    match &columns.id {
        Some(id) => {
            let field = id.as_ref().clone().with_name("source_id").with_nullable(true);
            TableColumn::carried(Arc::new(field), columns.declared.first().cloned().flatten())
        }
        None => Field::new("source_id", DataType::Utf8, true).into(),
    }
}

/// The values as one column that takes no more memory than they do: rows wait in it until their part is complete.
fn text_column<'a>(values: impl Iterator<Item = &'a [u8]> + Clone) -> Result<ArrayRef, ArrowError> {
    let offsets = OffsetBuffer::from_lengths(values.clone().map(<[u8]>::len));
    let mut text = Vec::with_capacity(offsets.last().map_or(0, |&length| length as usize));
    values.for_each(|value| text.extend_from_slice(value));
    Ok(Arc::new(StringArray::try_new(offsets, text.into(), None)?))
}

fn int_column(kept: &[usize], values: &[i32]) -> ArrayRef {
    Arc::new(Int32Array::from_iter_values(kept.iter().map(|&i| values[i])))
}

#[cfg(test)]
mod tests {
    use arrow::array::{Int32Builder, ListBuilder};
    use arrow::compute::cast;

    use super::*;
    use crate::engine::{Strings, int_list};

    #[test]
    fn rows_carry_their_parent_and_transform() {
        let columns = InputColumns {
            smiles: "smiles".into(),
            id: Some(Arc::new(Field::new("no", DataType::Int64, false))),
            kept: vec![Arc::new(Field::new("note", DataType::Utf8, true))],
            ..InputColumns::default()
        };
        let transform = Transform { label: Some("t".into()), ..Transform::new("T", "[C:1]>>[C:1]O") };
        let computed = Fields::from(vec![
            Field::new("count", DataType::Int32, false),
            Field::new("atoms", int_list(), false),
            Field::new("word", DataType::Utf8, false),
        ]);
        let table = ProductTable::new(&columns, &[transform], &computed).unwrap();
        let chunk = Chunk {
            smiles: Strings::from_parts(b"CCN".to_vec(), vec![0, 2, 3]).into(),
            faults: vec![],
            columns: RecordBatch::try_from_iter([
                ("no", Arc::new(Int64Array::from(vec![70, 71])) as ArrayRef),
                ("note", Arc::new(StringArray::from(vec![Some("x"), None])) as ArrayRef),
            ])
            .unwrap(),
            replaced: 0,
            unlisted: Default::default(),
        };
        let mut products = Products::default();
        for (row, smiles) in [(0, "CCO"), (1, "NO"), (1, "ON")] {
            products.push(row, 0, (3, 0), smiles.as_bytes());
        }
        let mut atoms =
            ListBuilder::new(Int32Builder::new()).with_field(Field::new("item", DataType::Int32, false));
        [&[Some(5)][..], &[], &[Some(7), Some(8)]]
            .iter()
            .for_each(|&list| atoms.append_value(list.iter().copied()));
        products.columns = vec![
            Arc::new(Int32Array::from(vec![1, 2, 3])),
            Arc::new(atoms.finish()),
            Arc::new(StringArray::from(vec!["a", "b", "ccc"])),
        ];
        let mut slices = Vec::new();
        table
            .rows(10, &chunk, &products, &[0, 2], |rows| {
                slices.push(rows);
                Ok(())
            })
            .unwrap();
        let [rows] = slices.as_slice() else { panic!("{} slices", slices.len()) };
        assert_eq!(rows.source_rows, [10, 11]);
        assert_eq!(rows.batch.schema(), *table.schema().rows());
        let text = |name: &str| {
            let column = cast(rows.batch.column_by_name(name).unwrap(), &DataType::Utf8).unwrap();
            column.as_string::<i32>().iter().map(|text| text.map(str::to_owned)).collect::<Vec<_>>()
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(text("smiles"), [some("CCO"), some("ON")]);
        assert_eq!(text("product_id"), [some("70:T:1"), some("71:T:2")]);
        assert_eq!(text("source_smiles"), [some("CC"), some("N")]);
        assert_eq!(text("note"), [some("x"), None]);
        assert_eq!(text("xf_code"), [None, None]);
        let id = rows.batch.column_by_name("source_id").unwrap();
        assert_eq!(id.as_primitive::<arrow::datatypes::Int64Type>().values(), &[70, 71]);
        let numbers = rows.batch.column_by_name("count").unwrap();
        assert_eq!(numbers.as_primitive::<arrow::datatypes::Int32Type>().values(), &[1, 3]);
        assert_eq!(text("word"), [some("a"), some("ccc")]);
        let parents = [8 + 2 + 1, 8 + 1 + 1];
        let own = [3 + 6 + 4 + 1, 2 + 6 + 8 + 3];
        let sizes = parents.into_iter().zip(own).map(|(parent, own)| (FIXED_BYTES + parent + own) as u32);
        assert_eq!(rows.value_bytes, sizes.collect::<Vec<_>>());
        assert!(rows.batch.column_by_name("xf_prob").is_none());
    }

    #[test]
    fn slices_have_the_rows_of_the_whole() {
        assert_eq!(slice_len(&[1, 2, 3]), 3);
        assert_eq!(slice_len(&[600 << 10, 400 << 10, 200 << 10]), 2);
        assert_eq!(slice_len(&[5 << 20, 1]), 1, "a larger row forms its own slice");
        assert_eq!(slice_len(&[1 << 20, 1]), 1);
    }
}
