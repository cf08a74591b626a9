//! Part of a sheet: the upper left corner of a PNG file.

use std::io::Cursor;

/// Width and height from the first chunk of a PNG file.
pub(super) fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.strip_prefix(b"\x89PNG\r\n\x1a\n")?.get(4..16)?.strip_prefix(b"IHDR")?;
    let number = |at: usize| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?));
    Some((number(0)?, number(4)?))
}

/// Parts of a sheet, as shares of its width and height: rows of images first, then columns as well.
const PARTS: [(f64, f64); 7] =
    [(1.0, 0.7), (1.0, 0.5), (1.0, 0.305), (1.0, 0.205), (1.0, 0.105), (0.51, 0.105), (0.31, 0.105)];

/// Which images of a sheet are cut off first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    Rows,
    Columns,
}

/// A large part of a PNG file in at most `size` bytes. `None` if no part fits, or the file cannot be decoded.
pub(super) fn smaller(bytes: &[u8], size: usize, cut: Cut) -> Option<Vec<u8>> {
    let sheet = Pixels::of(bytes)?;
    // A part has about its share of the bytes; much larger ones are not tried.
    let most = 1.2 * size as f64 / bytes.len() as f64;
    let parts = PARTS.map(|(across, down)| if cut == Cut::Rows { (across, down) } else { (down, across) });
    let tried = parts.into_iter().filter(|(across, down)| across * down <= most);
    let pixels = |whole: u32, part: f64| (f64::from(whole) * part).ceil().max(1.0) as u32;
    let mut parts =
        tried.filter_map(|(across, down)| sheet.corner(pixels(sheet.width, across), pixels(sheet.height, down)));
    parts.find(|part| part.len() <= size)
}

/// Pixels of a PNG file of 8 bits a channel.
struct Pixels {
    width: u32,
    height: u32,
    color: png::ColorType,
    line: usize,
    bytes: Vec<u8>,
}

impl Pixels {
    fn of(file: &[u8]) -> Option<Self> {
        let mut reader = png::Decoder::new(Cursor::new(file)).read_info().ok()?;
        let info = reader.info();
        if info.interlaced || info.bit_depth != png::BitDepth::Eight || info.palette.is_some() {
            return None;
        }
        let mut bytes = vec![0; reader.output_buffer_size()?];
        let frame = reader.next_frame(&mut bytes).ok()?;
        Some(Self { width: frame.width, height: frame.height, color: frame.color_type, line: frame.line_size, bytes })
    }

    /// PNG file of the upper left corner.
    fn corner(&self, width: u32, height: u32) -> Option<Vec<u8>> {
        let (width, height) = (width.min(self.width), height.min(self.height));
        let length = width as usize * self.color.samples();
        let rows = self.bytes.chunks(self.line).take(height as usize).flat_map(|row| &row[..length]).copied();
        let mut part = Vec::new();
        let mut encoder = png::Encoder::new(&mut part, width, height);
        encoder.set_color(self.color);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&rows.collect::<Vec<u8>>()).ok()?;
        writer.finish().ok()?;
        Some(part)
    }
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
        let part = Pixels::of(&picture(50)).unwrap().corner(20, 10).unwrap();
        assert_eq!(png_size(&part), Some((20, 10)));
        let (whole, part) = (Pixels::of(&picture(50)).unwrap().bytes, Pixels::of(&part).unwrap().bytes);
        assert!((0..10).all(|row| part[row * 20..(row + 1) * 20] == whole[row * 50..row * 50 + 20]));
    }

    #[test]
    fn a_part_has_at_most_the_wanted_size() {
        let whole = picture(100);
        let part = |cut: Cut| smaller(&whole, 4000, cut).unwrap();
        assert!(part(Cut::Rows).len() <= 4000 && png_size(&part(Cut::Rows)).unwrap().0 == 100);
        assert!(part(Cut::Columns).len() <= 4000 && png_size(&part(Cut::Columns)).unwrap().1 == 100);
        assert_eq!((smaller(&whole, 10, Cut::Rows), smaller(b"no picture", 1000, Cut::Rows)), (None, None));
    }
}
