//! The list of transforms in a YAML file, from which entries can be left out.
//!
//! After a fault, the YAML reader cannot continue with the next entry. The file is therefore read again, and the
//! entry skipped.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_saphyr::Spanned;

use super::fault::Checked;
use super::left_out::LeftOut;

thread_local! {
    /// Positions of the entries to skip: serde hands nothing down to the type of a field.
    static SKIPPED: RefCell<BTreeSet<usize>> = const { RefCell::new(BTreeSet::new()) };
}

/// The entries of a list, `None` for one that is left out.
pub(super) struct Entries<T>(pub(super) Vec<Option<Spanned<T>>>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_seq(List(PhantomData)).map(Self)
    }
}

struct List<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
    type Value = Vec<Option<Spanned<T>>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        loop {
            let is_skipped = SKIPPED.with_borrow(|skipped| skipped.contains(&entries.len()));
            let next = match is_skipped {
                true => list.next_element::<IgnoredAny>()?.map(|_| None),
                false => list.next_element()?.map(Some),
            };
            match next {
                Some(entry) => entries.push(entry),
                None => return Ok(entries),
            }
        }
    }
}

/// What `read` returns, if need be without entries that have a fault.
pub(super) fn without_faults<T>(left_out: &mut LeftOut, read: impl Fn() -> Checked<T>) -> Checked<T> {
    let result = loop {
        match read() {
            Err(fault) if left_out.is_allowed() => match fault.entry() {
                // A fault of the YAML itself is still there if the entry is skipped.
                Some(entry) if SKIPPED.with_borrow_mut(|skipped| skipped.insert(entry)) => {
                    left_out.add(fault)?;
                }
                _ => break Err(fault),
            },
            result => break result,
        }
    };
    SKIPPED.take();
    result
}
