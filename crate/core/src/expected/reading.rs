//! Reads the rows of places.

use arrow::array::UInt32Array;
use arrow::record_batch::{RecordBatch, RecordBatchOptions};

use super::places::{Chance, Extent, Place};
use crate::compact::take_rows;
use crate::error::Error;
use crate::job::{completed, rows_of};
use crate::library::{EnteredLibrary, Library};
use crate::options::ApplyOptions;
use crate::platform::own_thread_seconds;
use crate::source::{CHUNK_TEXT_BYTES, Chunk, Fault, Source, Unlisted};
use crate::strings::SmilesBatch;

/// So many rows are rather read than skipped: a Parquet file is then read again from the start of a row group.
const READ_THROUGH_ROWS: u64 = 100_000;

/// Rows of a place on their way through the steps of a run.
pub struct Piece {
    /// Its position among all pieces.
    pub sequence: u64,
    /// The number of the place.
    pub place: u32,
    /// The position of each row in its place.
    pub offsets: Vec<u32>,
    /// The position in the library of the first row of the place; estimated if the library is not read from its start.
    pub first_row: u64,
    /// The rows.
    pub chunk: Chunk,
}

impl Piece {
    /// The position in the library of a row.
    pub fn source_row(&self, row: u32) -> u64 {
        self.first_row + u64::from(self.offsets[row as usize])
    }
}

/// What was read to find the even rows.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Passed {
    /// Rows that were read.
    pub rows: u64,
    /// The bytes of their lines, if the library is read by bytes.
    pub bytes: u64,
    /// CPU seconds for that.
    pub seconds: f64,
}

impl Passed {
    /// CPU seconds for a row.
    pub fn seconds_each(self) -> f64 {
        self.seconds / (self.rows as f64).max(1.0)
    }

    /// Counts what `read` reads.
    fn timed(&mut self, read: impl FnOnce() -> Result<Vec<Chunk>, Error>) -> Result<Vec<Chunk>, Error> {
        let before = own_thread_seconds();
        let chunks = read()?;
        self.seconds += own_thread_seconds() - before;
        self.rows += chunks.iter().map(|chunk| chunk.smiles.len() as u64).sum::<u64>();
        Ok(chunks)
    }

    /// The row that begins at about this byte.
    fn row_at(self, byte: u64) -> u64 {
        (self.rows as f64 * (byte as f64 / (self.bytes as f64).max(1.0))) as u64
    }
}

/// Reads the rows of places.
pub struct Reader<'a> {
    library: Readable<'a>,
    options: &'a ApplyOptions,
    passed: Passed,
}

