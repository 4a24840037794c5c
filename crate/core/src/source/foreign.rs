//! Files that people pass by mistake: what they are, and what makes a library of them.

use super::recognise::{is_binary_after, lines};

/// A kind of file that is not a library.
struct Foreign {
    /// What it is, and what to do, in words that follow "it is".
    advice: &'static str,
    is: fn(&[u8]) -> bool,
}

/// Where the names of the entries of a tar archive are followed by its mark.
const TAR_MARK: std::ops::Range<usize> = 257..262;

/// Files whose bytes are not text.
const BINARY: &[Foreign] = &[
    Foreign {
        advice: "Parquet with an encrypted footer, which is not read; write it without encryption",
        is: |head| is_binary_after(b"PARE", head),
    },
    Foreign {
        advice: "a spreadsheet (.xlsx, .ods); save the sheet with the molecules as CSV",
        is: |head| head.starts_with(ZIP) && SHEETS.iter().any(|mark| contains(head, mark)),
    },
    Foreign {
        advice: "a ZIP archive; unpack it, then pass the file in it",
        is: |head| head.starts_with(ZIP),
    },
    Foreign {
        advice: "an Office file of before 2007, such as a spreadsheet (.xls); save the sheet with the molecules as CSV",
        is: |head| head.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    },
    Foreign {
        advice: "a PDF; ask its authors for the molecules as a table or SDF",
        is: |head| head.starts_with(b"%PDF"),
    },
    Foreign { advice: "rich text (RTF); save it as plain text", is: |head| head.starts_with(br"{\rtf") },
    Foreign {
        advice: "a ChemDraw drawing (CDX); convert it, for example with `obabel drawing.cdx -O drawing.sdf`",
        is: |head| head.starts_with(b"VjCD0100"),
    },
    Foreign {
        advice: "a tar archive; unpack it with `tar -xf`, then pass the file in it",
        is: |head| head.get(TAR_MARK) == Some(b"ustar"),
    },
    Foreign {
        advice: "a 7z archive; unpack it with `7z x`, then pass the file in it",
        is: |head| head.starts_with(b"7z\xbc\xaf\x27\x1c"),
    },
    Foreign {
        advice: "a RAR archive; unpack it with `unrar x`, then pass the file in it",
        is: |head| head.starts_with(b"Rar!\x1a\x07"),
    },
    Foreign {
        advice: "compressed with lz4, which is not read; unpack it with `lz4 -d`",
        is: |head| head.starts_with(b"\x04\x22\x4d\x18"),
    },
    Foreign {
        advice: "compressed with lzip, which is not read; unpack it with `lzip -d`",
        is: |head| head.starts_with(b"LZIP\x01"),
    },
    Foreign {
        advice: "compressed with compress (.Z), which is not read; unpack it with `gzip -d`",
        is: |head| head.starts_with(b"\x1f\x9d"),
    },
    Foreign {
        advice: "Feather of version 1, which is not read; write it as Parquet with a current pyarrow",
        is: |head| head.starts_with(b"FEA1\0\0\0\0"),
    },
    Foreign {
        advice: "an SQLite database; export the table, for example with `sqlite3 -header -csv FILE 'select ...'`",
        is: |head| head.starts_with(b"SQLite format 3\0"),
    },
    Foreign {
        advice: "a DuckDB database; export the table, for example with `copy TABLE to 'library.parquet'`",
        is: |head| head.get(8..12) == Some(b"DUCK") && head.contains(&0),
    },
    Foreign {
        advice: "HDF5; write its molecules as Parquet, for example with pandas",
        is: |head| head.starts_with(b"\x89HDF\r\n\x1a\n"),
    },
    Foreign {
        advice: "ORC; write it as Parquet, for example with pyarrow",
        is: |head| head.starts_with(b"ORC") && head.contains(&0),
    },
    Foreign { advice: "Avro; write it as Parquet", is: |head| head.starts_with(b"Obj\x01") },
    Foreign {
        advice: "an image; molecules in it are not recognised",
        is: |head| {
            head.starts_with(b"\x89PNG\r\n")
                || head.starts_with(b"\xff\xd8\xff")
                || head.starts_with(b"GIF8") && head.contains(&0)
        },
    },
    Foreign {
        advice: "UTF-16 text; save it as UTF-8",
        is: |head| head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff"),
    },
];

