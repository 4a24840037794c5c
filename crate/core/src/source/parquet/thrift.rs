//! Just enough of Thrift's compact protocol to check what a file claims before the decoder relies on it.

/// Deeper nesting than any structure of Parquet has.
const MAX_DEPTH: usize = 16;

/// Types of fields and list elements, as the low half of a header byte.
pub(super) mod kind {
    pub const I32: u8 = 5;
    pub const I64: u8 = 6;
    pub const BINARY: u8 = 8;
    pub const LIST: u8 = 9;
    pub const STRUCT: u8 = 12;
}

/// Encoded bytes from some position on. If a function returns `None`, they end or are invalid.
pub(super) struct Compact<'a>(pub &'a [u8]);

impl Compact<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(byte)
    }

    fn pass(&mut self, count: usize) -> Option<()> {
        self.0 = self.0.get(count..)?;
        Some(())
    }

    /// An unsigned number.
    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// A signed number of any width.
    pub(super) fn int(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// Calls `read` with the number and type of each field of a structure; `read` must skip the value.
    pub(super) fn fields(&mut self, mut read: impl FnMut(&mut Self, i64, u8) -> Option<()>) -> Option<()> {
        let mut id = 0;
        loop {
            let header = self.byte()?;
            if header & 0xf == 0 {
                return Some(());
            }
            id = if header >> 4 == 0 { self.int()? } else { id + i64::from(header >> 4) };
            read(self, id, header & 0xf)?;
        }
    }

    /// The type and number of the elements of a list; each element takes at least a byte.
    pub(super) fn list(&mut self) -> Option<(u8, usize)> {
        let header = self.byte()?;
        let count = match header >> 4 {
            15 => usize::try_from(self.number()?).ok()?,
            count => usize::from(count),
        };
        (count <= self.0.len()).then_some((header & 0xf, count))
    }

    /// Skips a value of `kind`.
    pub(super) fn skip(&mut self, kind: u8) -> Option<()> {
        self.skip_within(kind, MAX_DEPTH)
    }

    fn skip_within(&mut self, kind: u8, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match kind {
            1 | 2 => Some(()),
            3 => self.pass(1),
            4..=6 => self.number().map(|_| ()),
            7 => self.pass(8),
            kind::BINARY => {
                let length = usize::try_from(self.number()?).ok()?;
                self.pass(length)
            }
            kind::LIST | 10 => {
                let (kind, count) = self.list()?;
                // A flag takes a byte in a list, but none in a field.
                let kind = if kind <= 2 { 3 } else { kind };
                (0..count).try_for_each(|_| self.skip_within(kind, depth))
            }
            kind::STRUCT => self.fields(|value, _, kind| value.skip_within(kind, depth)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_any_length() {
        let mut bytes = Compact(&[0x00, 0x01, 0x02, 0xfe, 0xff, 0xff, 0xff, 0x0f, 0x80]);
        assert_eq!([bytes.int(), bytes.int(), bytes.int()], [Some(0), Some(-1), Some(1)]);
        assert_eq!(bytes.int(), Some(i64::from(i32::MAX)));
        assert_eq!(bytes.int(), None, "it is cut off");
        assert_eq!(Compact(&[0xff; 11]).number(), None, "it has no end");
    }

    #[test]
    fn a_structure_is_walked_and_passed_over() {
        // 1: i32 -1, 3: "ab", 40: list of two flags, 41: {1: true}, end, and one byte that does not belong to it.
        let bytes =
            [0x15, 0x01, 0x28, 0x02, b'a', b'b', 0x09, 0x50, 0x21, 0x01, 0x02, 0x1c, 0x11, 0x00, 0x00, 0x7f];
        let mut seen = Vec::new();
        let mut walked = Compact(&bytes);
        let end = walked.fields(|value, id, kind| {
            seen.push((id, kind));
            value.skip(kind)
        });
        assert_eq!((end, walked.0), (Some(()), [0x7f].as_slice()));
        assert_eq!(seen, [(1, 5), (3, 8), (40, 9), (41, 12)]);
        let mut skipped = Compact(&bytes);
        assert_eq!((skipped.skip(kind::STRUCT), skipped.0), (Some(()), [0x7f].as_slice()));
        for end in 0..bytes.len() - 1 {
            assert_eq!(Compact(&bytes[..end]).skip(kind::STRUCT), None, "cut after {end} bytes");
        }
    }

    #[test]
    fn what_claims_too_much_makes_no_sense() {
        assert_eq!(Compact(&[0xf5, 0xff, 0xff, 0xff, 0x07, 0x00]).list(), None);
        assert_eq!(Compact(&[0xff, 0xff, 0x03, b'a']).skip(kind::BINARY), None);
        assert_eq!(Compact(&[0x1c; 1000]).skip(kind::STRUCT), None, "too deep");
    }
}
