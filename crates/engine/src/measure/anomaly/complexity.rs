//! Complexity of an image: the length of its PNG.

use data::{DataShape, Split};

/// Length of the PNG of each image in nats.
///
/// The PNG is grey or RGB with 8 bits per number, for pixels in `[0, 1]`, with adaptive filters and the highest
/// compression. It is lossless for at most 256 levels.
///
/// Serra, Alvarez, Gomez, Slizovskaia, Nunez and Luque, 2020, Input Complexity and Out-of-distribution Detection
/// with Likelihood-based Generative Models, section 3, use PNG among other coders.
pub(super) fn png_nats(images: &Split, shape: &DataShape) -> Result<Vec<f64>, png::EncodingError> {
    images.images().map(|image| Ok(8.0 * png(image, shape)?.len() as f64 * std::f64::consts::LN_2)).collect()
}

fn png(image: &[f32], shape: &DataShape) -> Result<Vec<u8>, png::EncodingError> {
    let area = shape.height * shape.width;
    let byte = |pixel: f32| (255.0 * pixel.clamp(0.0, 1.0)).round() as u8;
    // From [channel][row][column] to [row][column][channel].
    let at = |index: usize| byte(image[index % shape.channels * area + index / shape.channels]);
    let bytes: Vec<u8> = (0..image.len()).map(at).collect();
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, shape.width as u32, shape.height as u32);
    encoder.set_color(if shape.channels == 3 { png::ColorType::Rgb } else { png::ColorType::Grayscale });
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&bytes)?;
    writer.finish()?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use data::Noise;
    use protocol::Support;

    use super::*;

    #[test]
    fn the_png_is_lossless_and_longer_for_noise() {
        let shape = DataShape::new([3, 8, 9], Support::Levels(256), [1, 1, 1]);
        let mut noise = Noise::new(0, "png", 0);
        let drawn: Vec<f32> = (0..shape.pixels()).map(|_| noise.below(256) as f32 / 255.0).collect();
        let bytes = png(&drawn, &shape).unwrap();
        let mut reader = png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
        let mut back = vec![0; shape.pixels()];
        reader.next_frame(&mut back).unwrap();
        for (index, pixel) in drawn.iter().enumerate() {
            let (channel, rest) = (index / 72, index % 72);
            assert_eq!(f32::from(back[3 * rest + channel]) / 255.0, *pixel);
        }
        let blank = vec![0.0; shape.pixels()];
        let nats = png_nats(&Split::new([drawn, blank].concat(), shape.pixels()), &shape).unwrap();
        // Noise of 8 bits per number is incompressible: 216 x 8 ln 2, plus the header of the file.
        assert!(nats[0] > 1_197.0 && nats[1] < 500.0, "{nats:?}");
        assert_eq!(nats[0], 8.0 * bytes.len() as f64 * std::f64::consts::LN_2);
    }
}
