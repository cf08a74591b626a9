//! Comparison of the Ising model with enumeration, reference values and closed forms.

use super::density::{IsingDensity, Sampling};
use super::lattice::{Boundary, Lattice};
use crate::synthetic::draws::{Source, Stream};
use crate::synthetic::laws::{agreement, all_images};
use crate::synthetic::numbers::log_sum_exp;
use crate::{ExactDensity, Split};

const BETAS: [f64; 4] = [0.2, 0.35, 0.4406868, 0.6];
const SWEEPS: Sampling = Sampling::SwendsenWang { sweeps: 20 };

fn density(height: usize, width: usize, beta: f64, boundary: Boundary, sampling: Sampling) -> IsingDensity {
    IsingDensity::new(Lattice { height, width, beta, boundary }, sampling)
}

fn draw(density: &IsingDensity, count: usize) -> Split {
    density.draw(&Stream { seed: 1, purpose: "test".into() }, count)
}

#[test]
fn values_of_4x4_equal_the_table() {
    let row = |boundary| {
        BETAS.map(|beta| {
            let density = density(4, 4, beta, boundary, Sampling::Exact);
            format!("{:.6} {:.6}", density.log_z(), density.entropy().nats)
        })
    };
    let free = ["11.581577 10.576674", "12.664829 9.312669", "13.676315 8.048059", "16.159349 5.239264"];
    let torus = ["11.771470 10.311837", "13.564422 7.355943", "15.521916 4.482720", "20.056533 1.739065"];
    assert_eq!(row(Boundary::Free), free);
    assert_eq!(row(Boundary::Torus), torus);
}

#[test]
fn both_boundaries_agree_with_all_65536_images_of_4x4() {
    for boundary in [Boundary::Free, Boundary::Torus] {
        let any = density(4, 4, 1.0, boundary, Sampling::Exact);
        let energies: Vec<f64> = all_images(16).map(|image| any.energy(&image).unwrap()).collect();
        for beta in BETAS.into_iter().chain([0.0, 1e-12, 1e-3, 1.5, 10.0]) {
            let density = density(4, 4, beta, boundary, Sampling::Exact);
            let terms: Vec<f64> = energies.iter().map(|energy| beta * energy).collect();
            let log_z = log_sum_exp(&terms);
            let mean: f64 = energies.iter().map(|energy| (beta * energy - log_z).exp() * energy).sum();
            assert!((density.log_z() - log_z).abs() < 1e-10, "{boundary:?} {beta}: {} {log_z}", density.log_z());
            assert!((density.mean_energy() - mean).abs() < 1e-8, "{boundary:?} {beta}: {}", density.mean_energy());
            assert!((density.entropy().nats - (log_z - beta * mean)).abs() < 1e-9, "{boundary:?} {beta}");
        }
    }
}

#[test]
fn a_single_row_is_a_chain_of_bonds() {
    // Z = 2 (2 cosh beta)^(n - 1).
    let log_z = |height, width| density(height, width, 0.7, Boundary::Free, Sampling::Exact).log_z();
    let expected = 2f64.ln() + 11.0 * (2.0 * 0.7f64.cosh()).ln();
    assert!((log_z(1, 12) - expected).abs() < 1e-12 && (log_z(12, 1) - expected).abs() < 1e-12);
}

#[test]
fn swendsen_wang_agrees_with_the_density() {
    for (boundary, beta) in [(Boundary::Torus, 0.2), (Boundary::Torus, 0.5), (Boundary::Free, 0.6)] {
        let density = density(2, 3, beta, boundary, SWEEPS);
        let p = agreement(&density, &draw(&density, 50_000));
        assert!(p > 1e-6, "{boundary:?} {beta}: p = {p}");
    }
}

/// Checks the mean energy and the sign of the magnetisation, with standard errors from 20 batches, which include the
/// correlation between successive images.
fn check_moments(density: &IsingDensity, count: usize) {
    let split = draw(density, count);
    let batches = 20;
    let mean_error = |value: &dyn Fn(&[f32]) -> f64| {
        let values: Vec<f64> = split.images().map(value).collect();
        let means: Vec<f64> =
            values.chunks(count / batches).map(|chunk| chunk.iter().sum::<f64>() / chunk.len() as f64).collect();
        let mean = means.iter().sum::<f64>() / batches as f64;
        let variance = means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / (batches as f64 - 1.0);
        (mean, (variance / batches as f64).sqrt())
    };
    let (energy, se) = mean_error(&|image| density.energy(image).unwrap());
    let expected = density.mean_energy();
    assert!((energy - expected).abs() < 5.0 * se, "{density:?}: energy {energy} +- {se}, not {expected}");
    let magnetisation = |image: &[f32]| image.iter().map(|pixel| 2.0 * f64::from(*pixel) - 1.0).sum::<f64>();
    let (sign, se) =
        mean_error(&|image| magnetisation(image).partial_cmp(&0.0).map_or(0.0, |order| order as i8 as f64));
    assert!(sign.abs() < 5.0 * se, "{density:?}: mean sign {sign} +- {se}");
}

#[test]
fn cluster_draws_of_a_28x28_torus_have_the_energy_of_the_closed_form() {
    for beta in [0.3, 0.4406868, 0.5461387423] {
        check_moments(&density(28, 28, beta, Boundary::Torus, SWEEPS), 400);
    }
    check_moments(&density(17, 17, 0.44, Boundary::Free, SWEEPS), 400);
}

#[test]
fn exact_draws_have_the_energy_of_the_closed_form_up_to_width_16() {
    for beta in [0.3, 0.4406868, 0.5461387423] {
        for (height, width) in [(8, 8), (12, 9), (9, 12)] {
            check_moments(&density(height, width, beta, Boundary::Torus, Sampling::Exact), 1_000);
        }
        check_moments(&density(16, 16, beta, Boundary::Free, Sampling::Exact), 1_000);
    }
    check_moments(&density(16, 28, 0.4406868, Boundary::Free, Sampling::Exact), 1_000);
    check_moments(&density(16, 16, 0.5461387423, Boundary::Torus, Sampling::Exact), 100);
}

#[test]
fn the_two_modes_have_half_of_the_probability_each() {
    for (height, width) in [(3, 3), (2, 4)] {
        let density = density(height, width, 0.6, Boundary::Free, Sampling::Exact);
        let modes = density.modes().expect("it orders at this beta");
        let mut shares = [0.0; 2];
        for image in all_images(height * width) {
            shares[modes.of(&image)] += density.log_density(&image).exp();
        }
        assert!((shares[0] - 0.5).abs() < 1e-12 && (shares[1] - 0.5).abs() < 1e-12, "{shares:?}");
    }
    assert!(density(3, 3, 0.44, Boundary::Free, Sampling::Exact).modes().is_none());
}
