//! Checks pages on their way to the decoder, before it relies on what they claim.
//!
//! A page states its unpacked size and its number of values, and a few of its bytes can stand for gigabytes. The
//! decoder allocates what is stated, and some codecs unpack whatever comes. This module refuses a page that claims
//! too much for one page or holds more than it claims, and a column of which one batch would need too many pages.

use std::io::{self, BufRead, Read};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::read::MultiGzDecoder;
use parquet::arrow::arrow_reader::RowGroups;
use parquet::basic::{Compression, Encoding};
use parquet::column::page::{Page, PageIterator, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, Length};
use parquet::file::serialized_reader::SerializedPageReader;
use parquet::schema::types::ColumnDescPtr;

use super::thrift::{Compact, kind};
use crate::source::guard::reason;
use crate::stable_file::{StableFile, StableReader};

/// Largest page, unpacked. Writers make pages of 1 MiB, DuckDB of up to 100 MB, fastparquet of up to 500 MiB.
const MAX_PAGE_BYTES: u64 = 512 << 20;
/// Most values of a page whose values are all unpacked at once, or whose rows can have any number of them: DuckDB's
/// pages of lists have up to 25 million.
const MAX_PAGE_VALUES: usize = 32 << 20;
/// Bytes of one column's pages that one batch may touch: two of the largest.
const MAX_BATCH_BYTES: u64 = 2 * MAX_PAGE_BYTES;
/// Cost of a value of a list in addition to its bytes: levels, offset, validity.
const LISTED_VALUE_BYTES: u64 = 16;

/// The longest header of a page: it holds two statistics values, which some writers do not shorten.
const MAX_HEADER_BYTES: u64 = 1 << 20;

/// The row groups of a file.
pub(super) struct CheckedRowGroups {
    pub file: StableFile,
    pub metadata: Arc<ParquetMetaData>,
    /// The first row group that is read.
    pub first_group: usize,
    /// The number of the current batch, increased by the reader.
    pub batch: Arc<AtomicU64>,
}

impl RowGroups for CheckedRowGroups {
    fn num_rows(&self) -> usize {
        self.row_groups().map(|group| group.num_rows().max(0) as usize).sum()
    }

    fn column_chunks(&self, column: usize) -> Result<Box<dyn PageIterator>> {
        Ok(Box::new(ColumnChunks {
            file: self.file.clone(),
            metadata: Arc::clone(&self.metadata),
            batch: Arc::clone(&self.batch),
            column,
            group: self.first_group,
        }))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(self.metadata.row_groups().iter().skip(self.first_group))
    }

    fn metadata(&self) -> &ParquetMetaData {
        &self.metadata
    }
}

/// One column's chunks, one per row group.
struct ColumnChunks {
    file: StableFile,
    metadata: Arc<ParquetMetaData>,
    batch: Arc<AtomicU64>,
    column: usize,
    group: usize,
}

impl ColumnChunks {
    fn open(&self, group: &RowGroupMetaData) -> Result<CheckedPages> {
        let column = located(group.column(self.column), self.file.len())?;
        let file = ChunkFile { file: self.file.clone(), codec: column.compression(), header: Arc::default() };
        let rows = usize::try_from(group.num_rows())?;
        Ok(CheckedPages {
            pages: SerializedPageReader::new(Arc::new(file), &column, rows, None)?,
            column: column.column_descr_ptr(),
            values_left: column.num_values(),
            batch: Arc::clone(&self.batch),
            counted: 0,
            bytes: 0,
        })
    }
}

impl Iterator for ColumnChunks {
    type Item = Result<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        let metadata = Arc::clone(&self.metadata);
        let group = metadata.row_groups().get(self.group)?;
        self.group += 1;
        Some(self.open(group).map(|pages| Box::new(pages) as _))
    }
}

impl PageIterator for ColumnChunks {}

/// The chunk with its place in a file of `file_bytes`, as other readers interpret it.
///
/// Old writers give a missing dictionary the offset 0, and leave the dictionary's header out of the size
/// (PARQUET-816).
fn located(column: &ColumnChunkMetaData, file_bytes: u64) -> Result<ColumnChunkMetaData> {
    const MOST_MISSING_BYTES: i64 = 100;
    let data = column.data_page_offset();
    let dictionary = column.dictionary_page_offset().filter(|&offset| 0 < offset && offset < data);
    let left = i64::try_from(file_bytes)?.saturating_sub(dictionary.unwrap_or(data)).max(0);
    let size = column.compressed_size().saturating_add(MOST_MISSING_BYTES).min(left);
    let column = column.clone().into_builder().set_dictionary_page_offset(dictionary);
    column.set_total_compressed_size(size).build()
}

