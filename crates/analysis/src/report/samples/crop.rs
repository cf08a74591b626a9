//! Part of a sheet: the upper left corner of a PNG file.

use std::io::Cursor;

/// Width and height from the first chunk of a PNG file.
pub(super) fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(4..16)?.strip_prefix(b"IHDR")?;
    let number = |at: usize| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?));
    Some((number(0)?, number(4)?))
}

/// The largest part of a PNG file in at most `size` bytes: some of its upper rows, then some of its left columns as well.
/// `None` if no part fits, or the file cannot be decoded.
pub(super) fn smaller(bytes: &[u8], size: usize) -> Option<Vec<u8>> {
    let (width, height) = png_size(bytes)?;
    let parts = [(1.0, 0.7), (1.0, 0.5), (1.0, 0.305), (1.0, 0.205), (1.0, 0.105), (0.51, 0.105), (0.31, 0.105)];
    let pixels = |whole: u32, part: f64| (f64::from(whole) * part).ceil().max(1.0) as u32;
    let mut cut =
        parts.iter().filter_map(|(across, down)| corner(bytes, pixels(width, *across), pixels(height, *down)));
    cut.find(|part| part.len() <= size)
}

/// The upper left corner of a PNG file, with the same pixels.
fn corner(bytes: &[u8], width: u32, height: u32) -> Option<Vec<u8>> {
    let mut reader = png::Decoder::new(Cursor::new(bytes)).read_info().ok()?;
    if reader.info().interlaced || reader.info().bit_depth != png::BitDepth::Eight || reader.info().palette.is_some() {
        return None;
    }
    let mut pixels = vec![0; reader.output_buffer_size()?];
    let frame = reader.next_frame(&mut pixels).ok()?;
    let (width, height) = (width.min(frame.width), height.min(frame.height));
    let length = width as usize * frame.color_type.samples();
    let rows = pixels.chunks(frame.line_size).take(height as usize).flat_map(|row| &row[..length]).copied();
    let rows: Vec<u8> = rows.collect();
    let mut part = Vec::new();
    let mut encoder = png::Encoder::new(&mut part, width, height);
    encoder.set_color(frame.color_type);
    encoder.set_depth(frame.bit_depth);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&rows).ok()?;
    writer.finish().ok()?;
    Some(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(side: u32) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, side, side);
        encoder.set_color(png::ColorType::Grayscale);
        let pixels: Vec<u8> = (0..side * side).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&pixels).unwrap();
        writer.finish().unwrap();
        bytes
    }

    #[test]
    fn a_corner_keeps_its_pixels() {
        let part = corner(&picture(50), 20, 10).unwrap();
        assert_eq!(png_size(&part), Some((20, 10)));
        let decoded = |bytes: &[u8]| {
            let mut reader = png::Decoder::new(Cursor::new(bytes.to_vec())).read_info().unwrap();
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            reader.next_frame(&mut pixels).unwrap();
            pixels
        };
        let (whole, part) = (decoded(&picture(50)), decoded(&part));
        assert!((0..10).all(|row| part[row * 20..(row + 1) * 20] == whole[row * 50..row * 50 + 20]));
    }

    #[test]
    fn a_part_has_at_most_the_wanted_size() {
        let whole = picture(100);
        let part = smaller(&whole, 4000).unwrap();
        assert!(part.len() <= 4000 && png_size(&part).unwrap().0 == 100);
        assert_eq!((smaller(&whole, 10), smaller(b"no picture", 1000)), (None, None));
    }
}
