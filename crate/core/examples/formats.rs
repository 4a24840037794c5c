//! Writes a library in every format and compression, and reads one to its end, for `npm run bench:input`.
//!
//!     formats write FROM FOLDER ROWS    FROM repeated up to ROWS rows; prints the names of the files
//!     formats read FILE                 prints the number of rows and the seconds that reading them took

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::{ArrayRef, StringArray};
use arrow::ipc::writer::{FileWriter, StreamWriter};
use arrow::record_batch::RecordBatch;
use parquet::arrow::ArrowWriter;
use xform_core::source::{KeepColumns, Source, SourceOptions, open};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Rows of a batch of Arrow, as pyarrow writes it.
const BATCH_ROWS: usize = 1 << 16;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut out = std::io::stdout();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["write", from, folder, rows] => {
            for name in write_all(&library(Path::new(from), rows.parse()?)?, Path::new(folder))? {
                writeln!(out, "{name}")?;
            }
        }
        ["read", file] => {
            let (rows, seconds) = read(Path::new(file))?;
            writeln!(out, "{rows} {seconds}")?;
        }
        _ => return Err("usage: formats write FROM FOLDER ROWS | formats read FILE".into()),
    }
    Ok(())
}

/// The library with its id, from the first row; every format has columns that are found by name.
fn opened(path: &Path) -> Outcome<Box<dyn Source>> {
    let options = SourceOptions { keep_columns: KeepColumns::None, ..SourceOptions::default() };
    Ok(open(path, &options, &|texts| Ok(vec![true; texts.len()]))?)
}

fn read(path: &Path) -> Outcome<(usize, f64)> {
    let started = Instant::now();
    let (mut source, mut rows) = (opened(path)?, 0);
    while let Some(chunk) = source.next_chunk(usize::MAX)? {
        rows += chunk.smiles.len();
    }
    Ok((rows, started.elapsed().as_secs_f64()))
}

/// `rows` SMILES of the library at `path`, which is repeated.
fn library(path: &Path, rows: usize) -> Outcome<Vec<String>> {
    let (mut source, mut smiles) = (opened(path)?, Vec::new());
    while let Some(chunk) = source.next_chunk(usize::MAX)? {
        for row in 0..chunk.smiles.len() {
            smiles.push(String::from_utf8(chunk.smiles.get(row).to_vec())?);
        }
    }
    Ok(smiles.iter().cycle().take(rows).cloned().collect())
}

/// Writes the library in every format; returns the names of the files.
fn write_all(smiles: &[String], folder: &Path) -> Outcome<Vec<String>> {
    let lines = |separator: char| {
        let line = move |(row, smiles): (usize, &String)| format!("{smiles}{separator}M{row}\n");
        smiles.iter().enumerate().map(line).collect::<String>()
    };
    let smi = lines('\t');
    let json = smiles.iter().enumerate().map(|(row, smiles)| {
        serde_json::json!({ "smiles": smiles, "id": format!("M{row}") }).to_string() + "\n"
    });
    let mut files: Vec<(&str, Vec<u8>)> = vec![
        ("library.csv", format!("smiles,id\n{}", lines(',')).into_bytes()),
        ("library.tsv", format!("smiles\tid\n{smi}").into_bytes()),
        ("library.jsonl", json.collect::<String>().into_bytes()),
    ];
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    files.push(("library.smi.gz", packed(gzip, &smi, |encoder| encoder.finish())?));
    let bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::default());
    files.push(("library.smi.bz2", packed(bzip2, &smi, |encoder| encoder.finish())?));
    let zstd = zstd::Encoder::new(Vec::new(), 3)?;
    files.push(("library.smi.zst", packed(zstd, &smi, |encoder| encoder.finish())?));
    let xz = liblzma::write::XzEncoder::new(Vec::new(), 6);
    files.push(("library.smi.xz", packed(xz, &smi, |encoder| encoder.finish())?));
    files.push(("library.smi", smi.into_bytes()));
    for (name, content) in &files {
        std::fs::write(folder.join(name), content)?;
    }
    let names = files.iter().map(|(name, _)| (*name).to_owned());
    let mut names: Vec<String> = names.collect();
    names.extend(write_columns(smiles, folder)?);
    Ok(names)
}

fn packed<W: Write>(
    mut encoder: W,
    text: &str,
    finish: impl FnOnce(W) -> std::io::Result<Vec<u8>>,
) -> std::io::Result<Vec<u8>> {
    encoder.write_all(text.as_bytes())?;
    finish(encoder)
}

fn write_columns(smiles: &[String], folder: &Path) -> Outcome<[String; 3]> {
    let names = ["library.parquet", "library.arrow", "library.arrows"];
    let create = |name: &str| File::create(folder.join(name)).map(BufWriter::new);
    let batches: Vec<RecordBatch> = smiles
        .chunks(BATCH_ROWS)
        .enumerate()
        .map(|(index, smiles)| batch(smiles, index * BATCH_ROWS))
        .collect::<Outcome<_>>()?;
    let schema = batches.first().ok_or("the library is empty")?.schema();
    let mut parquet = ArrowWriter::try_new(create(names[0])?, Arc::clone(&schema), None)?;
    let mut file = FileWriter::try_new(create(names[1])?, &schema)?;
    let mut stream = StreamWriter::try_new(create(names[2])?, &schema)?;
    for batch in &batches {
        parquet.write(batch)?;
        file.write(batch)?;
        stream.write(batch)?;
    }
    parquet.close()?;
    file.finish()?;
    stream.finish()?;
    Ok(names.map(str::to_owned))
}

fn batch(smiles: &[String], first: usize) -> Outcome<RecordBatch> {
    let ids: StringArray = (first..first + smiles.len()).map(|row| Some(format!("M{row}"))).collect();
    let smiles: ArrayRef = Arc::new(StringArray::from_iter_values(smiles));
    Ok(RecordBatch::try_from_iter([("smiles", smiles), ("id", Arc::new(ids) as ArrayRef)])?)
}
