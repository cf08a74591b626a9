//! Reader of the IDX format, plain or in gzip: a magic number, big-endian sizes, unsigned bytes.
//!
//! LeCun, Cortes and Burges, the MNIST database of handwritten digits: the magic number is
//! `00 00 08 d`, where 08 stands for unsigned bytes and d is the number of sizes that follow.

use std::path::Path;

use sha2::Sha256;

use crate::files::Source;
use crate::{DataError, Split};

/// Longest side of an image; a longer one means a corrupt header.
const MAX_SIDE: u64 = 4_096;
/// Description of the end of a file, for messages.
const LAST: &str = "the end given in the header";
/// Bytes of the magic number, and of each size after it.
const WORD: u64 = 4;

/// Header of an image file, with the sides of [`Images`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) count: usize,
    pub(super) height: usize,
    pub(super) width: usize,
}

/// All images of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Images {
    pub(super) header: Header,
    /// Grey levels from 0 to 255 of all images, row by row.
    pub(super) levels: Vec<u8>,
}

impl Images {
    /// The images at `indices`, in that order, with their labels, if any.
    pub(super) fn split(&self, labels: Option<&[u8]>, indices: &[usize]) -> Split {
        let image_len = self.header.height * self.header.width;
        let image = |index: usize| &self.levels[index * image_len..][..image_len];
        let mut pixels = Vec::with_capacity(indices.len() * image_len);
        pixels.extend(indices.iter().flat_map(|&index| image(index)).map(|level| f32::from(*level) / 255.0));
        let labels = labels.map(|labels| indices.iter().map(|&index| u16::from(labels[index])).collect());
        Split { labels, ..Split::new(pixels, image_len) }
    }
}

/// Reads the header of an image file. The length of a plain file is checked against it.
pub(super) fn image_header(path: &Path) -> Result<Header, DataError> {
    image_sizes(&mut Source::open(path)?, path)
}

/// Reads an image file and adds its bytes to `hash`. The transposed images of EMNIST are transposed back.
pub(super) fn images(path: &Path, hash: &mut Sha256) -> Result<Images, DataError> {
    let mut source = Source::open_hashed(path, hash)?;
    let header = image_sizes(&mut source, path)?;
    let mut levels = rest(&mut source, [header.count, header.height, header.width].map(|size| size as u64))?;
    if is_transposed(path) {
        // Stored as `width` rows of `height` levels.
        let mut upright = Vec::with_capacity(header.height * header.width);
        for image in levels.chunks_exact_mut(header.height * header.width) {
            upright.clear();
            upright.extend((0..header.height).flat_map(|row| image[row..].iter().step_by(header.height)).copied());
            image.copy_from_slice(&upright);
        }
    }
    Ok(Images { header, levels })
}

/// Reads a label file, which must have `count` labels, and adds its bytes to `hash`.
pub(super) fn labels(path: &Path, count: usize, hash: &mut Sha256) -> Result<Vec<u8>, DataError> {
    let mut source = Source::open_hashed(path, hash)?;
    let [labels] = header(&mut source)?;
    if labels != count as u64 {
        return Err(source.error(WORD, format!("{labels} labels for {count} images")));
    }
    rest(&mut source, [labels])
}

pub(super) fn is_transposed(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("emnist-"))
}

/// Reads a header with `N` sizes.
fn header<const N: usize>(source: &mut Source) -> Result<[u64; N], DataError> {
    let magic = source.read_exact(WORD)?;
    let expected = [0, 0, 8, N as u8];
    if magic != expected {
        let message = format!("the file starts with {}, expected {}", hex(&magic), hex(&expected));
        return Err(source.error(0, message));
    }
    let mut sizes = [0; N];
    for size in &mut sizes {
        *size = source.read_exact(WORD)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
    }
    if sizes[0] == 0 {
        return Err(source.error(WORD, "the header gives 0 items, expected at least 1".to_owned()));
    }
    let Some(end) = product(&sizes).and_then(|claim| claim.checked_add(source.offset())) else {
        return Err(source.error(
            WORD,
            format!(
                "the header gives {} bytes, more than a file can have",
                sizes.map(|size| size.to_string()).join(" x ")
            ),
        ));
    };
    // Planning thus finds a file of a wrong length, before anything is trained.
    source.check_end(end, LAST)?;
    Ok(sizes)
}

fn image_sizes(source: &mut Source, path: &Path) -> Result<Header, DataError> {
    let [count, rows, columns] = header(source)?;
    for (index, side) in [rows, columns].into_iter().enumerate() {
        if !(1..=MAX_SIDE).contains(&side) {
            let message = format!("images of {rows}x{columns} pixels, expected sides of 1 to {MAX_SIDE}");
            return Err(source.error(WORD * (2 + index as u64), message));
        }
    }
    let (height, width) = if is_transposed(path) { (columns, rows) } else { (rows, columns) };
    // Each was read from 4 bytes.
    Ok(Header { count: count as usize, height: height as usize, width: width as usize })
}

/// Reads the bytes after the header: the product of `sizes`, and then the end, where gzip has its checksum.
fn rest<const N: usize>(source: &mut Source, sizes: [u64; N]) -> Result<Vec<u8>, DataError> {
    let bytes = source.read_exact(product(&sizes).unwrap_or(u64::MAX))?;
    source.finish(LAST)?;
    Ok(bytes)
}

fn product(sizes: &[u64]) -> Option<u64> {
    sizes.iter().try_fold(1u64, |product, size| product.checked_mul(*size))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}
