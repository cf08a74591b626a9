//! One picture: its header, and its pixels as the set has them.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use protocol::worded;

use super::{Background, Filter, Fit, Images};
use crate::DataError;

/// Longest side of a picture before resizing.
const MAX_STORED_SIDE: u32 = 16_384;
/// Largest decoded picture, in bytes.
const MAX_BYTES: u64 = 256 << 20;

/// What the header of a picture states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) height: u32,
    pub(super) width: u32,
    /// `true` if the picture has one channel, apart from transparency. Palettes are colours.
    pub(super) is_grey: bool,
}

/// Reads the header of a picture; sizes are those after the rotation of its EXIF data.
pub(super) fn header(path: &Path) -> Result<Header, DataError> {
    with(path, |mut decoder| {
        let turned = decoder.orientation().map_err(worded)?;
        let (mut width, mut height) = decoder.dimensions();
        if matches!(
            turned,
            Orientation::Rotate90 | Orientation::Rotate270 | Orientation::Rotate90FlipH | Orientation::Rotate270FlipH
        ) {
            (width, height) = (height, width);
        }
        let grey = [ColorType::L8, ColorType::L16, ColorType::La8, ColorType::La16];
        Ok(Header { height, width, is_grey: grey.contains(&decoder.color_type()) })
    })
}

/// Appends the bytes of a picture to `bytes`, channel by channel and row by row.
pub(super) fn read(
    path: &Path,
    settings: &Images,
    [channels, height, width]: [usize; 3],
    bytes: &mut Vec<u8>,
) -> Result<(), DataError> {
    let refused = |message: String| DataError::File { path: path.to_owned(), message };
    let mut picture = with(path, |mut decoder| {
        let turned = decoder.orientation().map_err(worded)?;
        let mut picture = DynamicImage::from_decoder(decoder).map_err(worded)?;
        picture.apply_orientation(turned);
        Ok(picture)
    })?;
    picture = opaque(picture, settings.background).map_err(refused)?;
    picture = if channels == 1 { picture.into_luma8().into() } else { picture.into_rgb8().into() };
    let (height, width) = (height as u32, width as u32);
    if (picture.height(), picture.width()) != (height, width) {
        if settings.height == 0 {
            return Err(refused("the file has changed while it was read".to_owned()));
        }
        if settings.fit == Fit::Crop {
            let [x, y, cut_width, cut_height] = centre(picture.width(), picture.height(), width, height);
            picture = picture.crop_imm(x, y, cut_width, cut_height);
        }
        picture = picture.resize_exact(width, height, filter(settings.filter));
    }
    let interleaved = picture.as_bytes();
    bytes.extend((0..channels).flat_map(|channel| interleaved[channel..].iter().step_by(channels)).copied());
    Ok(())
}

/// Opens the decoder of a picture, and names the file in errors.
fn with<T>(path: &Path, read: impl FnOnce(Box<dyn ImageDecoder + '_>) -> Result<T, String>) -> Result<T, DataError> {
    let failed = |source| DataError::Io { path: path.to_owned(), source };
    let refused = |message: String| DataError::File { path: path.to_owned(), message };
    let file = BufReader::new(File::open(path).map_err(failed)?);
    let mut reader = ImageReader::new(file).with_guessed_format().map_err(failed)?;
    match reader.format() {
        Some(ImageFormat::Png) => {}
        Some(ImageFormat::Jpeg) => check_jpeg(&fs::read(path).map_err(failed)?).map_err(refused)?,
        Some(other) => return Err(refused(format!("the content is {other:?}, expected PNG or JPEG"))),
        None => return Err(refused("the content is neither PNG nor JPEG".to_owned())),
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_STORED_SIDE);
    limits.max_image_height = Some(MAX_STORED_SIDE);
    limits.max_alloc = Some(MAX_BYTES);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|error| refused(worded(error)))?;
    if decoder.total_bytes() > MAX_BYTES {
        let (width, height) = decoder.dimensions();
        return Err(refused(format!("{height}x{width} pixels, more than {} MiB", MAX_BYTES >> 20)));
    }
    read(Box::new(decoder)).map_err(refused)
}

/// Refuses a JPEG that was cut off, which decoders fill up with grey: its last scan must be followed by the end marker.
fn check_jpeg(bytes: &[u8]) -> Result<(), String> {
    let last = |marker: u8| bytes.windows(2).rposition(|pair| pair == [0xff, marker]);
    match (last(0xda), last(0xd9)) {
        (Some(scan), Some(end)) if end > scan => Ok(()),
        (None, _) => Err("the JPEG has no image data".to_owned()),
        _ => Err(format!("the JPEG is cut off after {} bytes: it has no end marker", bytes.len())),
    }
}

/// Replaces transparency by the background. Without one, transparent pixels are refused.
fn opaque(picture: DynamicImage, background: Option<Background>) -> Result<DynamicImage, String> {
    if !picture.color().has_alpha() {
        return Ok(picture);
    }
    let mut pixels = picture.into_rgba8();
    for (x, y, pixel) in pixels.enumerate_pixels_mut() {
        let [colours @ .., alpha] = &mut pixel.0;
        let behind = match background {
            _ if *alpha == u8::MAX => continue,
            Some(Background::Black) => 0,
            Some(Background::White) => u32::from(u8::MAX),
            None => {
                return Err(format!(
                    "the pixel in row {y}, column {x} is transparent; set `background` to black or white"
                ));
            }
        };
        for colour in colours {
            let mixed = u32::from(*colour) * u32::from(*alpha) + behind * u32::from(u8::MAX - *alpha);
            *colour = ((mixed + 127) / 255) as u8;
        }
        *alpha = u8::MAX;
    }
    Ok(pixels.into())
}

/// The largest centred rectangle with the aspect ratio of `to_width` x `to_height`: x, y, width, height.
fn centre(width: u32, height: u32, to_width: u32, to_height: u32) -> [u32; 4] {
    let scaled = |side: u32, by: u32, over: u32| {
        let (by, over) = (u64::from(by), u64::from(over));
        ((u64::from(side) * by + over / 2) / over).max(1) as u32
    };
    let cut_width = scaled(height, to_width, to_height).min(width);
    let cut_height = scaled(width, to_height, to_width).min(height);
    [(width - cut_width) / 2, (height - cut_height) / 2, cut_width, cut_height]
}

fn filter(filter: Filter) -> FilterType {
    match filter {
        Filter::Nearest => FilterType::Nearest,
        Filter::Triangle => FilterType::Triangle,
        Filter::CatmullRom => FilterType::CatmullRom,
        Filter::Lanczos3 => FilterType::Lanczos3,
    }
}