/// The pages of a column chunk, unpacked. As for other readers, they end with the last value, whatever the size of
/// the chunk.
struct CheckedPages {
    pages: SerializedPageReader<ChunkFile>,
    column: ColumnDescPtr,
    values_left: i64,
    batch: Arc<AtomicU64>,
    /// The batch to which `bytes` belongs.
    counted: u64,
    bytes: u64,
}

impl CheckedPages {
    fn check(&mut self, page: &Page) -> Result<()> {
        let bytes = page.buffer();
        let values = page.num_values() as usize;
        let is_list = self.column.max_rep_level() > 0;
        match page {
            Page::DictionaryPage { .. } if values > bytes.len() => {
                return refuse(format!("a dictionary of {values} values in {} bytes", bytes.len()));
            }
            Page::DictionaryPage { .. } => {}
            _ if is_list && values > MAX_PAGE_VALUES => {
                return refuse_large(&format!("a page of {values} values"));
            }
            _ => self.check_lengths(page)?,
        }
        let listed = if is_list { values as u64 * LISTED_VALUE_BYTES } else { 0 };
        self.count(bytes.len() as u64 + listed)
    }

    /// Checks the lengths of the texts of a page in a delta encoding, which are unpacked at once.
    fn check_lengths(&self, page: &Page) -> Result<()> {
        let streams = match page.encoding() {
            Encoding::DELTA_LENGTH_BYTE_ARRAY => 1,
            Encoding::DELTA_BYTE_ARRAY => 2,
            _ => return Ok(()),
        };
        let limit = (page.num_values() as usize).min(MAX_PAGE_VALUES);
        let mut bytes = values_of(page, &self.column).ok_or_else(damaged)?;
        for _ in 0..streams {
            let lengths = DeltaStream::read(bytes).ok_or_else(damaged)?;
            if lengths.count > limit as u64 {
                return refuse_large(&format!("a page of {} lengths", lengths.count));
            }
            bytes = lengths.rest().ok_or_else(damaged)?;
        }
        Ok(())
    }

    /// The error with the column's name.
    fn named(&self, error: &ParquetError) -> ParquetError {
        let column = self.column.path().string();
        ParquetError::General(format!("column {column:?}: {}", reason(&error.to_string())))
    }

    /// Adds bytes to what the current batch touches.
    fn count(&mut self, bytes: u64) -> Result<()> {
        let batch = self.batch.load(Ordering::Relaxed);
        if batch != self.counted {
            (self.counted, self.bytes) = (batch, 0);
        }
        self.bytes += bytes;
        if self.bytes > MAX_BATCH_BYTES {
            return refuse_large(&format!("a few rows of more than {} MiB", MAX_BATCH_BYTES >> 20));
        }
        Ok(())
    }
}

impl Iterator for CheckedPages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for CheckedPages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        if self.values_left <= 0 {
            return Ok(None);
        }
        let page = self.pages.get_next_page().and_then(|page| {
            page.iter().try_for_each(|page| self.check(page))?;
            Ok(page)
        });
        let page = page.map_err(|error| self.named(&error))?;
        let values = page.iter().filter(|page| page.is_data_page()).map(|page| i64::from(page.num_values()));
        self.values_left -= values.sum::<i64>();
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        if self.values_left <= 0 {
            return Ok(None);
        }
        self.pages.peek_next_page().map_err(|error| self.named(&error))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        let values = self.peek_next_page()?.and_then(|page| page.num_levels).unwrap_or(0);
        self.values_left -= values as i64;
        self.pages.skip_next_page().map_err(|error| self.named(&error))
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        if self.values_left <= 0 {
            return Ok(true);
        }
        self.pages.at_record_boundary().map_err(|error| self.named(&error))
    }
}

