//! Tests of all measures on degenerate data and models: every figure is finite or states a reason, and none is computed
//! from NaN.

mod model;

use data::{DataShape, Dataset, Noise, Split};
use protocol::{Measurement, Support};
use serde_json::json;

use self::model::{Model, SOUND};
use super::{MEASURES, Subject};

const PIXELS: usize = 16;
const CLASSES: usize = 2;

/// Data set with `counts` training, validation and test images, with pixels and labels by a rule.
fn data(counts: [usize; 3], draw: fn(&mut Noise) -> f32, label: fn(usize) -> u16) -> Dataset {
    let names = ["train", "validation", "test"];
    let mut at = 0;
    let splits = counts.map(|count| {
        let mut noise = Noise::new(0, names[at], 0);
        at += 1;
        let pixels = (0..count * PIXELS).map(|_| draw(&mut noise)).collect();
        Split { labels: Some((0..count).map(label).collect()), ..Split::new(pixels, PIXELS) }
    });
    let shape = DataShape { classes: Some(CLASSES), ..DataShape::new([1, 4, 4], Support::Binary, counts) };
    Dataset::new(shape, splits)
}

const COUNTS: [usize; 3] = [128, 60, 80];

fn coin(noise: &mut Noise) -> f32 {
    f32::from(u8::from(noise.bernoulli(0.5)))
}

fn sound_data() -> Dataset {
    data(COUNTS, coin, |image| (image % CLASSES) as u16)
}

/// Settings with a short run time.
fn settings(measure: &str) -> serde_json::Value {
    match measure {
        "ais" | "ais_doubled" => json!({"images": 3, "chains": 2, "temperatures": 5, "pilot": 10}),
        "posterior_gap" => json!({"images": 2, "draws": [1]}),
        "latent_match" => json!({"permutations": 19}),
        "parzen" | "copies" => json!({"samples": 100}),
        "code_information" => json!({"draws": 100}),
        _ => json!({}),
    }
}

/// Figures of every measure, except measures that planning refuses for these data.
fn take_all(model: &Model, data: &Dataset) -> Vec<Measurement> {
    let folder = tempfile::tempdir().expect("a folder");
    let subject = Subject {
        model,
        data,
        data_sha256: &data.sha256(),
        seed: 0,
        dir: folder.path(),
        cache: &folder.path().join("cache"),
    };
    let mut figures = Vec::new();
    for entry in MEASURES {
        let config = (entry.resolve)(&settings(entry.name)).expect("settings");
        if (entry.check)(&config, &data.shape).is_err() {
            continue;
        }
        figures.extend(entry.take(&entry.spec(config), &subject).expect("files are written"));
    }
    figures
}

/// Checks that every figure is finite or states a reason.
#[track_caller]
fn check_figures(case: &str, figures: &[Measurement]) {
    assert!(!figures.is_empty());
    for figure in figures {
        let finite = figure.value.is_none_or(f64::is_finite) && figure.se.is_none_or(|se| se.is_finite() && se >= 0.0);
        assert!(finite, "{case}: {figure:?}");
        let reason = figure.reason.as_deref().unwrap_or_default();
        assert!(figure.value.is_some() || !reason.is_empty(), "{case}: no value and no reason: {figure:?}");
        assert!(figure.value.is_some() || figure.se.is_none(), "{case}: {figure:?}");
    }
}

fn value(figures: &[Measurement], name: &str) -> Option<f64> {
    figures.iter().find(|figure| figure.name == name).unwrap_or_else(|| panic!("no {name}")).value
}

/// Cases, each with its known figures.
#[test]
fn degenerate_data_and_models_have_correct_figures_or_reasons() {
    const BLANK: fn(&mut Noise) -> f32 = |_| 0.0;
    let few = |counts| data(counts, coin, |image| (image % CLASSES) as u16);
    type Known = &'static [(&'static str, Option<f64>)];
    let cases: &[(&str, Model, Dataset, Known)] = &[
        ("sound", SOUND, sound_data(), &[("collapsed", Some(0.0))]),
        ("a bound", Model { exact: false, ..SOUND }, sound_data(), &[("nll", None)]),
        (
            "all samples identical",
            Model { draw: BLANK, ..SOUND },
            sound_data(),
            &[("collapsed", Some(1.0)), ("spread", Some(0.0)), ("twins", Some(1.0)), ("recall", Some(0.0))],
        ),
        (
            "constant images",
            SOUND,
            data(COUNTS, BLANK, |image| (image % CLASSES) as u16),
            &[
                ("spread", None),
                ("copy_ratio", None),
                ("copies_real", Some(1.0)),
                ("mig", Some(0.0)),
                ("precision", None),
            ],
        ),
        (
            "constant images and samples",
            Model { draw: BLANK, ..SOUND },
            data(COUNTS, BLANK, |image| (image % CLASSES) as u16),
            &[("fid_proxy", Some(0.0)), ("kid", Some(0.0)), ("copies", Some(1.0)), ("own_nearest_samples", Some(0.5))],
        ),
        (
            "one class only",
            SOUND,
            data(COUNTS, coin, |_| 0),
            &[("linear_probe", Some(1.0)), ("knn", Some(1.0)), ("mig", None)],
        ),
        ("fewer images than features", Model { width: 200, ..SOUND }, few([24, 20, 20]), &[]),
        ("very few images", Model { width: 200, ..SOUND }, few([3, 2, 2]), &[]),
        (
            "a singular covariance",
            Model { feature: |image, index| f64::from(image[index % 2]), ..SOUND },
            sound_data(),
            &[],
        ),
        (
            "features that never vary",
            Model { feature: |_, _| 4.25, ..SOUND },
            sound_data(),
            &[("mig", Some(0.0)), ("active_units", Some(0.0))],
        ),
        (
            "features out of range",
            Model { feature: |image, _| 1e200 * f64::from(image[0]), ..SOUND },
            sound_data(),
            &[],
        ),
        ("impossible images", Model { nats: |_| f64::NEG_INFINITY, ..SOUND }, sound_data(), &[("nll", None)]),
        (
            "impossible images under a bound",
            Model { nats: |_| f64::NEG_INFINITY, exact: false, ..SOUND },
            sound_data(),
            &[("elbo", None)],
        ),
    ];
    for (case, model, data, known) in cases {
        let figures = take_all(model, data);
        check_figures(case, &figures);
        for (name, expected) in *known {
            assert_eq!(value(&figures, name), *expected, "{case}: {name}");
        }
    }
}

