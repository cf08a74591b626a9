//! Damaged files for tests.

use proptest::sample::Index;

/// The first `keep` (a fraction) of `bytes`, with one bit flipped at each place of `flips`.
pub(crate) fn damaged(mut bytes: Vec<u8>, keep: f64, flips: Vec<(Index, u8)>) -> Vec<u8> {
    bytes.truncate((bytes.len() as f64 * keep) as usize);
    for (index, bit) in flips {
        if !bytes.is_empty() {
            let at = index.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
    }
    bytes
}
