//! The columns that a filter may name: those of the output, and what an engine can compute besides. Each is made only if it
//! is asked for.

use std::cell::RefCell;
use std::sync::Arc;

use arrow::array::{
    ArrayRef, Float64Array, Int32Array, Int64Array, StringArray, UInt32Array, new_null_array,
};
use arrow::compute::take;
use arrow::datatypes::{DataType, Field, FieldRef, Fields};
use arrow::error::ArrowError;

use super::expression::Rows;
use crate::engine::Products;
use crate::product_id::{ParentIds, ProductIds};
use crate::source::{Chunk, InputColumns};
use crate::strings::Strings;
use crate::transform::Transform;

/// Where the values of a column come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Smiles,
    ProductId,
    SourceRow,
    SourceSmiles,
    /// A library without ids.
    NoId,
    /// One value per transform, at that place in [`Columns::of_transforms`].
    Transform(usize),
    ProductIndex,
    SiteIndex,
    /// Column of the engine.
    Computed(usize),
    /// Column that the engine computes if it is told to.
    Further,
    /// Column of a chunk.
    Carried(usize),
}

/// The columns of the output, in its order, then the further ones of the engine.
pub struct Columns {
    fields: Vec<FieldRef>,
    origins: Vec<Origin>,
    of_transforms: Vec<ArrayRef>,
    ids: ProductIds,
    /// Columns of the output that the engine computes.
    computed: usize,
    /// Whether the first column of a chunk is the parents' id.
    has_id: bool,
}

impl Columns {
    /// The columns of the products of `transforms` from a library with the columns `input`, for which the engine
    /// computes `computed`, and if told to `further`, except those that have the name of a column of the output.
    pub fn new(input: &InputColumns, transforms: &[Transform], computed: &Fields, further: &Fields) -> Self {
        let mut columns = Self {
            fields: Vec::new(),
            origins: Vec::new(),
            of_transforms: Vec::new(),
            ids: ProductIds::new(transforms.iter().map(Transform::id_token)),
            computed: computed.len(),
            has_id: input.id.is_some(),
        };
        columns.add("smiles", DataType::Utf8, Origin::Smiles);
        columns.add("product_id", DataType::Utf8, Origin::ProductId);
        columns.add("source_row", DataType::Int64, Origin::SourceRow);
        match &input.id {
            Some(id) => columns.add("source_id", id.data_type().clone(), Origin::Carried(0)),
            None => columns.add("source_id", DataType::Utf8, Origin::NoId),
        }
        columns.add("source_smiles", DataType::Utf8, Origin::SourceSmiles);
        let text = |value: fn(&Transform) -> Option<&str>| -> ArrayRef {
            Arc::new(transforms.iter().map(value).collect::<StringArray>())
        };
        columns.add_of_transforms("xf_name", text(|transform| Some(&transform.name)));
        columns.add_of_transforms("xf_code", text(|transform| transform.code.as_deref()));
        columns.add_of_transforms("xf_label", text(|transform| transform.label.as_deref()));
        if transforms.iter().any(|transform| transform.prob.is_some()) {
            let weights = transforms.iter().map(|transform| transform.prob);
            columns.add_of_transforms("xf_prob", Arc::new(weights.collect::<Float64Array>()));
        }
        columns.add("product_index", DataType::Int32, Origin::ProductIndex);
        columns.add("xf_site_index", DataType::Int32, Origin::SiteIndex);
        for (index, field) in computed.iter().enumerate() {
            columns.add(field.name(), field.data_type().clone(), Origin::Computed(index));
        }
        for (index, field) in input.kept.iter().enumerate() {
            let origin = Origin::Carried(usize::from(input.id.is_some()) + index);
            columns.add(field.name(), field.data_type().clone(), origin);
        }
        for field in further {
            if columns.fields.iter().all(|known| known.name() != field.name()) {
                columns.add(field.name(), field.data_type().clone(), Origin::Further);
            }
        }
        columns
    }

    fn add(&mut self, name: &str, data_type: DataType, origin: Origin) {
        self.fields.push(Arc::new(Field::new(name, data_type, true)));
        self.origins.push(origin);
    }

    fn add_of_transforms(&mut self, name: &str, values: ArrayRef) {
        self.add(name, values.data_type().clone(), Origin::Transform(self.of_transforms.len()));
        self.of_transforms.push(values);
    }

    /// Their names and types.
    pub fn fields(&self) -> &[FieldRef] {
        &self.fields
    }

    /// The number of those that are in the output, which come first.
    pub fn of_output(&self) -> usize {
        self.origins.iter().take_while(|&&origin| origin != Origin::Further).count()
    }

    /// The number of columns of the output that the engine computes.
    pub fn computed(&self) -> usize {
        self.computed
    }

    /// The names of the further columns among those at these positions, each once. From now on they are taken from the
    /// engine, which must compute them in this order after those of the output.
    pub fn take_further(&mut self, positions: impl IntoIterator<Item = usize>) -> Vec<String> {
        let mut names = Vec::new();
        for position in positions {
            if self.origins[position] == Origin::Further {
                self.origins[position] = Origin::Computed(self.computed + names.len());
                names.push(self.fields[position].name().clone());
            }
        }
        names
    }

    /// The columns of `products`, whose parents are the rows of `chunk`; `source_row` gives the position of each in the
    /// library.
    pub fn of<'a>(
        &'a self,
        source_row: &'a dyn Fn(u32) -> i64,
        chunk: &'a Chunk,
        products: &'a Products,
    ) -> ProductColumns<'a> {
        let made = RefCell::new(vec![None; self.fields.len()]);
        ProductColumns { columns: self, source_row, chunk, products, made }
    }
}

