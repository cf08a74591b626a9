//! Image sheets: many images in one PNG file.

use std::io;
use std::path::Path;

use data::{DataShape, Split};
use protocol::Support;

/// Writes at most `columns` x `columns` images as one PNG with grey lines between them.
///
/// Real-valued pixels are shown from -3 (black) to 3 (white).
///
/// # Errors
/// The file cannot be written.
pub fn write(path: &Path, images: &Split, shape: &DataShape, columns: usize) -> io::Result<()> {
    write_rows(path, &images.take(columns * columns), shape, columns)
}

/// Writes all images as one PNG in rows of `columns` images, with grey lines between them.
///
/// # Errors
/// The file cannot be written.
pub fn write_rows(path: &Path, images: &Split, shape: &DataShape, columns: usize) -> io::Result<()> {
    let count = images.len();
    if count == 0 {
        return Ok(());
    }
    let (height, width, rgb) = (shape.height, shape.width, shape.channels == 3);
    let (across, down) = (columns.min(count), count.div_ceil(columns));
    let (sheet_w, sheet_h) = (across * (width + 1) + 1, down * (height + 1) + 1);
    let samples = if rgb { 3 } else { 1 };
    let shade = |value: f32| match shape.support {
        Support::Real => value / 6.0 + 0.5,
        _ => value,
    };
    let mut sheet = vec![128u8; sheet_w * sheet_h * samples];
    for (index, image) in images.images().enumerate() {
        let (left, top) = ((index % columns) * (width + 1) + 1, (index / columns) * (height + 1) + 1);
        for (y, x, channel) in coordinates(height, width, samples) {
            let value = image[(channel * height + y) * width + x];
            sheet[((top + y) * sheet_w + left + x) * samples + channel] = level(shade(value));
        }
    }
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, sheet_w as u32, sheet_h as u32);
    encoder.set_color(if rgb { png::ColorType::Rgb } else { png::ColorType::Grayscale });
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(io::Error::other)?;
    writer.write_image_data(&sheet).map_err(io::Error::other)?;
    writer.finish().map_err(io::Error::other)?;
    protocol::atomic::write(path, &bytes)
}

fn level(grey: f32) -> u8 {
    (grey.clamp(0.0, 1.0) * 255.0).round() as u8
}

fn coordinates(height: usize, width: usize, channels: usize) -> impl Iterator<Item = (usize, usize, usize)> {
    (0..height).flat_map(move |y| (0..width).flat_map(move |x| (0..channels).map(move |channel| (y, x, channel))))
}
