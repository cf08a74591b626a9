//! The format `.npy`: a header with type, order and shape, then the numbers.

use std::fmt;
use std::io::{self, Read};

use npyz::{DType, Endianness, NpyHeader, Order, TypeChar};
use protocol::worded;

/// Longest header, as in numpy.
const MAX_HEADER: usize = 10_000;
/// Deepest nesting of brackets in a header. Arrays of numbers need 2.
const MAX_DEPTH: usize = 8;
/// Most digits of all sizes in a header, so that their product is below 2^63.
const MAX_DIGITS: usize = 18;
/// Numbers that are read at once.
const CHUNK: usize = 1 << 14;

/// Type of the numbers, with their size in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Bool,
    Unsigned(usize),
    Signed(usize),
    Float(usize),
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Unsigned(bytes) => write!(f, "uint{}", bytes * 8),
            Self::Signed(bytes) => write!(f, "int{}", bytes * 8),
            Self::Float(bytes) => write!(f, "float{}", bytes * 8),
        }
    }
}

/// A number of an array.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Number {
    Whole(i128),
    Real(f64),
}

/// Header of an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Array {
    pub(super) shape: Vec<u64>,
    pub(super) kind: Type,
    /// Bytes before the numbers.
    start: u64,
    big_endian: bool,
    /// `true` if the first index moves fastest.
    fortran: bool,
}

impl Array {
    /// Reads a header. The memory is bounded by [`MAX_HEADER`].
    pub(super) fn read_header(reader: &mut dyn Read) -> Result<Self, String> {
        let io = |error: io::Error| format!("the header cannot be read: {}", worded(error));
        let mut bytes = vec![0; 10];
        reader.read_exact(&mut bytes).map_err(io)?;
        if !bytes.starts_with(b"\x93NUMPY") {
            return Err("it does not start with 93 NUMPY".to_owned());
        }
        let mut length = usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
        if bytes[6] >= 2 {
            let mut more = [0; 2];
            reader.read_exact(&mut more).map_err(io)?;
            length += usize::from(u16::from_le_bytes(more)) << 16;
            bytes.extend(more);
        }
        if length > MAX_HEADER {
            return Err(format!("a header of {length} bytes, expected at most {MAX_HEADER}"));
        }
        let start = bytes.len();
        bytes.resize(start + length, 0);
        reader.read_exact(&mut bytes[start..]).map_err(io)?;
        let depth = bytes[start..].iter().scan(0usize, |depth, byte| {
            match byte {
                b'(' | b'[' | b'{' => *depth += 1,
                b')' | b']' | b'}' => *depth = depth.saturating_sub(1),
                _ => {}
            }
            Some(*depth)
        });
        if depth.max().unwrap_or_default() > MAX_DEPTH {
            return Err("the header is not that of an array of numbers".to_owned());
        }
        if bytes[start..].iter().filter(|byte| byte.is_ascii_digit()).count() > MAX_DIGITS {
            return Err(format!("sizes of more than {MAX_DIGITS} digits are larger than any memory"));
        }
        let header = NpyHeader::from_reader(&bytes[..]).map_err(io)?;
        let (kind, big_endian) = kind(&header.dtype())?;
        let fortran = header.order() == Order::Fortran;
        let array = Self { shape: header.shape().to_vec(), kind, start: bytes.len() as u64, big_endian, fortran };
        array.len().map(|_| array)
    }

    /// Number of numbers.
    fn len(&self) -> Result<usize, String> {
        let product = self.shape.iter().try_fold(1u64, |product, size| product.checked_mul(*size));
        let bytes = product.and_then(|len| len.checked_mul(8)).and_then(|bytes| isize::try_from(bytes).ok());
        bytes.map(|bytes| bytes as usize / 8).ok_or_else(|| format!("shape {:?} is larger than memory", self.shape))
    }

    /// Refuses a file of another length than the header gives, before anything of its size is allocated.
    pub(super) fn check_length(&self, length: u64) -> Result<(), String> {
        let (there, expected) = (length.saturating_sub(self.start), self.len()? as u64 * self.size() as u64);
        match there == expected {
            true => Ok(()),
            false => Err(format!("{there} bytes of numbers, but the header gives {expected}")),
        }
    }

