//! Grey levels as real numbers, and back.

use genbench::data::Noise;

/// Part of the unit interval that is left free at each end, so that the logit stays finite. Mass of the flow beyond it
/// belongs to no level, so it is small.
const MARGIN: f64 = 1e-6;
const SCALE: f64 = 1.0 - 2.0 * MARGIN;

/// w = logit(m + (1 - 2 m) y) of every pixel, m = 1e-6, with y = (level + u) / L, and log |dw/dy| - log L.
pub(super) fn to_real(pixels: &[f32], levels: u16, noise: &mut Noise) -> (Vec<f32>, Vec<f64>) {
    let count = f64::from(levels);
    let one = |(pixel, u): (&f32, f32)| {
        let level = (f64::from(*pixel) * (count - 1.0)).round();
        let p = MARGIN + SCALE * (level + f64::from(u)) / count;
        ((p / (1.0 - p)).ln() as f32, SCALE.ln() - p.ln() - (1.0 - p).ln() - count.ln())
    };
    pixels.iter().zip(noise.uniforms(pixels.len())).map(one).unzip()
}

/// The grey level, 0 to 1, whose interval holds w.
pub(super) fn to_level(w: f32, levels: u16) -> f32 {
    let y = (1.0 / (1.0 + (-f64::from(w)).exp()) - MARGIN) / SCALE;
    let last = f64::from(levels - 1);
    ((y * f64::from(levels)).floor().clamp(0.0, last) / last) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_level_comes_back() {
        for levels in [2, 17, 256] {
            let pixels: Vec<f32> = (0..levels).map(|level| f32::from(level) / f32::from(levels - 1)).collect();
            let (w, _) = to_real(&pixels, levels, &mut Noise::new(0, "test", 0));
            let back: Vec<f32> = w.into_iter().map(|w| to_level(w, levels)).collect();
            assert_eq!(back, pixels);
        }
    }

    /// A central difference gives the same derivative.
    #[test]
    fn the_jacobian_is_the_derivative() {
        let noise = || Noise::new(0, "test", 0);
        let (w, jacobian) = to_real(&[0.5; 8], 3, &mut noise());
        for (index, u) in noise().uniforms(8).into_iter().enumerate() {
            let step = 1e-6;
            let at = |y: f64| ((MARGIN + SCALE * y) / (1.0 - MARGIN - SCALE * y)).ln();
            let y = (1.0 + f64::from(u)) / 3.0;
            let derivative = (at(y + step) - at(y - step)) / (2.0 * step);
            assert!((f64::from(w[index]) - at(y)).abs() < 1e-6);
            assert!((derivative.ln() - 3f64.ln() - jacobian[index]).abs() < 1e-6);
        }
    }
}
