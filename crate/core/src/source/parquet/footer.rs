//! Checks what a footer claims before the decoder relies on it.
//!
//! The decoder allocates memory for as many columns and row groups as are announced, and follows the schema by
//! recursion. Memory that does not exist, or a stack overflow, would end the process.

use std::collections::HashSet;
use std::io::{Read, Seek, SeekFrom};

use parquet::errors::{ParquetError, Result};

use super::thrift::{Compact, kind};
use crate::source::MAX_COLUMNS;

/// Columns in real files are nested less deeply.
const MAX_DEPTH: usize = 64;

/// The decoder numbers row groups in 16 bits.
const MAX_ROW_GROUPS: usize = i16::MAX as usize;

/// Types of the fields of `FileMetaData` and `SchemaElement` from 1 on. The decoder only checks the number of a
/// field, so it would read a field of a different type differently.
const FILE: [u8; 7] = [kind::I32, kind::LIST, kind::I64, kind::LIST, kind::LIST, kind::BINARY, kind::LIST];
const ELEMENT: [u8; 9] =
    [kind::I32, kind::I32, kind::I32, kind::BINARY, kind::I32, kind::I32, kind::I32, kind::I32, kind::I32];

/// Checks the claims of the footer of `file`; returns the positions of the leaf columns that are encrypted in any row
/// group.
pub(super) fn check(file: &mut (impl Read + Seek)) -> Result<HashSet<usize>> {
    let cut_off = |what: &str| {
        let advice = "the file is truncated, or its writer did not finish";
        Err(ParquetError::General(format!(
            "it begins as Parquet but has no readable footer ({what}): {advice}"
        )))
    };
    let end = file.seek(SeekFrom::End(0))?;
    let mut tail = [0; 8];
    if end < 12 {
        return cut_off("it is too short");
    }
    file.seek(SeekFrom::Start(end - 8))?;
    file.read_exact(&mut tail)?;
    let [length @ .., b'P', b'A', b'R', b'1'] = tail else { return cut_off("it does not end as Parquet") };
    let length = u64::from(u32::from_le_bytes(length));
    if length > end - 8 {
        return cut_off("the footer length at its end exceeds the file");
    }
    file.seek(SeekFrom::Start(end - 8 - length))?;
    let mut footer = Vec::new();
    file.take(length).read_to_end(&mut footer)?;
    check_claims(&footer)
}

fn check_claims(footer: &[u8]) -> Result<HashSet<usize>> {
    let (mut schema, mut encrypted) = (Schema::default(), HashSet::new());
    let walked = Compact(footer).fields(|value, id, kind| {
        fits(&FILE, id, kind)?;
        match id {
            2 => schema.read(value),
            4 => {
                let (kind, count) = value.list()?;
                if count > MAX_ROW_GROUPS {
                    return schema.refuse(format!(
                        "it has {count} row groups, and at most {MAX_ROW_GROUPS} can be read; write it again with larger \
                         ones, for example with row_group_size=1_000_000 of pyarrow.parquet.write_table"
                    ));
                }
                (kind == kind::STRUCT).then_some(())?;
                (0..count).try_for_each(|_| read_row_group(value, &mut encrypted))
            }
            _ => value.skip(kind),
        }
    });
    match (schema.fault, walked) {
        (Some(fault), _) => Err(ParquetError::General(fault)),
        (None, None) => Err(ParquetError::General("its footer is damaged".to_owned())),
        (None, Some(())) => Ok(encrypted),
    }
}

/// Adds the positions of the encrypted columns of a row group.
fn read_row_group(group: &mut Compact<'_>, encrypted: &mut HashSet<usize>) -> Option<()> {
    const COLUMNS: (i64, u8) = (1, kind::LIST);
    const ENCRYPTION: (i64, u8) = (8, kind::STRUCT);
    group.fields(|value, id, kind| {
        if (id, kind) != COLUMNS {
            return value.skip(kind);
        }
        let (kind, count) = value.list()?;
        (kind == kind::STRUCT).then_some(())?;
        (0..count).try_for_each(|leaf| {
            value.fields(|value, id, kind| {
                if (id, kind) == ENCRYPTION {
                    encrypted.insert(leaf);
                }
                value.skip(kind)
            })
        })
    })
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
    /// The columns as a list in which each states how many of the following are its children.
    fn read(&mut self, list: &mut Compact<'_>) -> Option<()> {
        let (kind, count) = list.list()?;
        (kind == kind::STRUCT).then_some(())?;
        if count > MAX_COLUMNS {
            return self.refuse(format!("it has {count} columns, more than {MAX_COLUMNS}"));
        }
        let mut open: Vec<i64> = Vec::new();
        for left in (0..count).rev() {
            let children = Self::read_element(list)?;
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

    fn read_element(element: &mut Compact<'_>) -> Option<i64> {
        let mut children = 0;
        element.fields(|value, id, kind| {
            fits(&ELEMENT, id, kind)?;
            match id {
                5 => children = value.int()?,
                _ => value.skip(kind)?,
            }
            Some(())
        })?;
        Some(children)
    }

    fn refuse<T>(&mut self, fault: String) -> Option<T> {
        self.fault.get_or_insert(fault);
        None
    }
}
