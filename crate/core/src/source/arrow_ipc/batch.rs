//! The part of a record batch that the projected columns need, unpacked.
//!
//! A batch may hold a whole table, and a compressed buffer states what it unpacks to. Only the buffers of the projected
//! columns are read, within [`MAX_BATCH_BYTES`]; the decoder then gets a batch without compression, in which the other
//! buffers are empty.

use std::collections::{HashMap, VecDeque};
use std::io::Read;

use arrow::array::ArrayRef;
use arrow::buffer::{Buffer, MutableBuffer};
use arrow::datatypes::{DataType, Field, SchemaRef, UnionMode};
use arrow::ipc::reader::read_record_batch;
use arrow::ipc::{self, CompressionType, MetadataVersion, RecordBatchBuilder};
use arrow::record_batch::RecordBatch;
use flatbuffers::FlatBufferBuilder;

use super::messages::{Messages, fill};
use crate::source::guard::guard;

/// Most bytes of the projected columns of a batch, packed or unpacked: as many as a page of Parquet may have.
const MAX_BATCH_BYTES: u64 = 512 << 20;
/// The decoder copies buffers that begin elsewhere.
const ALIGNMENT: usize = 64;

/// A batch without compression and without the buffers that are not needed.
pub(super) struct Batch {
    /// Its description.
    metadata: Vec<u8>,
    body: Buffer,
    version: MetadataVersion,
}

impl Batch {
    /// Reads the buffers of the `projection`, or all of them, of `batch`, whose body comes next and whose columns are
    /// those of `schema`.
    pub(super) fn read(
        batch: ipc::RecordBatch<'_>,
        version: MetadataVersion,
        schema: &SchemaRef,
        projection: Option<&[usize]>,
        messages: &mut Messages,
    ) -> Result<Self, String> {
        let buffers: Vec<ipc::Buffer> = batch.buffers().into_iter().flatten().copied().collect();
        let counts: Vec<i64> = batch.variadicBufferCounts().into_iter().flatten().collect();
        let mut needed = needed_buffers(schema, projection, &counts, version, buffers.len())?;
        needed.sort_by_key(|&index| buffers[index].offset());
        let codec = batch.compression().map(|compression| compression.codec());

        let mut kept = vec![ipc::Buffer::new(0, 0); buffers.len()];
        let (mut body, mut packed_bytes) = (MutableBuffer::new(0), 0);
        for index in needed {
            let unsigned = |number: i64| u64::try_from(number).map_err(|_| NEGATIVE.to_owned());
            let (offset, length) = (unsigned(buffers[index].offset())?, unsigned(buffers[index].length())?);
            if length == 0 {
                continue;
            }
            packed_bytes = within_limit(packed_bytes, length)?;
            messages.skip_to(offset)?;
            body.resize(body.len().next_multiple_of(ALIGNMENT), 0);
            let start = body.len();
            match codec {
                None => messages.read_body(length, &mut body)?,
                Some(codec) => {
                    let mut packed = MutableBuffer::new(0);
                    messages.read_body(length, &mut packed)?;
                    unpack(codec, &packed, &mut body)?;
                }
            }
            kept[index] = ipc::Buffer::new(start as i64, (body.len() - start) as i64);
        }
        check_lengths(&batch, body.len())?;
        Ok(Self { metadata: described(&batch, &kept, &counts), body: body.into(), version })
    }

    /// The arrays of the projection, or all.
    pub(super) fn decode(
        &self,
        schema: &SchemaRef,
        projection: Option<&[usize]>,
        dictionaries: &HashMap<i64, ArrayRef>,
    ) -> Result<RecordBatch, String> {
        let batch =
            flatbuffers::root::<ipc::RecordBatch<'_>>(&self.metadata).map_err(|error| error.to_string())?;
        guard(|| {
            read_record_batch(
                &self.body,
                batch,
                SchemaRef::clone(schema),
                dictionaries,
                projection,
                &self.version,
            )
        })
    }
}

const NEGATIVE: &str = "a buffer has a negative offset or length";

/// `bytes` and `more`, unless that is too much for a batch.
fn within_limit(bytes: u64, more: u64) -> Result<u64, String> {
    let all = bytes.checked_add(more).filter(|&all| all <= MAX_BATCH_BYTES);
    all.ok_or_else(|| {
        format!(
            "a batch takes more than {} MiB for the columns that are read; write it again in smaller batches, or as Parquet",
            MAX_BATCH_BYTES >> 20
        )
    })
}

