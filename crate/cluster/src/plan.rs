//! The job: scan, `xform`, unnest, repartition by the hash of the key, first in total order, sort.
//!
//! ```text
//! sort by key (or by record: total order)
//!   key -> min(record), count(record)          the first of equal products, and their number
//!     key and record of each entry
//!       unnest xform(smiles, transforms)       RDKit, once per row
//!         library: source_row, smiles, carried
//! ```
//!
//! Failures and rows have separate keys (see [`crate::packing`]), so that products, rejects and counts come from a
//! single scan. In both orders the failures come first, then the rows, then the products. The aggregation is
//! DataFusion's, in two steps: a task removes equal products of its own before the shuffle, unless there are too few
//! of them.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use datafusion::error::{DataFusionError, Result};
use datafusion::functions_aggregate::expr_fn::{count, min};
use datafusion::logical_expr::ScalarUDF;
use datafusion::prelude::{DataFrame, ParquetReadOptions, SessionContext, col, lit};
use xform_core::{DedupMode, Order};

use crate::library;
use crate::packing::{XformKey, XformRecord};
use crate::spec::Spec;
use crate::xform::Xform;

/// The job over the files of a library. Its rows are `record` and `copies`.
pub async fn job(
    context: &SessionContext,
    library: &[PathBuf],
    spec: &Spec,
    dedup: DedupMode,
    order: Order,
) -> Result<DataFrame> {
    let paths = library.iter().map(|path| url(path)).collect::<Result<Vec<String>>>()?;
    let function = |name: &str| -> Result<Arc<ScalarUDF>> {
        let state = context.state();
        let found = state.scalar_functions().get(name).cloned();
        found.ok_or_else(|| DataFusionError::Plan(format!("the session has no function {name}")))
    };
    let options = ParquetReadOptions::default().schema(&library::SCHEMA);
    let mut arguments = vec![col("smiles"), lit(spec.to_json()?)];
    if spec.filter.is_some() {
        arguments.extend([col("source_row"), col("carried")]);
    }
    let entry = function(Xform::NAME)?.call(arguments).alias("entry");
    let key = function(XformKey::NAME)?.call(vec![col("source_row"), col("entry")]).alias("key");
    let record = function(XformRecord::NAME)?
        .call(vec![col("source_row"), col("smiles"), col("carried"), col("entry")])
        .alias("record");
    let records = context
        .read_parquet(paths, options)
        .await?
        .select(vec![col("source_row"), col("smiles"), col("carried"), entry])?
        .unnest_columns(&["entry"])?
        .select(vec![key, record])?;
    let records = match dedup.facts().keeps_repeats {
        true => records.select(vec![col("key"), col("record"), lit(1_i64).alias("copies")])?,
        false => records.aggregate(
            vec![col("key")],
            vec![min(col("record")).alias("record"), count(col("record")).alias("copies")],
        )?,
    };
    let ascending = |name: &str| col(name).sort(true, true);
    let sorted = match order {
        Order::Key => records.sort(vec![ascending("key"), ascending("record")])?,
        Order::Input => records.sort(vec![ascending("record")])?,
    };
    sorted.select(vec![col("record"), col("copies")])
}

/// The path as a URL, the same for all machines: in a plain path, DataFusion would treat `*`, `?` and `[` as a
/// pattern.
fn url(path: &Path) -> Result<String> {
    let whole = path.canonicalize()?;
    let text = whole.to_str().ok_or_else(|| {
        DataFusionError::Configuration("a path that is not UTF-8 cannot be sent to a cluster".to_owned())
    })?;
    let mut url = "file://".to_owned();
    for byte in text.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' | b'~' => url.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => url.push(char::from(byte)),
            _ => write!(url, "%{byte:02X}").map_err(|error| DataFusionError::External(Box::new(error)))?,
        }
    }
    Ok(url)
}