/// The columns of some products; each is made once.
pub struct ProductColumns<'a> {
    columns: &'a Columns,
    source_row: &'a dyn Fn(u32) -> i64,
    chunk: &'a Chunk,
    products: &'a Products,
    made: RefCell<Vec<Option<ArrayRef>>>,
}

impl ProductColumns<'_> {
    fn make(&self, origin: Origin) -> Result<ArrayRef, ArrowError> {
        let Self { chunk, products, .. } = self;
        let parents = products.row.iter();
        Ok(match origin {
            Origin::Smiles => Arc::new(texts(&products.smiles, 0..products.len())?),
            Origin::ProductId => self.product_ids()?,
            Origin::SourceRow => Arc::new(Int64Array::from(self.source_rows())),
            Origin::SourceSmiles => Arc::new(texts(&chunk.smiles, parents.map(|&row| row as usize))?),
            Origin::NoId => new_null_array(&DataType::Utf8, products.len()),
            Origin::Transform(index) => {
                let transforms = products.transform.iter().map(|&transform| u32::from(transform));
                let transforms = UInt32Array::from_iter_values(transforms);
                take(&self.columns.of_transforms[index], &transforms, None)?
            }
            Origin::ProductIndex => Arc::new(Int32Array::from(products.product_index.clone())),
            Origin::SiteIndex => Arc::new(Int32Array::from(products.site_index.clone())),
            Origin::Computed(index) => Arc::clone(&products.columns[index]),
            Origin::Further => {
                let reason = "a further column was not asked of the engine".to_owned();
                return Err(ArrowError::ComputeError(reason));
            }
            Origin::Carried(index) => {
                take(chunk.columns.column(index), &UInt32Array::from(products.row.clone()), None)?
            }
        })
    }
}

impl ProductColumns<'_> {
    fn source_rows(&self) -> Vec<i64> {
        self.products.row.iter().map(|&row| (self.source_row)(row)).collect()
    }

    fn product_ids(&self) -> Result<ArrayRef, ArrowError> {
        let Self { columns, chunk, products, .. } = self;
        let id = chunk.columns.columns().first().filter(|_| columns.has_id);
        let parents = ParentIds::of(id, &products.row, &self.source_rows())?;
        let numbered = products.transform.iter().zip(&products.number).enumerate();
        columns
            .ids
            .column(numbered.map(|(at, (&transform, &number))| (parents.get(at as u32), transform, number)))
    }
}

impl Rows for ProductColumns<'_> {
    fn len(&self) -> usize {
        self.products.len()
    }

    fn column(&self, index: usize) -> Result<ArrayRef, ArrowError> {
        if let Some(made) = &self.made.borrow()[index] {
            return Ok(Arc::clone(made));
        }
        let column = self.make(self.columns.origins[index])?;
        self.made.borrow_mut()[index] = Some(Arc::clone(&column));
        Ok(column)
    }
}

fn texts(strings: &Strings, positions: impl Iterator<Item = usize>) -> Result<StringArray, ArrowError> {
    let text = |position| {
        let text =
            str::from_utf8(strings.get(position)).map_err(|error| ArrowError::ExternalError(error.into()))?;
        Ok(Some(text))
    };
    positions.map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::products::ProductTable;

    #[test]
    fn a_filter_may_name_each_column_of_the_output() {
        let field = |name, data_type| Arc::new(Field::new(name, data_type, true));
        let input = InputColumns {
            smiles: "smiles".to_owned(),
            kept: vec![field("note", DataType::Utf8)],
            ..InputColumns::default()
        };
        let computed = Fields::from(vec![Field::new("xf_site_count", DataType::Int32, false)]);
        for (id, prob) in [(None, None), (Some(field("no", DataType::Int16)), Some(0.5))] {
            let input = InputColumns { id, ..input.clone() };
            let transforms = [Transform { prob, ..Transform::new("T", "[C:1]>>[C:1]O") }];
            let columns = Columns::new(&input, &transforms, &computed, &Fields::empty());
            let table = ProductTable::new(&input, &transforms, &computed).unwrap();
            let names = |fields: &[FieldRef]| -> Vec<String> {
                fields.iter().map(|field| field.name().clone()).collect()
            };
            assert_eq!(names(columns.fields()), names(table.schema().rows().fields()));
        }
    }

    #[test]
    fn a_further_column_is_taken_from_the_engine_unless_the_output_has_its_name() {
        let field = |name: &str| Field::new(name, DataType::Float64, true);
        let input = InputColumns { kept: vec![Arc::new(field("MW"))], ..InputColumns::default() };
        let computed = Fields::from(vec![field("TPSA")]);
        let further = Fields::from(vec![field("MW"), field("QED"), field("MR")]);
        let mut columns = Columns::new(&input, &[Transform::new("T", "[C:1]>>[C:1]O")], &computed, &further);
        let position = |columns: &Columns, name: &str| {
            columns.fields().iter().position(|field| field.name() == name).unwrap()
        };
        let of_output = columns.of_output();
        assert_eq!(
            columns.fields()[of_output..].iter().map(|field| field.name()).collect::<Vec<_>>(),
            ["QED", "MR"]
        );
        assert_eq!(columns.origins[position(&columns, "MW")], Origin::Carried(0));
        let used = ["MR", "TPSA", "MR", "MW"].map(|name| position(&columns, name));
        assert_eq!(columns.take_further(used), ["MR"]);
        assert_eq!(columns.origins[position(&columns, "MR")], Origin::Computed(1));
    }
}