/// Text of other kinds. No line of SMILES and no usual table begins like them.
const TEXT: &[Foreign] = &[
    Foreign {
        advice: "a web page, such as an error page or a login page of a server; check the address, and download the \
                 file again",
        is: |head| is_markup(head, &["<!doctype html", "<html", "<head", "<body"]),
    },
    Foreign {
        advice: "a ChemDraw drawing (CDXML); convert it, for example with `obabel drawing.cdxml -O drawing.sdf`",
        is: |head| {
            is_markup(head, &["<cdxml", "<!doctype cdxml"]) || (is_xml(head) && contains(head, b"<CDXML"))
        },
    },
    Foreign {
        advice: "XML; if it has molecules (CML), convert them, for example with `obabel FILE -O library.sdf`; if it is \
                 an error message of a server, download the file again",
        is: is_xml,
    },
    Foreign {
        advice: "mol2; convert it to SDF, for example with `obabel library.mol2 -O library.sdf`",
        is: |head| lines(head).any(|line| line.starts_with(b"@<TRIPOS>")),
    },
    Foreign {
        advice: "a reaction file (RXN, RDF); write its molecules as SMILES or SDF",
        is: |head| head.starts_with(b"$RXN") || head.starts_with(b"$RDFILE"),
    },
    Foreign {
        advice: "PDB; convert its ligands to SDF, for example with `obabel FILE -O ligands.sdf`",
        is: |head| {
            let starts: [&[u8]; 4] = [b"HEADER    ", b"ATOM   ", b"HETATM ", b"COMPND    "];
            starts.iter().any(|start| head.starts_with(start))
        },
    },
    Foreign {
        advice: "CIF or mmCIF; convert its molecules to SDF, for example with `obabel FILE -O library.sdf`",
        is: |head| {
            let mut lines = lines(head);
            let begins = lines.next().is_some_and(|line| line.starts_with(b"data_") && !has_separator(line));
            begins
                && lines
                    .find(|line| !line.is_empty())
                    .is_some_and(|line| line.starts_with(b"#") || line.starts_with(b"_"))
        },
    },
    Foreign {
        advice: "XYZ coordinates, which have no bonds; convert them, for example with `obabel FILE -O library.sdf`",
        is: is_xyz,
    },
    Foreign {
        advice: "FASTA; sequences are not molecules here: write them as SMILES, for example with RDKit's \
                 `MolFromSequence`",
        is: |head| head.starts_with(b">"),
    },
    Foreign {
        advice: "a list of InChIs; write them as SMILES, for example with RDKit's `MolFromInchi`",
        is: |head| {
            let mut lines = lines(head).skip_while(|line| line.trim_ascii().eq_ignore_ascii_case(b"InChI"));
            lines.next().is_some_and(|line| line.starts_with(b"InChI=1") && !has_separator(line))
        },
    },
    Foreign {
        advice: "a JSON array, not JSON lines; write one object per line, for example with `jq -c '.[]' FILE`",
        is: is_json_array,
    },
    Foreign {
        advice: "JSON over several lines, not JSON lines; write one object per line, for example with `jq -c . FILE`",
        is: |head| {
            let mut lines = lines(head).map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
            lines.next() == Some(b"{") && lines.next().is_some_and(|line| line.starts_with(b"\""))
        },
    },
];

const ZIP: &[u8] = b"PK\x03\x04";
/// Names of entries that only spreadsheets have.
const SHEETS: [&[u8]; 3] =
    [b"xl/", b"[Content_Types].xml", b"application/vnd.oasis.opendocument.spreadsheet"];

/// What a file with this `head` is, if its bytes are not text, and what to do.
pub(super) fn binary(head: &[u8]) -> Option<String> {
    found(BINARY, head)
}

/// What text with this `head` is, if it is of a kind that is not a library, and what to do.
pub(super) fn text(head: &[u8]) -> Option<String> {
    found(TEXT, head)
}

fn found(kinds: &[Foreign], head: &[u8]) -> Option<String> {
    kinds.iter().find(|kind| (kind.is)(head)).map(|kind| format!("it is {}", kind.advice))
}

fn contains(head: &[u8], part: &[u8]) -> bool {
    head.windows(part.len()).any(|window| window == part)
}

/// Whether the text begins with one of these tags, in any case, after blanks and an XML declaration.
fn is_markup(head: &[u8], tags: &[&str]) -> bool {
    let mut text = head.trim_ascii_start();
    if text.starts_with(b"<?xml") {
        let end = text.iter().position(|&byte| byte == b'>').map_or(text.len(), |end| end + 1);
        text = text[end..].trim_ascii_start();
    }
    let begins =
        |tag: &&str| text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()));
    tags.iter().any(begins)
}

fn is_xml(head: &[u8]) -> bool {
    head.trim_ascii_start().starts_with(b"<?xml") || is_markup(head, &["<cml", "<molecule", "<error"])
}

/// Whether columns could be separated in the line; a comma may be part of an InChI.
fn has_separator(line: &[u8]) -> bool {
    line.trim_ascii_end().iter().any(|byte| b"\t; |".contains(byte))
}

/// Whether the first line is a number and the third one an element with three coordinates.
fn is_xyz(head: &[u8]) -> bool {
    let mut lines = lines(head);
    let count = lines.next().unwrap_or_default().trim_ascii();
    let is_count = !count.is_empty() && count.iter().all(u8::is_ascii_digit);
    let atom = lines.nth(1).map(|line| String::from_utf8_lossy(line).into_owned()).unwrap_or_default();
    let fields: Vec<&str> = atom.split_ascii_whitespace().collect();
    is_count && fields.len() >= 4 && fields[1..4].iter().all(|field| field.parse::<f64>().is_ok())
}

/// Whether the text begins like an array of objects, strings or arrays; no SMILES begins like one.
fn is_json_array(head: &[u8]) -> bool {
    let Some(rest) = head.trim_ascii_start().strip_prefix(b"[") else { return false };
    matches!(rest.trim_ascii_start().first(), Some(b'{' | b'"' | b'['))
}
