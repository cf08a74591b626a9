//! The IDX format, plain or in gzip: a magic number, big-endian sizes, unsigned bytes.
//!
//! LeCun, Cortes and Burges, the MNIST database of handwritten digits: the magic number is
//! `00 00 08 d`, where 08 stands for unsigned bytes and d is the number of sizes that follow.

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use crate::{DataError, Split};

/// Longer sides are taken for a corrupt header.
const MAX_SIDE: u64 = 4_096;
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// Bytes of the magic number, and of each size after it.
const WORD: u64 = 4;

/// What the header of an image file says, with the sides as [`Images`] has them.
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
    /// Grey levels from 0 to 255, image after image, row by row.
    pub(super) levels: Vec<u8>,
}

impl Images {
    /// The images at `indices`, in that order, with their labels where there are labels.
    pub(super) fn split(&self, labels: Option<&[u8]>, indices: &[usize]) -> Split {
        let image_len = self.header.height * self.header.width;
        let image = |index: usize| &self.levels[index * image_len..][..image_len];
        let mut pixels = Vec::with_capacity(indices.len() * image_len);
        pixels.extend(indices.iter().flat_map(|&index| image(index)).map(|level| f32::from(*level) / 255.0));
        let labels = labels.map(|labels| indices.iter().map(|&index| u16::from(labels[index])).collect());
        Split { pixels, labels, image_len }
    }
}

/// The header of an image file. A plain file's length is checked against it.
pub(super) fn image_header(path: &Path) -> Result<Header, DataError> {
    Source::open(path)?.image_header()
}

/// A whole image file. EMNIST's, known by their names, are stored transposed and turned upright here.
pub(super) fn images(path: &Path) -> Result<Images, DataError> {
    let mut source = Source::open(path)?;
    let header = source.image_header()?;
    let mut levels = source.rest([header.count, header.height, header.width].map(|size| size as u64))?;
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

/// A whole label file, which must hold `count` labels.
pub(super) fn labels(path: &Path, count: usize) -> Result<Vec<u8>, DataError> {
    let mut source = Source::open(path)?;
    let [labels] = source.header()?;
    if labels != count as u64 {
        return Err(source.error(WORD, format!("{labels} labels for {count} images")));
    }
    source.rest([labels])
}

fn is_transposed(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("emnist-"))
}

/// An open file, decompressed on the way.
struct Source {
    path: PathBuf,
    reader: Box<dyn Read>,
    gzip: bool,
    /// The length of a plain file, if the system knows it.
    length: Option<u64>,
    /// Bytes read so far, after decompression.
    offset: u64,
}

impl Source {
    /// Whether it is gzip is seen from the first bytes.
    fn open(path: &Path) -> Result<Self, DataError> {
        let failed = |source| DataError::Io { path: path.to_owned(), source };
        let file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        let mut file = BufReader::new(file);
        let gzip = file.fill_buf().map_err(failed)?.starts_with(&GZIP_MAGIC);
        let named_gzip = path.extension().is_some_and(|extension| extension == "gz");
        let length = (metadata.is_file() && !gzip).then_some(metadata.len());
        let reader: Box<dyn Read> = if gzip { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
        let source = Self { path: path.to_owned(), reader, gzip, length, offset: 0 };
        if named_gzip && !gzip {
            return Err(source.error(0, "named .gz, but it does not begin with gzip's 1f 8b".to_owned()));
        }
        Ok(source)
    }

    fn error(&self, offset: u64, message: String) -> DataError {
        DataError::Format { path: self.path.clone(), offset, message }
    }

    /// Up to `count` bytes; fewer only where the file ends. Memory grows with what the file
    /// holds, never with `count`.
    fn read(&mut self, count: u64) -> Result<Vec<u8>, DataError> {
        let mut bytes = Vec::new();
        let result = self.reader.by_ref().take(count).read_to_end(&mut bytes);
        self.offset += bytes.len() as u64;
        match result {
            Ok(_) => Ok(bytes),
            Err(source) if self.gzip && is_corruption(&source) => {
                Err(self.error(self.offset, format!("gzip is corrupt or cut off here: {source}")))
            }
            Err(source) => Err(DataError::Io { path: self.path.clone(), source }),
        }
    }

    /// As [`Source::read`], but fewer bytes are an error.
    fn read_exact(&mut self, count: u64) -> Result<Vec<u8>, DataError> {
        let end = self.offset.saturating_add(count);
        let bytes = self.read(count)?;
        if self.offset < end { Err(self.truncated(self.offset, end)) } else { Ok(bytes) }
    }

    fn truncated(&self, offset: u64, end: u64) -> DataError {
        self.error(offset, format!("the file ends here, {} bytes too early", end.saturating_sub(offset)))
    }

    fn trailing(&self, offset: u64) -> DataError {
        self.error(offset, "the file goes on after the last byte that its header announces".to_owned())
    }

    /// The sizes in the header of a file with `N` of them.
    fn header<const N: usize>(&mut self) -> Result<[u64; N], DataError> {
        let magic = self.read_exact(WORD)?;
        let expected = [0, 0, 8, N as u8];
        if magic != expected {
            let message = format!("begins with {}, expected {}", hex(&magic), hex(&expected));
            return Err(self.error(0, message));
        }
        let mut sizes = [0; N];
        for size in &mut sizes {
            *size = self.read_exact(WORD)?.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
        }
        if sizes[0] == 0 {
            return Err(self.error(WORD, "announces 0 items, expected at least 1".to_owned()));
        }
        let Some(end) = product(&sizes).and_then(|claim| claim.checked_add(self.offset)) else {
            return Err(self.error(
                WORD,
                format!(
                    "announces {} bytes, more than a file can hold",
                    sizes.map(|size| size.to_string()).join(" x ")
                ),
            ));
        };
        // So that a short or long file is found out before anything is trained.
        match self.length {
            Some(length) if length < end => Err(self.truncated(length, end)),
            Some(length) if length > end => Err(self.trailing(end)),
            _ => Ok(sizes),
        }
    }

    fn image_header(&mut self) -> Result<Header, DataError> {
        let [count, rows, columns] = self.header()?;
        for (index, side) in [rows, columns].into_iter().enumerate() {
            if !(1..=MAX_SIDE).contains(&side) {
                let message = format!("images of {rows}x{columns} pixels, expected sides of 1 to {MAX_SIDE}");
                return Err(self.error(WORD * (2 + index as u64), message));
            }
        }
        let (height, width) = if is_transposed(&self.path) { (columns, rows) } else { (rows, columns) };
        // Each was read from 4 bytes.
        Ok(Header { count: count as usize, height: height as usize, width: width as usize })
    }

    /// All after the header: the product of `sizes`, and then the end (where gzip has its checksum).
    fn rest<const N: usize>(&mut self, sizes: [u64; N]) -> Result<Vec<u8>, DataError> {
        let bytes = self.read_exact(product(&sizes).unwrap_or(u64::MAX))?;
        let end = self.offset;
        if self.read(1)?.is_empty() { Ok(bytes) } else { Err(self.trailing(end)) }
    }
}

fn product(sizes: &[u64]) -> Option<u64> {
    sizes.iter().try_fold(1u64, |product, size| product.checked_mul(*size))
}

/// Whether gzip's decoder, rather than the system, is the one that complains.
fn is_corruption(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::InvalidData | ErrorKind::UnexpectedEof)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}
