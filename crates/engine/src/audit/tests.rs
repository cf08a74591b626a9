//! Tests by enumeration: densities sum to 1, samples follow them, and divergences are exact.

use data::{DataConfig, Mixture, Noise};

use super::{Fault, FaultySampler};

fn small() -> Mixture {
    Mixture { height: 3, width: 3, templates: 5, eps: 0.1, train: 600, validation: 50, test: 50, ..Mixture::default() }
}

fn all_images() -> impl Iterator<Item = Vec<f32>> {
    (0..512usize).map(|index| (0..9).map(|pixel| (index >> pixel & 1) as f32).collect())
}

fn samplers() -> Vec<FaultySampler> {
    let (config, data) = (small(), small().load().unwrap());
    let mut all = vec![FaultySampler::without_fault(config.density().unwrap())];
    for fault in Fault::ALL {
        all.extend([0.3, 1.0].map(|share| FaultySampler::new(&config, fault, share, &data).unwrap()));
    }
    all
}

#[test]
fn densities_sum_to_one_and_samples_follow_them() {
    for sampler in samplers() {
        let p: Vec<f64> = all_images().map(|image| sampler.log_density_of(&image).exp()).collect();
        assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{:?} {}", sampler.fault, sampler.share);
        let (mut noise, mut image, mut drawn) = (Noise::new(0, "test", 0), vec![0.0; 9], vec![0.0; 512]);
        const DRAWS: usize = 40_000;
        for _ in 0..DRAWS {
            sampler.draw(&mut noise, &mut image);
            drawn[(0..9).map(|pixel| usize::from(image[pixel] > 0.5) << pixel).sum::<usize>()] += 1.0 / DRAWS as f64;
        }
        let apart: f64 = p.iter().zip(&drawn).map(|(p, drawn)| (p - drawn).abs()).sum();
        // The expected distance of `DRAWS` draws is below sqrt(2 x 512 / (pi x DRAWS)) = 0.09.
        assert!(apart < 0.1, "{:?} {}: {apart}", sampler.fault, sampler.share);
    }
}

#[test]
fn divergences_agree_with_enumeration() {
    for sampler in samplers() {
        let exact: f64 = all_images()
            .map(|image| {
                let [p, q] = [sampler.log_truth(&image), sampler.log_density_of(&image)].map(f64::exp);
                let term = |a: f64| if a > 0.0 { 0.5 * a * (2.0 * a / (p + q)).ln() } else { 0.0 };
                term(p) + term(q)
            })
            .sum();
        let (jsd, se) = sampler.jsd(20_000, 1);
        assert!(
            (jsd - exact).abs() < 4.5 * se + 1e-9,
            "{:?} {}: {jsd} ± {se}, not {exact}",
            sampler.fault,
            sampler.share
        );
        assert_eq!(sampler.fault.is_none(), exact.abs() < 1e-12);
    }
}
