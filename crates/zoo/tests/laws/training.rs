//! Laws 5, 6 and 10: evaluation changes nothing, resuming changes nothing, training helps.

use burn::prelude::Device;
use data::Noise;
use engine::progress::progress;
use engine::{Budget, ModelEntry, Trainer};

use crate::subject::{advance, data, entries, flex, fresh, steps};

/// A figure that depends on every parameter: the progress quantity, to the last bit.
fn fingerprint(trainer: &dyn Trainer) -> u64 {
    let model = trainer.snapshot();
    let images = model.sampler().map(|sampler| sampler.picture(20, &mut Noise::new(9, "law", 0)).pixels);
    let value = progress(&*model, &data().validation, 3).map_or(0, |progress| progress.value.to_bits());
    images.into_iter().flatten().fold(value, |hash, pixel| hash.rotate_left(5) ^ u64::from(pixel.to_bits()))
}

fn run(entry: &ModelEntry, seed: u64, device: &Device) -> u64 {
    let mut trainer = fresh(entry, seed, device);
    advance(&mut *trainer, seed, 0, 8, device);
    fingerprint(&*trainer)
}

#[test]
fn the_same_seed_gives_the_same_numbers_and_another_gives_others() {
    let device = flex();
    for entry in entries() {
        assert_eq!(run(entry, 4, &device), run(entry, 4, &device), "{}", entry.name);
        let closed_form = fresh(entry, 0, &device).budget() == Budget::OnePass;
        assert_eq!(run(entry, 4, &device) == run(entry, 5, &device), closed_form, "{}", entry.name);
    }
}

#[test]
fn evaluation_changes_neither_the_model_nor_the_training_that_follows() {
    let device = flex();
    for entry in entries() {
        let mut trainer = fresh(entry, 4, &device);
        for step in 0..8 {
            let before = fingerprint(&*trainer);
            assert_eq!(before, fingerprint(&*trainer), "{}", entry.name);
            advance(&mut *trainer, 4, step, step + 1, &device);
        }
        assert_eq!(fingerprint(&*trainer), run(entry, 4, &device), "{}", entry.name);
    }
}

#[test]
fn a_snapshot_does_not_learn() {
    let device = flex();
    for entry in entries() {
        let mut trainer = fresh(entry, 4, &device);
        advance(&mut *trainer, 4, 0, 4, &device);
        let snapshot = trainer.snapshot();
        let value =
            |model: &dyn engine::GenerativeModel| progress(model, &data().validation, 3).map(|progress| progress.value);
        let before = value(&*snapshot);
        advance(&mut *trainer, 4, 4, 8, &device);
        assert_eq!(before, value(&*snapshot), "{}", entry.name);
        assert_ne!(before, value(&*trainer.snapshot()), "{}: four steps changed nothing", entry.name);
    }
}

#[test]
fn resumed_is_uninterrupted_bit_for_bit() {
    let device = flex();
    for entry in entries() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut first = fresh(entry, 4, &device);
        advance(&mut *first, 4, 0, 3, &device);
        first.save(folder.path()).expect("state can be saved");
        // Another seed: nothing of the fresh weights may survive the loading.
        let mut second = fresh(entry, 5, &device);
        second.load(folder.path()).expect("state can be loaded");
        assert_eq!(fingerprint(&*first), fingerprint(&*second), "{}: right after loading", entry.name);
        let (a, b) = (advance(&mut *first, 4, 3, 8, &device), advance(&mut *second, 4, 3, 8, &device));
        let bits = |losses: &[f64]| losses.iter().map(|loss| loss.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&a), bits(&b), "{}: losses after resuming", entry.name);
        assert_eq!(fingerprint(&*first), fingerprint(&*second), "{}: state after resuming", entry.name);
    }
}

/// A resume that forgets the optimiser: Adam's moments start anew.
#[test]
fn a_forgotten_optimiser_is_caught() {
    let (device, entry) = (flex(), zoo::find("vae").expect("registered"));
    let (saved, unused) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let mut first = fresh(entry, 4, &device);
    advance(&mut *first, 4, 0, 3, &device);
    first.save(saved.path()).expect("state can be saved");
    fresh(entry, 5, &device).save(unused.path()).expect("state can be saved");
    std::fs::copy(unused.path().join("optimiser.bpk"), saved.path().join("optimiser.bpk")).expect("both were saved");
    let mut second = fresh(entry, 5, &device);
    second.load(saved.path()).expect("state can be loaded");
    assert_eq!(fingerprint(&*first), fingerprint(&*second), "the model itself is whole");
    assert_ne!(advance(&mut *first, 4, 3, 8, &device), advance(&mut *second, 4, 3, 8, &device));
}

#[test]
fn training_beats_initialisation() {
    let device = flex();
    for entry in entries() {
        let mut trainer = fresh(entry, 0, &device);
        let value =
            |trainer: &dyn Trainer| progress(&*trainer.snapshot(), &data().validation, 3).expect("every model has one");
        let before = value(&*trainer);
        let steps = steps(&*trainer);
        advance(&mut *trainer, 0, 0, steps, &device);
        trainer.finish(&data().validation);
        let after = value(&*trainer);
        let margin = if before.unit == "nats" { 0.5 } else { 0.05 };
        assert!(before.value - after.value > margin, "{}: {before:?} to {after:?}", entry.name);
    }
}
