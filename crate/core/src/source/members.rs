//! Compressed streams as they occur in practice: several members one after the other, and zeros between and after
//! them.

use std::io::{self, BufRead, Read};

/// One member of a compressed stream (a frame of zstd, a stream of bzip2 or xz).
pub(super) trait Member<T>: Read + Sized {
    /// The member that begins `packed`.
    fn begin(packed: T) -> io::Result<Self>;

    /// What follows the member, of which everything was read.
    fn end(self) -> T;
}

/// The unpacked members of a compressed file.
///
/// Tapes and some tools pad a file with zeros, which gzip itself skips; anything else after a member is an error.
pub(super) struct Members<T, M> {
    /// What comes before the next member, and nothing within one.
    packed: Option<T>,
    /// `None` between members, after the last one and after an error.
    member: Option<M>,
}

impl<T: BufRead, M: Member<T>> Members<T, M> {
    pub(super) fn new(packed: T) -> Self {
        Self { packed: Some(packed), member: None }
    }
}

impl<T: BufRead, M: Member<T>> Read for Members<T, M> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if let Some(mut packed) = self.packed.take() {
                if pass_zeros(&mut packed)? {
                    return Ok(0);
                }
                self.member = Some(M::begin(packed)?);
            }
            let Some(mut member) = self.member.take() else { return Ok(0) };
            let count = member.read(buffer)?;
            if count > 0 {
                self.member = Some(member);
                return Ok(count);
            }
            self.packed = Some(member.end());
        }
    }
}

/// Skips zeros; returns whether there was nothing else.
fn pass_zeros(packed: &mut impl BufRead) -> io::Result<bool> {
    loop {
        let ahead = packed.fill_buf()?;
        if ahead.is_empty() {
            return Ok(true);
        }
        let zeros = ahead.iter().take_while(|&&byte| byte == 0).count();
        if zeros == 0 {
            return Ok(false);
        }
        packed.consume(zeros);
    }
}
