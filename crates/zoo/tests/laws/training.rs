//! Laws 5, 6 and 10: evaluation changes nothing, resuming changes nothing, training helps.

use burn::prelude::Device;
use data::Noise;
use engine::Trainer;
use engine::progress::progress;

use crate::subject::{Subject, flex, subject, subjects};

/// A figure that depends on every parameter: the progress quantity, to the last bit.
fn fingerprint(subject: &Subject, trainer: &dyn Trainer) -> u64 {
    let model = trainer.snapshot();
    let images = model.sampler().map(|sampler| sampler.picture(20, &mut Noise::new(9, "law", 0)).pixels);
    let value = progress(&*model, &subject.data.validation, 3).map_or(0, |progress| progress.value.to_bits());
    images.into_iter().flatten().fold(value, |hash, pixel| hash.rotate_left(5) ^ u64::from(pixel.to_bits()))
}

fn run(subject: &Subject, seed: u64, device: &Device) -> u64 {
    let mut trainer = subject.fresh(seed, device);
    subject.advance(&mut *trainer, seed, 0..8, device);
    fingerprint(subject, &*trainer)
}

#[test]
fn the_same_seed_gives_the_same_numbers_and_another_gives_others() {
    let device = flex();
    for subject in subjects() {
        assert_eq!(run(&subject, 4, &device), run(&subject, 4, &device), "{subject}");
        let closed_form = (subject.entry.closed_form)(&subject.settings);
        assert_eq!(run(&subject, 4, &device) == run(&subject, 5, &device), closed_form, "{subject}");
    }
}

#[test]
fn evaluation_changes_neither_the_model_nor_the_training_that_follows() {
    let device = flex();
    for subject in subjects() {
        let mut trainer = subject.fresh(4, &device);
        for step in 0..8 {
            let before = fingerprint(&subject, &*trainer);
            assert_eq!(before, fingerprint(&subject, &*trainer), "{subject}");
            subject.advance(&mut *trainer, 4, step..step + 1, &device);
        }
        assert_eq!(fingerprint(&subject, &*trainer), run(&subject, 4, &device), "{subject}");
    }
}

#[test]
fn a_snapshot_does_not_learn() {
    let device = flex();
    for subject in subjects() {
        let mut trainer = subject.fresh(4, &device);
        subject.advance(&mut *trainer, 4, 0..4, &device);
        let snapshot = trainer.snapshot();
        let value = |model: &dyn engine::GenerativeModel| {
            progress(model, &subject.data.validation, 3).map(|progress| progress.value)
        };
        let before = value(&*snapshot);
        subject.advance(&mut *trainer, 4, 4..8, &device);
        assert_eq!(before, value(&*snapshot), "{subject}");
        assert_ne!(before, value(&*trainer.snapshot()), "{subject}: four steps changed nothing");
    }
}

#[test]
fn resumed_is_uninterrupted_bit_for_bit() {
    let device = flex();
    for subject in subjects() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut first = subject.fresh(4, &device);
        subject.advance(&mut *first, 4, 0..3, &device);
        first.save(folder.path()).expect("state can be saved");
        // Another seed: nothing of the fresh weights may survive the loading.
        let mut second = subject.fresh(5, &device);
        second.load(folder.path()).expect("state can be loaded");
        assert_eq!(fingerprint(&subject, &*first), fingerprint(&subject, &*second), "{subject}: right after loading");
        let (a, b) = (subject.advance(&mut *first, 4, 3..8, &device), subject.advance(&mut *second, 4, 3..8, &device));
        let bits = |losses: &[f64]| losses.iter().map(|loss| loss.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&a), bits(&b), "{subject}: losses after resuming");
        assert_eq!(fingerprint(&subject, &*first), fingerprint(&subject, &*second), "{subject}: state after resuming");
    }
}

/// A resume that forgets the optimiser: Adam's moments start anew.
#[test]
fn a_forgotten_optimiser_is_caught() {
    let (device, subject) = (flex(), subject("vae"));
    let (saved, unused) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let mut first = subject.fresh(4, &device);
    subject.advance(&mut *first, 4, 0..3, &device);
    first.save(saved.path()).expect("state can be saved");
    subject.fresh(5, &device).save(unused.path()).expect("state can be saved");
    std::fs::copy(unused.path().join("optimiser.bpk"), saved.path().join("optimiser.bpk")).expect("both were saved");
    let mut second = subject.fresh(5, &device);
    second.load(saved.path()).expect("state can be loaded");
    assert_eq!(fingerprint(&subject, &*first), fingerprint(&subject, &*second), "the model itself is whole");
    assert_ne!(subject.advance(&mut *first, 4, 3..8, &device), subject.advance(&mut *second, 4, 3..8, &device));
}

#[test]
fn training_beats_initialisation() {
    let device = flex();
    for subject in subjects() {
        let mut trainer = subject.fresh(0, &device);
        let value = |trainer: &dyn Trainer| {
            progress(&*trainer.snapshot(), &subject.data.validation, 3).expect("every model has one")
        };
        let before = value(&*trainer);
        let steps = subject.steps();
        subject.advance(&mut *trainer, 0, 0..steps, &device);
        trainer.finish(&subject.data.validation);
        let after = value(&*trainer);
        // A discriminator starts near log 4 and cannot go far below it.
        let far = after.unit == "nats" && after.quantity != "discriminator_loss";
        let margin = if far { 0.5 } else { 0.05 };
        assert!(before.value - after.value > margin, "{subject}: {before:?} to {after:?}");
    }
}