/// Appends to `body` what a packed buffer holds, after its unpacked length.
fn unpack(codec: CompressionType, packed: &[u8], body: &mut MutableBuffer) -> Result<(), String> {
    let (length, packed) = packed.split_first_chunk().ok_or("a packed buffer is too short")?;
    let length = match i64::from_le_bytes(*length) {
        -1 => {
            within_limit(body.len() as u64, packed.len() as u64)?;
            body.extend_from_slice(packed);
            return Ok(());
        }
        length => u64::try_from(length).map_err(|_| NEGATIVE.to_owned())?,
    };
    within_limit(body.len() as u64, length)?;
    let damaged = |error: std::io::Error| format!("a buffer cannot be unpacked: {error}");
    let mut content: Box<dyn Read> = match codec {
        CompressionType::LZ4_FRAME => Box::new(lz4_flex::frame::FrameDecoder::new(packed)),
        CompressionType::ZSTD => Box::new(zstd::Decoder::with_buffer(packed).map_err(damaged)?),
        _ => return Err("its compression is newer than this program".to_owned()),
    };
    fill(&mut content, length, body).map_err(damaged)?;
    match content.read(&mut [0]).map_err(damaged)? {
        0 => Ok(()),
        _ => Err("a buffer unpacks to more than it states".to_owned()),
    }
}

/// Refuses arrays that state more values than the bytes of the batch can hold.
fn check_lengths(batch: &ipc::RecordBatch<'_>, body_bytes: usize) -> Result<(), String> {
    let most = (body_bytes as i64).saturating_mul(8).max(batch.length());
    let is_held = |node: &ipc::FieldNode| (0..=most).contains(&node.length());
    if batch.length() >= 0 && batch.nodes().into_iter().flatten().all(is_held) {
        return Ok(());
    }
    Err("it states more values than it has bytes for".to_owned())
}

/// The description of the same batch with these buffers, without compression.
fn described(batch: &ipc::RecordBatch<'_>, buffers: &[ipc::Buffer], counts: &[i64]) -> Vec<u8> {
    let nodes: Vec<ipc::FieldNode> = batch.nodes().into_iter().flatten().copied().collect();
    let mut builder = FlatBufferBuilder::new();
    let nodes = builder.create_vector(&nodes);
    let buffers = builder.create_vector(buffers);
    let counts = builder.create_vector(counts);
    let mut description = RecordBatchBuilder::new(&mut builder);
    description.add_length(batch.length());
    description.add_nodes(nodes);
    description.add_buffers(buffers);
    description.add_variadicBufferCounts(counts);
    let description = description.finish();
    builder.finish(description, None);
    builder.finished_data().to_vec()
}

/// The positions of the buffers of the projected columns among the `count` of the batch.
fn needed_buffers(
    schema: &SchemaRef,
    projection: Option<&[usize]>,
    counts: &[i64],
    version: MetadataVersion,
    count: usize,
) -> Result<Vec<usize>, String> {
    let mut counts = counts.iter().copied().collect();
    let (mut next, mut needed) = (0, Vec::new());
    for (index, field) in schema.fields().iter().enumerate() {
        let end = buffers_of(field, &mut counts, version).and_then(|own| own.checked_add(next));
        let end = end.filter(|&end| end <= count).ok_or("it has fewer buffers than its columns need")?;
        if projection.is_none_or(|projection| projection.contains(&index)) {
            needed.extend(next..end);
        }
        next = end;
    }
    Ok(needed)
}

/// Number of buffers of a column and its parts; `None` if `counts`, those of views, do not fit.
fn buffers_of(field: &Field, counts: &mut VecDeque<i64>, version: MetadataVersion) -> Option<usize> {
    let mut all = |own: usize, parts: &[&Field]| {
        parts.iter().try_fold(own, |sum, part| sum.checked_add(buffers_of(part, counts, version)?))
    };
    match field.data_type() {
        DataType::Null => Some(0),
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Binary | DataType::LargeBinary => Some(3),
        DataType::Utf8View | DataType::BinaryView => {
            usize::try_from(counts.pop_front()?).ok()?.checked_add(2)
        }
        DataType::List(item) | DataType::LargeList(item) | DataType::Map(item, _) => all(2, &[item]),
        DataType::ListView(item) | DataType::LargeListView(item) => all(3, &[item]),
        DataType::FixedSizeList(item, _) => all(1, &[item]),
        DataType::Struct(parts) => all(1, &parts.iter().map(AsRef::as_ref).collect::<Vec<_>>()),
        DataType::RunEndEncoded(ends, values) => all(0, &[ends, values]),
        DataType::Union(parts, mode) => {
            let validity = usize::from(version < MetadataVersion::V5);
            let offsets = usize::from(*mode == UnionMode::Dense);
            all(validity + 1 + offsets, &parts.iter().map(|(_, part)| part.as_ref()).collect::<Vec<_>>())
        }
        _ => Some(2),
    }
}
