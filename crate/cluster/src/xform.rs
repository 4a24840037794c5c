//! `xform(smiles, transforms) -> List<Struct>`: the kernel as a scalar function.
//!
//! Its value depends only on the row, and a molecule that RDKit refuses is an entry like any other. A task that is
//! lost with its executor can therefore be repeated anywhere, any number of times. A job ends only because of an
//! invalid specification or an internal error.

use arrow::array::AsArray;
use arrow::compute::cast;
use arrow::datatypes::DataType;
use datafusion::common::{exec_err, plan_err};
use datafusion::error::{DataFusionError, Result};
use datafusion::logical_expr::{ColumnarValue, ScalarFunctionArgs, ScalarUDFImpl, Signature, Volatility};

use xform_core::Error;

use crate::entries::list_type;
use crate::kernel;

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
        Self { signature: Signature::string(2, Volatility::Immutable) }
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
        if arguments.len() != 2 {
            return plan_err!("xform requires a SMILES and transforms");
        }
        Ok(list_type())
    }

    fn invoke_with_args(&self, arguments: ScalarFunctionArgs) -> Result<ColumnarValue> {
        let [smiles, transforms] = &arguments.args[..] else {
            return exec_err!("xform requires a SMILES and transforms");
        };
        let ColumnarValue::Scalar(transforms) = transforms else {
            return exec_err!("xform requires the same transforms for all rows: pass them as a literal");
        };
        let Some(Some(spec)) = transforms.try_as_str() else {
            return exec_err!("xform requires the JSON of transforms and limits");
        };
        let smiles = cast(&smiles.to_array(arguments.number_rows)?, &DataType::Utf8)?;
        let entries = kernel::apply(spec, smiles.as_string::<i32>().clone());
        entries.map(ColumnarValue::Array).map_err(execution)
    }
}

/// Not an I/O error, which Ballista would retry with the same result.
pub fn execution(error: Error) -> DataFusionError {
    DataFusionError::Execution(format!("{}: {error}", error.code()))
}
