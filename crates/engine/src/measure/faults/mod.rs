//! What breaks metrics, put before every measure there is: no figure may be NaN or infinite, none may be made of
//! what is not a number, and where there is none there is a reason.

mod model;

use data::{DataShape, Dataset, Noise, Split};
use protocol::{Measurement, Support};
use serde_json::json;

use self::model::{Model, SOUND};
use super::{MEASURES, Subject};

const PIXELS: usize = 16;
const CLASSES: usize = 2;

/// So many training, validation and test images, each pixel and label by a rule.
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

/// Settings under which nothing takes long.
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

/// Every measure's figures; a measure that planning refuses for such data has none.
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

#[track_caller]
fn lawful(case: &str, figures: &[Measurement]) {
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

/// Each case with the figures that are known in it.
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
            Model { feature: |image, place| f64::from(image[place % 2]), ..SOUND },
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
        lawful(case, &figures);
        for (name, expected) in *known {
            assert_eq!(value(&figures, name), *expected, "{case}: {name}");
        }
    }
}

/// A comparison with what is not a number is false: without care a share of such images is 0, and a p-value small.
#[test]
fn nothing_is_made_of_what_is_not_a_number() {
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
    ];
    let of_features = ["linear_probe", "knn", "mig", "latent_mmd2", "latent_match_p", "active_units", "code_accuracy"];
    let of_density = ["nll", "auroc_noise", "auroc_blank", "auroc_noise_typicality"];
    for broken in [f32::NAN, f32::INFINITY] {
        let draw: fn(&mut Noise) -> f32 = if broken.is_nan() { |_| f32::NAN } else { |_| f32::INFINITY };
        let figures = take_all(&Model { draw, ..SOUND }, &sound_data());
        lawful("samples", &figures);
        of_samples
            .iter()
            .for_each(|name| assert_eq!(value(&figures, name), None, "{name} of samples that are {broken}"));
    }
    let one = |image: &[f32], place: usize| if place == 0 { f64::NAN } else { f64::from(image[place]) };
    for feature in [one as fn(&[f32], usize) -> f64, |_, _| f64::NAN] {
        let figures = take_all(&Model { feature, ..SOUND }, &sound_data());
        lawful("features", &figures);
        of_features.iter().for_each(|name| assert_eq!(value(&figures, name), None, "{name} of NaN features"));
    }
    let figures = take_all(&Model { nats: |_| f64::NAN, ..SOUND }, &sound_data());
    lawful("densities", &figures);
    of_density.iter().for_each(|name| assert_eq!(value(&figures, name), None, "{name} of a NaN density"));
}

/// What these cases reach: a measure that asks for another capability, or for data of another kind, says so.
#[test]
fn only_what_asks_for_more_is_not_taken() {
    let figures = [SOUND, Model { exact: false, ..SOUND }].map(|model| take_all(&model, &sound_data())).concat();
    let taken = |name: &&str| figures.iter().any(|figure| figure.measure == *name && figure.value.is_some());
    let untaken: Vec<_> = MEASURES.iter().map(|entry| entry.name).filter(|name| !taken(name)).collect();
    let asks_for_more = [
        "excess_nats",
        "receptive_field",
        "caption_accuracy",
        "restoration",
        "translation",
        "optimal_discriminator",
        "throughput",
        "target",
    ];
    assert_eq!(untaken, asks_for_more);
}
