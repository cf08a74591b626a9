//! Reader of gzip as `gunzip` reads it: members one after the other, and anything after the last one ignored.

use std::io::{self, BufRead, ErrorKind, Read};

use flate2::bufread::GzDecoder;

/// First byte of a member.
const FIRST: u8 = 0x1f;

/// The joined content of all members. Zeros between members and bytes that start no member are skipped.
pub(crate) struct Members<R> {
    /// `None` after the last member.
    member: Option<GzDecoder<R>>,
    /// `true` if this member is the first, which must be valid.
    is_first: bool,
}

impl<R: BufRead> Members<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self { member: Some(GzDecoder::new(reader)), is_first: true }
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = self.member.as_mut().filter(|_| !buffer.is_empty()) {
            match member.read(buffer) {
                Ok(0) => {}
                Ok(count) => return Ok(count),
                // Not a member, but garbage that starts like one.
                Err(error) if !self.is_first && member.header().is_none() && is_corruption(&error) => {
                    self.member = None;
                    break;
                }
                Err(error) => return Err(error),
            }
            let Some(mut rest) = self.member.take().map(GzDecoder::into_inner) else { break };
            if skip_zeros(&mut rest)? == Some(FIRST) {
                self.member = Some(GzDecoder::new(rest));
                self.is_first = false;
            }
        }
        Ok(0)
    }
}

/// Returns whether an error is from the decoder of gzip, not from the operating system.
pub(super) fn is_corruption(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::InvalidData | ErrorKind::UnexpectedEof)
}

/// Skips zeros and returns the next byte without taking it.
fn skip_zeros(reader: &mut impl BufRead) -> io::Result<Option<u8>> {
    loop {
        let bytes = reader.fill_buf()?;
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        let (next, is_end) = (bytes.get(zeros).copied(), bytes.is_empty());
        reader.consume(zeros);
        if is_end || next.is_some() {
            return Ok(next);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn read(bytes: &[u8], buffer: usize) -> io::Result<Vec<u8>> {
        let mut all = Vec::new();
        Members::new(io::BufReader::with_capacity(buffer, bytes)).read_to_end(&mut all).map(|_| all)
    }

    proptest! {
        #[test]
        fn members_are_joined_and_the_rest_is_ignored(
            members in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..200), 1..5),
            zeros in 0usize..40,
            garbage in prop::collection::vec(any::<u8>(), 0..40),
            buffer in 1usize..64,
        ) {
            prop_assume!(!garbage.starts_with(&[FIRST, 0x8b]));
            let mut file = Vec::new();
            for member in &members {
                file.extend(gzip(member));
                file.extend(vec![0; zeros]);
            }
            file.extend(garbage);
            prop_assert_eq!(read(&file, buffer).unwrap(), members.concat());
        }

        #[test]
        fn a_cut_or_damaged_member_is_an_error(bytes in prop::collection::vec(any::<u8>(), 1..200), at: prop::sample::Index) {
            let whole = gzip(&bytes);
            let at = at.index(whole.len() - 10) + 10;
            prop_assert!(read(&whole[..at], 64).is_err());
            // The checksum and the length are the last eight bytes.
            let mut damaged = whole.clone();
            let last = whole.len() - 1 - at % 8;
            damaged[last] ^= 1;
            prop_assert!(read(&damaged, 64).is_err());
        }
    }
}