    /// The first index of the number at `index` in the order of the file.
    pub(super) fn row(&self, index: usize) -> usize {
        let count = self.shape.first().map_or(1, |count| *count as usize).max(1);
        let len = self.len().unwrap_or_default() / count;
        if self.fortran { index % count } else { index.checked_div(len).unwrap_or_default() }
    }

    /// Reads all numbers after the header, and refuses bytes after them. The memory grows with the bytes that are read.
    pub(super) fn values<T: Copy>(
        &self,
        reader: &mut dyn Read,
        convert: impl Fn(usize, Number) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        let (len, size) = (self.len()?, self.size());
        let mut values = Vec::new();
        let mut bytes = Vec::new();
        while values.len() < len {
            let wanted = (len - values.len()).min(CHUNK) * size;
            bytes.clear();
            reader
                .take(wanted as u64)
                .read_to_end(&mut bytes)
                .map_err(|error| format!("cannot be read: {}", worded(error)))?;
            if bytes.len() < wanted {
                let there = values.len() * size + bytes.len();
                return Err(format!("it ends after {there} of {} bytes of numbers", len as u128 * size as u128));
            }
            for number in bytes.chunks_exact(size) {
                values.push(convert(values.len(), self.number(number))?);
            }
        }
        // At the end of a zipped array, its checksum is compared.
        match reader.read(&mut [0]).map_err(|error| format!("cannot be read: {}", worded(error)))? {
            0 => Ok(if self.fortran { self.in_c_order(&values) } else { values }),
            _ => Err("extra bytes after the numbers that the header gives".to_owned()),
        }
    }

    fn size(&self) -> usize {
        match self.kind {
            Type::Bool => 1,
            Type::Unsigned(size) | Type::Signed(size) | Type::Float(size) => size,
        }
    }

    fn number(&self, bytes: &[u8]) -> Number {
        let mut little = [0; 8];
        little[..bytes.len()].copy_from_slice(bytes);
        if self.big_endian {
            little[..bytes.len()].reverse();
        }
        let unsigned = u64::from_le_bytes(little);
        match self.kind {
            Type::Bool => Number::Whole((unsigned != 0).into()),
            Type::Unsigned(_) => Number::Whole(unsigned.into()),
            Type::Signed(size) => {
                let unused = 64 - 8 * size as u32;
                Number::Whole(((unsigned << unused) as i64 >> unused).into())
            }
            Type::Float(4) => Number::Real(f32::from_bits(unsigned as u32).into()),
            Type::Float(_) => Number::Real(f64::from_bits(unsigned)),
        }
    }

    fn in_c_order<T: Copy>(&self, values: &[T]) -> Vec<T> {
        let sizes: Vec<usize> = self.shape.iter().map(|size| *size as usize).collect();
        let mut index = vec![0; sizes.len()];
        let mut ordered = Vec::with_capacity(values.len());
        for _ in 0..values.len() {
            let at = index.iter().zip(&sizes).rev().fold(0, |at, (index, size)| at * size + index);
            ordered.push(values[at]);
            for (index, size) in index.iter_mut().zip(&sizes).rev() {
                *index += 1;
                if *index < *size {
                    break;
                }
                *index = 0;
            }
        }
        ordered
    }
}

fn kind(dtype: &DType) -> Result<(Type, bool), String> {
    let refused = || {
        format!("numbers of type {}, expected bool, int8 to int64, uint8 to uint64, float32 or float64", dtype.descr())
    };
    let DType::Plain(plain) = dtype else { return Err(refused()) };
    let size = usize::try_from(plain.size_field()).map_err(|_| refused())?;
    let kind = match (plain.type_char(), size) {
        (TypeChar::Bool, 1) => Type::Bool,
        (TypeChar::Uint, 1 | 2 | 4 | 8) => Type::Unsigned(size),
        (TypeChar::Int, 1 | 2 | 4 | 8) => Type::Signed(size),
        (TypeChar::Float, 4 | 8) => Type::Float(size),
        _ => return Err(refused()),
    };
    Ok((kind, plain.endianness() == Endianness::Big))
}
