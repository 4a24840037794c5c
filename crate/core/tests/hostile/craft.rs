//! Parquet files written by hand, so that they can contain false claims.

/// A value in Thrift's compact protocol.
pub enum Value {
    Int(i64),
    Long(i64),
    Text(Vec<u8>),
    /// Structures or numbers.
    List(Vec<Value>),
    Struct(Vec<(u8, Value)>),
    /// A list of structures that is shorter than it claims.
    Announced(u64),
}

pub use Value::{Announced, Int, List, Long, Struct, Text};

impl Value {
    fn kind(&self) -> u8 {
        match self {
            Int(_) => 5,
            Long(_) => 6,
            Text(_) => 8,
            List(_) | Announced(_) => 9,
            Struct(_) => 12,
        }
    }

    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Int(value) | Long(value) => write_number(((value << 1) ^ (value >> 63)) as u64, out),
            Text(bytes) => {
                write_number(bytes.len() as u64, out);
                out.extend_from_slice(bytes);
            }
            List(values) => {
                out.push(0xf0 | values.first().map_or(5, Value::kind));
                write_number(values.len() as u64, out);
                values.iter().for_each(|value| value.write(out));
            }
            Announced(count) => {
                out.push(0xfc);
                write_number(*count, out);
            }
            Struct(fields) => {
                let mut last = 0;
                for (id, value) in fields {
                    out.push((id - last) << 4 | value.kind());
                    value.write(out);
                    last = *id;
                }
                out.push(0);
            }
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write(&mut bytes);
        bytes
    }
}

pub fn write_number(mut number: u64, out: &mut Vec<u8>) {
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

pub fn text(text: &str) -> Value {
    Text(text.as_bytes().to_vec())
}

/// The column `smiles`, one chunk of bytes that are `pages`.
pub struct File {
    /// Physical type, length of values, repetition and children of `smiles`, then more elements of the schema.
    pub schema: Vec<Value>,
    pub physical_type: i64,
    pub codec: i64,
    pub has_dictionary: bool,
    /// The place of pages according to the footer, instead of the real place.
    pub dictionary_offset: Option<i64>,
    pub data_offset: i64,
    /// Bytes by which the size of the chunk in the footer is wrong.
    pub size_error: i64,
    /// The number of rows in the footer, instead of the real one.
    pub file_rows: Option<i64>,
    pub path: &'static [&'static str],
    pub rows: i64,
    pub values: i64,
    pub pages: Vec<u8>,
}

pub const BYTE_ARRAY: i64 = 6;
pub const OPTIONAL: i64 = 1;
pub const REQUIRED: i64 = 0;
pub const REPEATED: i64 = 2;

pub const UNCOMPRESSED: i64 = 0;
pub const SNAPPY: i64 = 1;
pub const GZIP: i64 = 2;
pub const BROTLI: i64 = 4;
pub const LZ4: i64 = 5;
pub const ZSTD: i64 = 6;
pub const LZ4_RAW: i64 = 7;

pub const PLAIN: i64 = 0;
pub const RLE: i64 = 3;
pub const DELTA_LENGTH_BYTE_ARRAY: i64 = 6;
pub const DELTA_BYTE_ARRAY: i64 = 7;
pub const RLE_DICTIONARY: i64 = 8;

pub fn leaf(name: &str, physical_type: i64, length: i64, repetition: i64) -> Value {
    Struct(vec![(1, Int(physical_type)), (2, Int(length)), (3, Int(repetition)), (4, text(name))])
}

pub fn group(name: &str, repetition: i64, children: i64) -> Value {
    Struct(vec![(3, Int(repetition)), (4, text(name)), (5, Int(children))])
}

pub fn root(children: i64) -> Value {
    Struct(vec![(4, text("schema")), (5, Int(children))])
}

impl Default for File {
    fn default() -> Self {
        Self {
            schema: vec![root(1), leaf("smiles", BYTE_ARRAY, 0, REQUIRED)],
            physical_type: BYTE_ARRAY,
            codec: UNCOMPRESSED,
            has_dictionary: false,
            dictionary_offset: None,
            data_offset: 4,
            size_error: 0,
            file_rows: None,
            path: &["smiles"],
            rows: 1,
            values: 1,
            pages: Vec::new(),
        }
    }
}

impl File {
    pub fn bytes(self) -> Vec<u8> {
        let size = self.pages.len() as i64 + self.size_error;
        let mut metadata = vec![
            (1, Int(self.physical_type)),
            (2, List(vec![Int(PLAIN), Int(RLE)])),
            (3, List(self.path.iter().map(|part| text(part)).collect())),
            (4, Int(self.codec)),
            (5, Long(self.values)),
            (6, Long(size)),
            (7, Long(size)),
            (9, Long(self.data_offset)),
        ];
        let dictionary = self.has_dictionary.then_some(4);
        metadata.extend(self.dictionary_offset.or(dictionary).map(|offset| (11, Long(offset))));
        let column = Struct(vec![(2, Long(4)), (3, Struct(metadata))]);
        let row_group = Struct(vec![(1, List(vec![column])), (2, Long(size)), (3, Long(self.rows))]);
        let footer = Struct(vec![
            (1, Int(2)),
            (2, List(self.schema)),
            (3, Long(self.file_rows.unwrap_or(self.rows))),
            (4, List(vec![row_group])),
        ]);
        [b"PAR1", self.pages.as_slice(), &close(&footer)].concat()
    }
}

/// A footer with its length and magic.
pub fn close(footer: &Value) -> Vec<u8> {
    let mut bytes = footer.bytes();
    let length = bytes.len() as u32;
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(b"PAR1");
    bytes
}

/// A page of an index, which readers skip.
pub fn index() -> Vec<u8> {
    with_header(1, 0, (6, Struct(vec![])), &[])
}

/// A data page of version 1 whose header claims `unpacked` and `values`.
pub fn page(unpacked: i64, values: i64, encoding: i64, content: &[u8]) -> Vec<u8> {
    let header = Struct(vec![(1, Int(values)), (2, Int(encoding)), (3, Int(RLE)), (4, Int(RLE))]);
    with_header(0, unpacked, (5, header), content)
}

pub fn dictionary(unpacked: i64, values: i64, content: &[u8]) -> Vec<u8> {
    with_header(2, unpacked, (7, Struct(vec![(1, Int(values)), (2, Int(PLAIN))])), content)
}

fn with_header(kind: i64, unpacked: i64, header: (u8, Value), content: &[u8]) -> Vec<u8> {
    let sizes = vec![(1, Int(kind)), (2, Int(unpacked)), (3, Int(content.len() as i64)), header];
    let mut page = Struct(sizes).bytes();
    page.extend_from_slice(content);
    page
}

/// A DELTA_BINARY_PACKED stream that claims `count` zeros.
pub fn zeros(count: u64) -> Vec<u8> {
    let mut stream = Vec::new();
    for number in [1 << 30, 1, count, 0, 0] {
        write_number(number, &mut stream);
    }
    stream.push(0); // the width of the only miniblock
    stream
}