enum Readable<'a> {
    /// A library that is read from its start, with the position of its next row.
    Rows(&'a Library, Option<Box<dyn Source>>, u64),
    /// A text file that is entered anywhere.
    Bytes(&'a EnteredLibrary),
}

impl<'a> Reader<'a> {
    /// Reads `library` from its start.
    pub fn of_rows(library: &'a Library, options: &'a ApplyOptions) -> Self {
        Self { library: Readable::Rows(library, None, 0), options, passed: Passed::default() }
    }

    /// Reads `entered` at any place.
    pub fn of_bytes(entered: &'a EnteredLibrary, options: &'a ApplyOptions) -> Self {
        Self { library: Readable::Bytes(entered), options, passed: Passed::default() }
    }

    /// What was read so far, except runs.
    pub fn passed(&self) -> Passed {
        self.passed
    }

    /// The rows of the place with number `index` that are tried, in pieces whose numbers begin with `sequence`.
    pub fn pieces(
        &mut self,
        place: &Place,
        index: u32,
        sequence: u64,
        chance: Chance,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<Vec<Piece>, Error> {
        let (first_row, chunks) = self.read(&place.at, stop_check)?;
        let rows = chunks.iter().map(|chunk| chunk.smiles.len() as u64).sum();
        let tried = place.tried.among(rows, u64::from(index), chance);
        let mut pieces = Vec::new();
        let mut take_in = |offsets: Vec<u32>, chunk: Chunk| {
            let sequence = sequence + pieces.len() as u64;
            pieces.push(Piece { sequence, place: index, offsets, first_row, chunk });
        };
        if tried.len() as u64 == rows {
            let mut start = 0;
            for chunk in chunks {
                let end = start + chunk.smiles.len() as u32;
                take_in((start..end).collect(), chunk);
                start = end;
            }
        } else {
            chosen(&chunks, &tried, &mut take_in)?;
        }
        Ok(pieces)
    }

    /// The rows of a place, with the position of the first one.
    fn read(
        &mut self,
        at: &Extent,
        stop_check: &dyn Fn() -> Result<(), Error>,
    ) -> Result<(u64, Vec<Chunk>), Error> {
        let Self { library, options, passed } = self;
        match (library, at) {
            (Readable::Rows(library, source, next), Extent::Rows(range)) => {
                let mut open = match source.take().filter(|_| *next <= range.start) {
                    Some(open) => open,
                    None => {
                        *next = 0;
                        rows_of(library, options)?
                    }
                };
                pass_over(&mut *open, range.start - *next, stop_check)?;
                let chunks = passed.timed(|| next_rows(&mut *open, range.end - range.start, stop_check))?;
                (*source, *next) = (Some(open), range.end);
                Ok((range.start, chunks))
            }
            (Readable::Bytes(entered), Extent::Bytes(range)) => {
                let lines = entered.lines(range.start, range.end)?;
                let mut source = completed(entered.rows(lines)?, options);
                passed.bytes += lines.end - lines.start;
                let chunks = passed.timed(|| next_rows(&mut *source, u64::MAX, stop_check))?;
                Ok((passed.row_at(lines.start), chunks))
            }
            (Readable::Bytes(entered), Extent::RowsFromByte(start, rows)) => {
                let lines = entered.lines(*start, entered.bytes())?;
                let mut source = completed(entered.rows(lines)?, options);
                Ok((passed.row_at(lines.start), next_rows(&mut *source, *rows, stop_check)?))
            }
            _ => Err(Error::internal("a place of a sample does not fit its library")),
        }
    }
}

/// Passes over the next `rows` rows of `source`.
fn pass_over(
    source: &mut dyn Source,
    mut rows: u64,
    stop_check: &dyn Fn() -> Result<(), Error>,
) -> Result<(), Error> {
    if rows > READ_THROUGH_ROWS {
        return source.skip(rows, stop_check);
    }
    while rows > 0 {
        stop_check()?;
        let Some(chunk) = source.next_chunk(usize::try_from(rows).unwrap_or(usize::MAX))? else { break };
        rows -= chunk.smiles.len() as u64;
    }
    Ok(())
}

/// The next `rows` rows of `source`, or all that are left.
fn next_rows(
    source: &mut dyn Source,
    rows: u64,
    stop_check: &dyn Fn() -> Result<(), Error>,
) -> Result<Vec<Chunk>, Error> {
    let (mut left, mut chunks) = (rows, Vec::new());
    while left > 0 {
        stop_check()?;
        let Some(chunk) = source.next_chunk(usize::try_from(left).unwrap_or(usize::MAX))? else { break };
        left -= chunk.smiles.len() as u64;
        chunks.push(chunk);
    }
    Ok(chunks)
}

/// Passes the rows of `chunks` at the positions `tried`, which ascend, to `take_in`, in chunks as large as those of a run.
fn chosen(chunks: &[Chunk], tried: &[u64], take_in: &mut dyn FnMut(Vec<u32>, Chunk)) -> Result<(), Error> {
    let (mut start, mut next) = (0, tried.iter().copied().peekable());
    let (mut offsets, mut parts, mut bytes) = (Vec::new(), Vec::new(), 0);
    for chunk in chunks {
        let end = start + chunk.smiles.len() as u64;
        let mut rows: Vec<u32> = Vec::new();
        while let Some(row) = next.next_if(|&row| row < end) {
            rows.push((row - start) as u32);
            offsets.push(row as u32);
            bytes += chunk.smiles.get((row - start) as usize).len();
        }
        if !rows.is_empty() {
            parts.push(rows_at(chunk, rows)?);
        }
        if bytes >= CHUNK_TEXT_BYTES {
            take_in(std::mem::take(&mut offsets), joined(&std::mem::take(&mut parts))?);
            bytes = 0;
        }
        start = end;
    }
    if !parts.is_empty() {
        take_in(offsets, joined(&parts)?);
    }
    Ok(())
}

/// The rows of `chunk` at `positions`, which ascend.
fn rows_at(chunk: &Chunk, positions: Vec<u32>) -> Result<Chunk, Error> {
    let mut smiles = SmilesBatch::of(chunk.smiles.notation());
    let mut faults = Vec::new();
    for (row, &position) in (0_u32..).zip(&positions) {
        push_row(&mut smiles, &chunk.smiles, position as usize);
        if let Ok(found) = chunk.faults.binary_search_by_key(&position, |fault| fault.row) {
            faults.push(Fault { row, ..chunk.faults[found].clone() });
        }
    }
    let options = RecordBatchOptions::new().with_row_count(Some(positions.len()));
    let positions = UInt32Array::from(positions);
    let columns = chunk.columns.columns().iter().map(|column| take_rows(column, &positions));
    let columns = columns
        .collect::<Result<_, _>>()
        .and_then(|columns| RecordBatch::try_new_with_options(chunk.columns.schema(), columns, &options));
    let columns = columns.map_err(|error| Error::internal(format!("rows of a sample: {error}")))?;
    Ok(Chunk { smiles, faults, columns, replaced: 0, unlisted: Unlisted::default() })
}

/// The rows of `chunks`, one after the other.
fn joined(chunks: &[Chunk]) -> Result<Chunk, Error> {
    let [first, ..] = chunks else { return Err(Error::internal("no rows of a sample")) };
    let (mut smiles, mut faults) = (SmilesBatch::of(first.smiles.notation()), Vec::new());
    for chunk in chunks {
        let before = smiles.len() as u32;
        (0..chunk.smiles.len()).for_each(|row| push_row(&mut smiles, &chunk.smiles, row));
        faults.extend(chunk.faults.iter().map(|fault| Fault { row: before + fault.row, ..fault.clone() }));
    }
    let columns =
        arrow::compute::concat_batches(&first.columns.schema(), chunks.iter().map(|chunk| &chunk.columns));
    let columns = columns.map_err(|error| Error::internal(format!("rows of a sample: {error}")))?;
    Ok(Chunk { smiles, faults, columns, replaced: 0, unlisted: Unlisted::default() })
}

fn push_row(to: &mut SmilesBatch, from: &SmilesBatch, row: usize) {
    match from.lines().get(row) {
        Some(&line) => to.push_at(from.get(row), line),
        None => to.push(from.get(row)),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::super::places::Part;
    use super::*;
    use crate::codes::RejectCode;
    use crate::source::SourceOptions;

    const ROWS: u64 = 20_000;

    /// A library in which the text of a row follows from its number; every 90th row is empty.
    fn library(folder: &tempfile::TempDir) -> (Library, ApplyOptions) {
        let path = folder.path().join("library.smi");
        fs::write(&path, (0..ROWS).map(|row| line(row) + "\n").collect::<String>()).unwrap();
        let options = ApplyOptions::new(&path, "out", "xf.yaml", vec!["all".to_owned()]);
        let judge = |texts: &SmilesBatch| Ok(vec![true; texts.len()]);
        let library = Library::open(&[PathBuf::from(&path)], &SourceOptions::default(), &judge).unwrap();
        (library, options)
    }

    fn line(row: u64) -> String {
        if row % 90 == 7 {
            String::new()
        } else {
            format!("C{row}{} id{row}", "C".repeat((row % 13) as usize))
        }
    }

    fn pieces(reader: &mut Reader<'_>, places: &[Place]) -> Vec<Piece> {
        let chance = Chance::new(5);
        let of = |(index, place)| reader.pieces(place, index, 0, chance, &|| Ok(())).unwrap();
        (0_u32..).zip(places).flat_map(of).collect()
    }

    #[test]
    fn rows_have_their_places_ids_and_faults() {
        let folder = tempfile::tempdir().unwrap();
        let (library, options) = library(&folder);
        let part = Part::Rows(100..ROWS);
        for places in [part.even(2_000, Chance::new(5)), part.runs(2_000, Chance::new(5))] {
            let mut faults = 0;
            for piece in pieces(&mut Reader::of_rows(&library, &options), &places) {
                for row in 0..piece.chunk.smiles.len() as u32 {
                    let expected = line(piece.source_row(row));
                    let smiles = String::from_utf8_lossy(piece.chunk.smiles.get(row as usize)).into_owned();
                    assert_eq!(smiles, expected.split(' ').next().unwrap());
                    let fault = piece.chunk.faults.iter().find(|fault| fault.row == row);
                    assert_eq!(
                        fault.map(|fault| fault.code),
                        expected.is_empty().then_some(RejectCode::Empty)
                    );
                    faults += usize::from(fault.is_some());
                }
                assert_eq!(piece.chunk.columns.num_rows(), piece.chunk.smiles.len());
            }
            assert!(faults > 10, "{faults}");
        }
    }

    #[test]
    fn a_text_file_shows_its_rows_by_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let (library, options) = library(&folder);
        let entered = library.entered().unwrap().unwrap();
        let mut reader = Reader::of_bytes(&entered, &options);
        let part = Part::Bytes(0..entered.bytes());
        let even = pieces(&mut reader, &part.even(2_000, Chance::new(5)));
        let Passed { rows, bytes, .. } = reader.passed();
        let estimated = entered.bytes() * rows / bytes;
        assert!(estimated.abs_diff(ROWS) <= ROWS / 100, "{estimated} rows");
        let runs = pieces(&mut reader, &part.runs(2_000, Chance::new(5)));
        for piece in even.iter().chain(&runs) {
            let texts = (0..piece.chunk.smiles.len()).map(|row| piece.chunk.smiles.get(row));
            assert!(texts.clone().all(|text| text.is_empty() || text.starts_with(b"C")));
        }
        let count = |pieces: &[Piece]| pieces.iter().map(|piece| piece.chunk.smiles.len()).sum::<usize>();
        assert_eq!((count(&even), count(&runs)), (2_000, 2_000));
    }
}
