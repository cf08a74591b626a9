//! Of encoders: features are finite, one image's do not hang on its neighbours, and they tell images apart.

use data::Split;
use engine::{Encoder, Features};

use crate::subject::{Subject, subject, subjects};

fn obeys(subject: &Subject, encoder: &dyn Encoder) -> Result<(), String> {
    let images = subject.data.test.clone();
    let all = encoder.encode(&images);
    if all.width == 0 || all.values.len() != images.len() * all.width {
        return Err(format!("{} numbers of width {} for {} images", all.values.len(), all.width, images.len()));
    }
    if let Some(value) = all.values.iter().find(|value| !value.is_finite()) {
        return Err(format!("a feature of {value}"));
    }
    for (index, row) in all.rows().enumerate().take(20) {
        let alone = encoder.encode(&images.select(&[index])).values;
        if let Some((a, b)) = row.iter().zip(&alone).find(|(a, b)| (*a - *b).abs() > 1e-5) {
            return Err(format!("image {index} has {a} among others and {b} alone"));
        }
    }
    let first = all.values[..all.width].to_vec();
    let differs = |row: &[f64]| row.iter().zip(&first).any(|(a, b)| (a - b).abs() > 1e-3);
    if all.rows().any(differs) { Ok(()) } else { Err("all images look alike".to_owned()) }
}

#[test]
fn features_belong_to_their_image() {
    let mut asked = Vec::new();
    for subject in subjects() {
        let model = subject.trained();
        let Some(encoder) = model.encoder() else { continue };
        obeys(&subject, encoder).unwrap_or_else(|error| panic!("{subject}: {error}"));
        asked.push(subject.entry.name);
    }
    for name in ["vae", "nade", "made"] {
        assert!(asked.contains(&name), "{name} was not asked");
    }
}

/// Features less their mean over the images they come with.
struct Centred<'a>(&'a dyn Encoder);

impl Encoder for Centred<'_> {
    fn encode(&self, images: &Split) -> Features {
        let mut features = self.0.encode(images);
        let mean = features.values.iter().sum::<f64>() / features.values.len() as f64;
        features.values.iter_mut().for_each(|value| *value -= mean);
        features
    }
}

#[test]
fn features_that_hang_on_their_neighbours_are_caught() {
    let vae = subject("vae");
    let model = vae.trained();
    assert!(obeys(&vae, &Centred(model.encoder().expect("a VAE has an encoder"))).is_err());
}
