//! `se_test` of `comparisons.csv`, with and without the terms of equal images.

use std::path::Path;

use npyz::WriterBuilder;

use super::fixture::{Fixture, read};
use super::tables;
use super::tests::rows;

/// Writes one f64 per image.
pub(crate) fn keep(path: &Path, values: Vec<f64>) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let file = std::fs::File::create(path).unwrap();
    let options = npyz::WriteOptions::new().default_dtype().shape(&[values.len() as u64]);
    let mut writer = options.writer(file).begin_nd().unwrap();
    writer.extend(values).unwrap();
    writer.finish().unwrap();
}

/// The row of `nade` against `independent` for a figure: `(se_test, images_paired)`.
fn of_images(fixture: &Fixture, figure: &str) -> (f64, bool) {
    tables(&fixture.results()).unwrap();
    let row = rows(&read(&fixture.grid, "comparisons.csv"), &[&format!("nade,independent,Families,digits,{figure}")]);
    let cells: Vec<&str> = row.lines().nth(1).unwrap().split(',').collect();
    (cells[19].parse().unwrap(), cells[20] == "true")
}

/// Two models whose NLL differs by about the same amount on every image. The unpaired error is the spread of the images,
/// 0.5 on each side. Eight images on one side and nine on the other have no pairs.
#[test]
fn the_same_images_are_compared_image_by_image() {
    let fixture = Fixture::new();
    let hard = |image: usize| [19.0, 33.5, 26.25][image % 3];
    let path = |trial: &protocol::Trial| fixture.grid.trial(&trial.id()).per_image("nll", &serde_json::json!({}));
    for trial in &fixture.plan.trials {
        let nll: fn(f64, usize) -> f64 = match trial.variant.as_str() {
            "independent" => |hard, _| hard,
            "nade" => |hard, image| hard - 6.75 + [-0.1, 0.0, 0.1][image / 3],
            _ => continue,
        };
        let seed = if trial.variant == "nade" { trial.seed as f64 * 0.1 } else { 0.0 };
        keep(&path(trial), (0..9).map(|image| nll(hard(image), image) + seed).collect());
    }
    let (se, paired) = of_images(&fixture, "nll");
    // Three images each at -0.1, 0 and 0.1: a variance of 0.06 / 8 over 9.
    assert!(paired && (se - (0.06f64 / 8.0 / 9.0).sqrt()).abs() < 1e-9, "{se}");
    for trial in fixture.plan.trials.iter().filter(|trial| trial.variant == "independent") {
        keep(&path(trial), vec![26.25; 8]);
    }
    let (se, paired) = of_images(&fixture, "nll");
    assert!(!paired && (se - 0.5f64.sqrt()).abs() < 1e-12, "{se}");
}

/// A figure and its control on the same images: the error of the difference is that of the images on which they differ.
#[test]
fn a_control_is_compared_image_by_image() {
    use protocol::{Control, Direction, Kind, Measurement, Unit, atomic};
    let fixture = Fixture::new();
    for trial in fixture.plan.trials.iter().filter(|trial| trial.variant == "vae") {
        let one = |name: &str, direction, value| {
            Measurement::new(name, Kind::Estimate, Unit::One, direction, value).with_se(0.16)
        };
        let control = Measurement {
            control: Some(Control::untrained("probe")),
            ..one("probe_untrained", Direction::Neither, 0.5)
        };
        let folder = fixture.grid.trial(&trial.id());
        atomic::write_json(&folder.measurements(), &[one("probe", Direction::Higher, 0.625), control]).unwrap();
        let right = |count: usize| (0..8).map(|image| f64::from(u8::from(image < count))).collect();
        keep(&folder.per_image("probe", &serde_json::Value::Null), right(5));
        keep(&folder.per_image("probe_untrained", &serde_json::Value::Null), right(4));
    }
    tables(&fixture.results()).unwrap();
    let row = rows(&read(&fixture.grid, "comparisons.csv"), &["vae,vae,"]);
    let cells: Vec<&str> = row.lines().nth(1).unwrap().split(',').collect();
    // One of eight images differs: a variance of 1/8 over 8 (seven degrees of freedom).
    let se: f64 = cells[19].parse().unwrap();
    assert!(cells[20] == "true" && (se - (1.0_f64 / 8.0 / 8.0).sqrt()).abs() < 1e-12, "{row}");
}