/// The values of a page, after its levels.
fn values_of<'p>(page: &'p Page, column: &ColumnDescPtr) -> Option<&'p [u8]> {
    let bytes = page.buffer().as_ref();
    match page {
        Page::DataPageV2 { def_levels_byte_len, rep_levels_byte_len, .. } => {
            bytes.get(def_levels_byte_len.checked_add(*rep_levels_byte_len)? as usize..)
        }
        Page::DataPage { num_values, def_level_encoding, rep_level_encoding, .. } => {
            let bytes = after_levels(bytes, column.max_rep_level(), *rep_level_encoding, *num_values)?;
            after_levels(bytes, column.max_def_level(), *def_level_encoding, *num_values)
        }
        Page::DictionaryPage { .. } => Some(bytes),
    }
}

/// What follows the levels up to `max` at the start of `bytes`.
#[expect(deprecated, reason = "old files have it")]
fn after_levels(bytes: &[u8], max: i16, encoding: Encoding, values: u32) -> Option<&[u8]> {
    if max == 0 {
        return Some(bytes);
    }
    let length = match encoding {
        Encoding::RLE => 4 + u32::from_le_bytes(bytes.get(..4)?.try_into().ok()?) as usize,
        Encoding::BIT_PACKED => {
            let bits = u64::from(u16::BITS - max.unsigned_abs().leading_zeros());
            (u64::from(values) * bits).div_ceil(8) as usize
        }
        _ => return None,
    };
    bytes.get(length..)
}

/// A DELTA_BINARY_PACKED stream of numbers.
struct DeltaStream<'p> {
    count: u64,
    miniblocks: usize,
    /// Numbers in a miniblock.
    numbers: u64,
    blocks: Compact<'p>,
}

impl<'p> DeltaStream<'p> {
    /// The stream at the start of `bytes`, up to its blocks.
    fn read(bytes: &'p [u8]) -> Option<Self> {
        let mut stream = Compact(bytes);
        let (block, miniblocks, count) = (stream.number()?, stream.number()?, stream.number()?);
        stream.int()?;
        let numbers = block.checked_div(miniblocks)?;
        Some(Self { count, miniblocks: usize::try_from(miniblocks).ok()?, numbers, blocks: stream })
    }

    /// What follows it.
    fn rest(self) -> Option<&'p [u8]> {
        let mut blocks = self.blocks;
        let mut left = self.count.saturating_sub(1);
        while left > 0 {
            blocks.int()?;
            let (widths, packed) = blocks.0.split_at_checked(self.miniblocks)?;
            let mut length = 0u64;
            for width in widths {
                let width = if left == 0 { 0 } else { u64::from(*width) };
                length = length.checked_add(width.checked_mul(self.numbers)? / 8)?;
                left = left.saturating_sub(self.numbers);
            }
            blocks.0 = packed.get(usize::try_from(length).ok()?..)?;
        }
        Some(blocks.0)
    }
}

/// The file as the decoder reads one of its column chunks: header by header, each with its page.
struct ChunkFile {
    file: StableFile,
    codec: Compression,
    /// The header read last.
    header: Arc<Mutex<Header>>,
}

impl Length for ChunkFile {
    fn len(&self) -> u64 {
        self.file.len()
    }
}

impl ChunkReader for ChunkFile {
    type T = HeaderReader;

    fn get_read(&self, start: u64) -> Result<HeaderReader> {
        let (file, reader) = (self.file.clone(), self.file.from(start));
        Ok(HeaderReader { file, reader, start: Some(start), header: Arc::clone(&self.header) })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<bytes::Bytes> {
        if start.checked_add(length as u64).is_none_or(|end| end > self.file.len()) {
            return refuse("a page reaches past the end of the file");
        }
        let page = self.file.get_bytes(start, length)?;
        let header = *self.header.lock().unwrap_or_else(PoisonError::into_inner);
        header.check_unpacked(self.codec, &page)?;
        Ok(page)
    }
}

/// Reads on from the start of a header, which is checked when the first byte is requested. The decoder also opens
/// positions whose header it already knows, and then reads nothing.
struct HeaderReader {
    file: StableFile,
    reader: StableReader,
    start: Option<u64>,
    header: Arc<Mutex<Header>>,
}

impl Read for HeaderReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(start) = self.start.take() {
            let header = match Header::read(self.reader.fill_buf()?) {
                Some(header) => header,
                None => self.read_long(start)?,
            };
            header.check().map_err(io::Error::other)?;
            *self.header.lock().unwrap_or_else(PoisonError::into_inner) = header;
        }
        match self.reader.read(buffer)? {
            // parquet 59.3 skips unknown content without checking that it exists: for a list that claims 2^31
            // numbers, it made an empty read for each of them.
            0 if !buffer.is_empty() => Err(io::ErrorKind::UnexpectedEof.into()),
            read => Ok(read),
        }
    }
}