/// Splits of a few images, without validation images too, and sizes around the smallest that a measure accepts. Planning
/// refuses a measure for data that are too small for it; all others have figures or reasons.
#[test]
fn splits_of_any_small_size_have_figures_or_reasons() {
    let sizes = (1..4).flat_map(|train| (0..4).flat_map(move |other| (1..4).map(move |test| [train, other, test])));
    let around = [10, 20].into_iter().flat_map(|n| [[n, n, n], [n, 1, n], [1, n, n], [n, 0, n]]);
    let sets: [fn([usize; 3]) -> Dataset; 3] = [
        |counts| data(counts, coin, |image| (image % CLASSES) as u16),
        |counts| data(counts, |_| 0.0, |image| (image % CLASSES) as u16),
        |counts| data(counts, coin, |_| 0),
    ];
    for (at, counts) in sizes.chain(around).enumerate() {
        // A model with a density on every second size, else with a bound.
        let model = Model { exact: at % 2 == 0, ..SOUND };
        let set = sets[at % sets.len()](counts);
        let figures = take_all(&model, &set);
        check_figures(&format!("{counts:?}"), &figures);
        if counts[2] == 1 {
            assert_eq!(value(&figures, "active_units"), None, "one image has no variance");
        }
        if let Some(progress) = crate::progress::progress(&model, &set.validation, 0) {
            assert!(progress.value.is_finite() && progress.n > 0, "{counts:?}: {progress:?}");
        }
    }
}

/// A comparison with NaN is false, so that a share of such images could be 0 and a p-value small.
#[test]
fn no_figure_is_computed_from_nan() {
    let of_samples = [
        "fid_proxy",
        "fid_infinity",
        "kid",
        "precision",
        "recall",
        "density",
        "coverage",
        "told_apart",
        "own_nearest_samples",
        "classifier_score",
        "copies",
        "copy_ratio",
        "collapsed",
        "spread",
        "twins",
        "parzen",
        "code_purity",
        "cluster_purity",
    ];
    let of_features = [
        "linear_probe",
        "knn",
        "mig",
        "latent_mmd2",
        "latent_match_p",
        "latent_reached",
        "active_units",
        "code_accuracy",
    ];
    let of_density = ["nll", "auroc_noise", "auroc_blank", "auroc_noise_typicality"];
    for broken in [f32::NAN, f32::INFINITY] {
        let draw: fn(&mut Noise) -> f32 = if broken.is_nan() { |_| f32::NAN } else { |_| f32::INFINITY };
        let figures = take_all(&Model { draw, ..SOUND }, &sound_data());
        check_figures("samples", &figures);
        of_samples
            .iter()
            .for_each(|name| assert_eq!(value(&figures, name), None, "{name} of samples that are {broken}"));
    }
    let one = |image: &[f32], index: usize| if index == 0 { f64::NAN } else { f64::from(image[index]) };
    for feature in [one as fn(&[f32], usize) -> f64, |_, _| f64::NAN] {
        let figures = take_all(&Model { feature, ..SOUND }, &sound_data());
        check_figures("features", &figures);
        of_features.iter().for_each(|name| assert_eq!(value(&figures, name), None, "{name} of NaN features"));
    }
    let figures = take_all(&Model { nats: |_| f64::NAN, ..SOUND }, &sound_data());
    check_figures("densities", &figures);
    of_density.iter().for_each(|name| assert_eq!(value(&figures, name), None, "{name} of a NaN density"));
}

/// Measures without a figure in these cases need another capability or another kind of data.
#[test]
fn all_other_measures_have_a_figure() {
    let figures = [SOUND, Model { exact: false, ..SOUND }].map(|model| take_all(&model, &sound_data())).concat();
    let taken = |name: &&str| figures.iter().any(|figure| figure.measure == *name && figure.value.is_some());
    let untaken: Vec<_> = MEASURES.iter().map(|entry| entry.name).filter(|name| !taken(name)).collect();
    let need_more = [
        "colour_nll",
        "excess_nats",
        "receptive_field",
        "caption_accuracy",
        "restoration",
        "translation",
        "optimal_discriminator",
        "throughput",
        "counters",
        "target",
    ];
    assert_eq!(untaken, need_more);
}
