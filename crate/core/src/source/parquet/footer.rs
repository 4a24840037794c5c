//! What a footer claims, looked at before the decoder believes it.
//!
//! The decoder makes room for as many columns and row groups as are announced, and follows the schema by recursion.
//! Room that is not there, or a stack that overflows, would end the process.

use std::io::{Read, Seek, SeekFrom};

use parquet::errors::{ParquetError, Result};

use super::thrift::{Compact, kind};
use crate::source::MAX_COLUMNS;

/// Columns nest no deeper in files that people have.
const MAX_DEPTH: usize = 64;

/// The decoder numbers them so.
const MAX_ROW_GROUPS: usize = i16::MAX as usize;

/// Largest value of a column of fixed length.
pub(super) const MAX_FIXED_BYTES: i64 = 1 << 20;

/// Types of the fields of `FileMetaData` and `SchemaElement` from 1 on. The decoder goes by the number of a field
/// alone, so one of another type would be read differently there.
const FILE: [u8; 7] = [kind::I32, kind::LIST, kind::I64, kind::LIST, kind::LIST, kind::BINARY, kind::LIST];
const ELEMENT: [u8; 9] =
    [kind::I32, kind::I32, kind::I32, kind::BINARY, kind::I32, kind::I32, kind::I32, kind::I32, kind::I32];

/// Checks the claims of the footer of `file`. Where there is none, the decoder has the words for that.
pub(super) fn check(file: &mut (impl Read + Seek)) -> Result<()> {
    let end = file.seek(SeekFrom::End(0))?;
    let mut tail = [0; 8];
    if end < 12 {
        return Ok(());
    }
    file.seek(SeekFrom::Start(end - 8))?;
    file.read_exact(&mut tail)?;
    let [length @ .., b'P', b'A', b'R', b'1'] = tail else { return Ok(()) };
    let length = u64::from(u32::from_le_bytes(length));
    if length > end - 8 {
        return Ok(());
    }
    file.seek(SeekFrom::Start(end - 8 - length))?;
    let mut footer = Vec::new();
    file.take(length).read_to_end(&mut footer)?;
    check_claims(&footer)
}

fn check_claims(footer: &[u8]) -> Result<()> {
    let mut schema = Schema::default();
    let walked = Compact(footer).fields(|value, id, kind| {
        fits(&FILE, id, kind)?;
        match id {
            2 => schema.read(value),
            4 => {
                let (kind, count) = value.list()?;
                if count > MAX_ROW_GROUPS {
                    return schema.refuse(format!("it has {count} row groups"));
                }
                (0..count).try_for_each(|_| value.skip(kind))
            }
            _ => value.skip(kind),
        }
    });
    match (schema.fault, walked) {
        (Some(fault), _) => Err(ParquetError::General(fault)),
        (None, None) => Err(ParquetError::General("its footer is damaged".to_owned())),
        (None, Some(())) => Ok(()),
    }
}

fn fits(kinds: &[u8], id: i64, kind: u8) -> Option<()> {
    let expected = usize::try_from(id - 1).ok().and_then(|index| kinds.get(index));
    expected.is_none_or(|&expected| expected == kind).then_some(())
}

#[derive(Default)]
struct Schema {
    fault: Option<String>,
}

impl Schema {
    /// The columns as a list in which each tells how many of those that follow are its children.
    fn read(&mut self, list: &mut Compact<'_>) -> Option<()> {
        let (kind, count) = list.list()?;
        (kind == kind::STRUCT).then_some(())?;
        if count > MAX_COLUMNS {
            return self.refuse(format!("it has {count} columns, more than {MAX_COLUMNS}"));
        }
        let mut open: Vec<i64> = Vec::new();
        for left in (0..count).rev() {
            let children = self.read_element(list)?;
            if children > left as i64 {
                return self.refuse(format!("its schema announces {children} columns and has {left}"));
            }
            while open.pop_if(|children| *children == 0).is_some() {}
            if let Some(children) = open.last_mut() {
                *children -= 1;
            }
            if children > 0 {
                open.push(children);
            }
            if open.len() > MAX_DEPTH {
                return self.refuse(format!("its columns are nested more than {MAX_DEPTH} deep"));
            }
        }
        Some(())
    }

    fn read_element(&mut self, element: &mut Compact<'_>) -> Option<i64> {
        let (mut children, mut length) = (0, 0);
        element.fields(|value, id, kind| {
            fits(&ELEMENT, id, kind)?;
            match id {
                2 => length = value.int()?,
                5 => children = value.int()?,
                _ => value.skip(kind)?,
            }
            Some(())
        })?;
        if length > MAX_FIXED_BYTES {
            self.refuse(format!("it has a column of values of {length} bytes"))?;
        }
        Some(children)
    }

    fn refuse<T>(&mut self, fault: String) -> Option<T> {
        self.fault.get_or_insert(fault);
        None
    }
}
