//! Gzip as it occurs in practice: several members one after the other, and zeros between and after them.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// The unpacked members of a gzip file.
///
/// Tapes and some tools pad a file with zeros, which gzip itself skips; anything else after a member is an error.
pub(super) struct GzipMembers<T> {
    /// `None` after the last member, and after an error.
    member: Option<GzDecoder<T>>,
}

impl<T: BufRead> GzipMembers<T> {
    pub(super) fn new(packed: T) -> Self {
        Self { member: Some(GzDecoder::new(packed)) }
    }
}

impl<T: BufRead> Read for GzipMembers<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(mut member) = self.member.take() {
            let count = member.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                self.member = Some(member);
                return Ok(count);
            }
            let mut packed = member.into_inner();
            if !pass_zeros(&mut packed)? {
                self.member = Some(GzDecoder::new(packed));
            }
        }
        Ok(0)
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
