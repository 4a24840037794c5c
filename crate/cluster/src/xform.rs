//! `xform(smiles, transforms) -> List<Struct>`: the kernel as a scalar function; with a filter, `xform(smiles, transforms,
//! source_row, carried)`, since the filter may name any column of the parent.
//!
//! Its value depends only on the row, and a molecule that RDKit refuses is an entry like any other. A task that is
//! lost with its executor can therefore be repeated anywhere, any number of times. A job ends only because of an
//! invalid specification or an internal error.

use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::{exec_err, plan_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{
    ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, TypeSignature, Volatility,
};

use xform_core::Error;

use crate::entries::list_type;
use crate::kernel::{self, Parents};

/// The function.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Xform {
    signature: Signature,
}

impl Xform {
    /// Its name in a plan.
    pub const NAME: &'static str = "xform";
}

impl Default for Xform {
    fn default() -> Self {
        let signatures = vec![TypeSignature::String(2), TypeSignature::Any(4)];
        Self { signature: Signature::one_of(signatures, Volatility::Immutable) }
    }
}

impl ScalarUDFImpl for Xform {
    fn name(&self) -> &str {
        Self::NAME
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, arguments: &[DataType]) -> Result<DataType> {
        if ![2, 4].contains(&arguments.len()) {
            return plan_err!(
                "xform requires a SMILES and transforms, with a filter also the row and its columns"
            );
        }
        Ok(list_type())
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [smiles, transforms, parents @ ..] = &arguments.args[..] else {
            return exec_err!("xform requires a SMILES and transforms");
        };
        let ColumnarValue::Scalar(transforms) = transforms else {
            return exec_err!("xform requires the same transforms for all rows: pass them as a literal");
        };
        let Some(Some(spec)) = transforms.try_as_str() else {
            return exec_err!("xform requires the JSON of transforms and limits");
        };
        let smiles = cast(&smiles.to_array(arguments.number_rows)?, &DataType::Utf8)?;
        let parents = match parents {
            [source_row, carried] => {
                let source_row = cast(&source_row.to_array(arguments.number_rows)?, &DataType::Int64)?;
                let carried = cast(&carried.to_array(arguments.number_rows)?, &DataType::Binary)?;
                Some(Parents {
                    source_rows: source_row.as_primitive().clone(),
                    carried: carried.as_binary().clone(),
                })
            }
            _ => None,
        };
        let entries = kernel::apply(spec, smiles.as_string::<i32>().clone(), parents);
        entries.map(ColumnarValue::Array).map_err(execution)
    }
}

/// Not an I/O error, which Ballista would retry with the same result.
pub fn execution(error: Error) -> DataFusionError {
    DataFusionError::Execution(format!("{}: {error}", error.code()))
}
