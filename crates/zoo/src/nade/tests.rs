use burn::optim::GradientsParams;
use data::{Noise, Split};
use engine::{Autoregressive, Batch, HostGradients, Objective, Step};

use super::*;
use crate::test_shape::shape;

/// Compares the gradients of the scan with automatic differentiation of the plain operations.
#[test]
fn the_scan_agrees_with_its_oracle() {
    let device = Device::flex().autodiff();
    for ordering in [Ordering::Raster, Ordering::Random] {
        let config = NadeConfig { hidden: 21, ordering, ..NadeConfig::default() };
        let (pixels, count) = (70, 11);
        let model = Nade::new(&config, &shape(1, 7, 10), 3, &device);
        let mut noise = Noise::new(0, "oracle", 0);
        let host = Split::new((0..pixels * count).map(|_| f32::from(u8::from(noise.bernoulli(0.2)))).collect(), pixels);
        let batch = Batch::new(host, &device);
        let loss = model.loss(&batch, &Step { index: 0, lr_factor: 1.0, seed: 0 }).0.swap_remove(0).1;
        let oracle = GradientsParams::from_grads(loss.clone().backward(), &model);
        let (nll, found) = model.gradients(&batch.host);
        let expected = f64::from(loss.into_scalar::<f32>());
        assert!((nll - expected).abs() < 1e-5 * expected, "{nll} against {expected}");
        fn close<const D: usize>(a: &GradientsParams, b: &GradientsParams, parameter: &Param<Tensor<D>>) {
            let read = |gradients: &GradientsParams| -> Vec<f32> {
                gradients.get::<D>(parameter.id).expect("a gradient").into_data().iter::<f32>().collect()
            };
            let (a, b) = (read(a), read(b));
            let scale = a.iter().fold(0f32, |largest, value| largest.max(value.abs()));
            assert!(scale > 0.0 && a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 2e-5 * scale));
        }
        close(&oracle, &found, &model.input);
        close(&oracle, &found, &model.input_bias);
        close(&oracle, &found, &model.output);
        close(&oracle, &found, &model.output_bias);
        // The log-odds of the evaluation agree, too.
        let plain = model.logits(batch.images.clone()).read();
        let scanned = model.conditionals(&batch.host).numbers;
        assert!(plain.iter().zip(&scanned).all(|(a, b)| (a - b).abs() < 1e-4));
    }
}
