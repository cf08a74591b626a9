//! The samplers' densities sum to one, their samples follow them, and divergences are what enumeration says.

use data::{DataConfig, Mixture, Noise};

use super::{Fault, Impostor};

fn small() -> Mixture {
    Mixture { height: 3, width: 3, templates: 5, eps: 0.1, train: 600, validation: 50, test: 50, ..Mixture::default() }
}

fn all_images() -> impl Iterator<Item = Vec<f32>> {
    (0..512usize).map(|index| (0..9).map(|pixel| (index >> pixel & 1) as f32).collect())
}

fn impostors() -> Vec<Impostor> {
    let (config, data) = (small(), small().load().unwrap());
    let mut all = vec![Impostor::honest(config.density().unwrap())];
    for fault in Fault::ALL {
        all.extend([0.3, 1.0].map(|share| Impostor::new(&config, fault, share, &data).unwrap()));
    }
    all
}

#[test]
fn densities_sum_to_one_and_samples_follow_them() {
    for impostor in impostors() {
        let p: Vec<f64> = all_images().map(|image| impostor.log_density_of(&image).exp()).collect();
        assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{:?} {}", impostor.fault, impostor.share);
        let (mut noise, mut image, mut drawn) = (Noise::new(0, "test", 0), vec![0.0; 9], vec![0.0; 512]);
        const DRAWS: usize = 40_000;
        for _ in 0..DRAWS {
            impostor.draw(&mut noise, &mut image);
            drawn[(0..9).map(|pixel| usize::from(image[pixel] > 0.5) << pixel).sum::<usize>()] += 1.0 / DRAWS as f64;
        }
        let apart: f64 = p.iter().zip(&drawn).map(|(p, drawn)| (p - drawn).abs()).sum();
        // The expected distance of that many draws is below sqrt(2 x 512 / (pi x DRAWS)) = 0.09.
        assert!(apart < 0.1, "{:?} {}: {apart}", impostor.fault, impostor.share);
    }
}

#[test]
fn divergences_are_those_of_enumeration() {
    for impostor in impostors() {
        let exact: f64 = all_images()
            .map(|image| {
                let [p, q] = [impostor.log_truth(&image), impostor.log_density_of(&image)].map(f64::exp);
                let term = |a: f64| if a > 0.0 { 0.5 * a * (2.0 * a / (p + q)).ln() } else { 0.0 };
                term(p) + term(q)
            })
            .sum();
        let (jsd, se) = impostor.jsd(20_000, 1);
        assert!(
            (jsd - exact).abs() < 4.5 * se + 1e-9,
            "{:?} {}: {jsd} ± {se}, not {exact}",
            impostor.fault,
            impostor.share
        );
        assert_eq!(impostor.fault.is_none(), exact.abs() < 1e-12);
    }
}