impl HeaderReader {
    fn read_long(&mut self, start: u64) -> io::Result<Header> {
        let mut bytes = Vec::new();
        self.file.from(start).take(MAX_HEADER_BYTES).read_to_end(&mut bytes)?;
        Header::read(&bytes).ok_or_else(|| io::Error::other(damaged()))
    }
}

/// What the header of a page claims.
#[derive(Debug, Default, Clone, Copy)]
struct Header {
    packed: i64,
    unpacked: i64,
    /// Bytes at the start that are never compressed.
    levels: i64,
    is_packed: bool,
}

impl Header {
    /// `None` if the bytes do not hold all of it.
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut header = Self { is_packed: true, ..Self::default() };
        Compact(bytes).fields(|value, id, kind| match (id, kind) {
            (1 | 4, kind::I32) => value.skip(kind),
            (2, kind::I32) => value.int().map(|size| header.unpacked = size),
            (3, kind::I32) => value.int().map(|size| header.packed = size),
            (8, kind::STRUCT) => header.read_v2(value),
            (5..=7, kind::STRUCT) | (9.., _) => value.skip(kind),
            _ => None,
        })?;
        Some(header)
    }

    fn read_v2(&mut self, fields: &mut Compact<'_>) -> Option<()> {
        fields.fields(|value, id, kind| match (id, kind) {
            (5 | 6, kind::I32) => value.int().map(|length| self.levels += length),
            (7, 1 | 2) => {
                self.is_packed = kind == 1;
                Some(())
            }
            _ => value.skip(kind),
        })
    }

    fn check(&self) -> Result<()> {
        match u64::try_from(self.packed.max(self.unpacked)) {
            Ok(bytes) if bytes <= MAX_PAGE_BYTES => Ok(()),
            Ok(bytes) => refuse_large(&format!("a page of {} MiB", bytes >> 20)),
            Err(_) => Err(damaged()),
        }
    }

    /// Refuses a page that would unpack to more than it claims, for codecs that do not check this themselves.
    fn check_unpacked(&self, codec: Compression, page: &[u8]) -> Result<()> {
        let levels = usize::try_from(self.levels).ok();
        let packed = levels.and_then(|levels| page.get(levels..)).ok_or_else(damaged)?;
        let unpacked: &mut dyn Read = match codec {
            _ if !self.is_packed => return Ok(()),
            Compression::GZIP(_) => &mut MultiGzDecoder::new(packed),
            Compression::BROTLI(_) => &mut brotli::Decompressor::new(packed, 1 << 16),
            Compression::LZ4 => &mut lz4_flex::frame::FrameDecoder::new(packed),
            _ => return Ok(()),
        };
        let claimed = self.unpacked.unsigned_abs();
        // Damaged data ends here, and the decoder reports it.
        let more =
            io::copy(&mut unpacked.take(claimed + 1), &mut io::sink()).is_ok_and(|bytes| bytes > claimed);
        if more { refuse("a page is larger than it claims") } else { Ok(()) }
    }
}

fn refuse<T>(reason: impl Into<String>) -> Result<T> {
    Err(ParquetError::General(reason.into()))
}

/// Refuses something that may be valid but is too large to be read in pieces.
fn refuse_large<T>(what: &str) -> Result<T> {
    refuse(format!(
        "{what} is too large to read; write the file again with smaller row groups, or without the column"
    ))
}

fn damaged() -> ParquetError {
    ParquetError::General("a page is damaged".to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn reading_a_header_past_the_end_of_the_file_is_an_error() {
        let header = [0x15, 0x00, 0x15, 0x02, 0x15, 0x02, 0x00];
        let mut file = tempfile::tempfile().expect("a file can be made");
        file.write_all(&header).expect("it can be written");
        let file = StableFile::new(std::path::Path::new(""), file).expect("it is a file");
        let chunk = ChunkFile { file, codec: Compression::UNCOMPRESSED, header: Arc::default() };
        let mut reader = chunk.get_read(0).expect("the start can be read");
        let mut bytes = [0; 7];
        reader.read_exact(&mut bytes).expect("all of the header is there");
        assert_eq!(bytes, header);
        let beyond = reader.read(&mut bytes).expect_err("there is no more");
        assert_eq!(beyond.kind(), io::ErrorKind::UnexpectedEof);
    }
}
