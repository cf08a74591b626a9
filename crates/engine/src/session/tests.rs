//! Tests of a training session.

use burn::prelude::Tensor;
use data::{DataShape, Split};
use protocol::Support;

use super::*;
use crate::{GenerativeModel, LossGradient, Part, Sampler, Scalars};

/// Sampler of blank images, whose training loss is always the same.
#[derive(Clone)]
struct Blank {
    loss: f32,
}

impl GenerativeModel for Blank {
    fn parameters(&self) -> u64 {
        0
    }
    fn sampler(&self) -> Option<&dyn Sampler> {
        Some(self)
    }
}

impl Sampler for Blank {
    fn support(&self) -> Support {
        Support::Binary
    }
    fn sample(&self, count: usize, _: &mut Noise) -> Split {
        Split::new(vec![0.0; 4 * count], 4)
    }
}

impl Trainer for Blank {
    fn step(&mut self, _: &Batch, _: &Step) -> Scalars {
        Scalars(vec![("loss", Tensor::from_floats([self.loss], &Device::flex()))])
    }
    fn gradients(&self, _: &Batch, _: &Step) -> Vec<LossGradient> {
        Vec::new()
    }
    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        Box::new(self.clone())
    }
    fn parts(&mut self) -> Vec<Part<'_>> {
        Vec::new()
    }
}

fn trained(loss: f32, validation: usize) -> Result<End, SessionError> {
    let counts = [8, validation, 1];
    let split = |count: usize| Split::new(vec![1.0; 4 * count], 4);
    let data = Dataset::new(DataShape::new([1, 2, 2], Support::Binary, counts), counts.map(split));
    let train = TrainSpec { keep: Keep::Best, patience: Some(1), ..TrainSpec::new(4, 4, 2) };
    let folder = tempfile::tempdir().expect("a folder");
    let session = Session {
        train: &train,
        closed_form: false,
        batches_per_step: 1,
        seed: 0,
        data: &data,
        device: &Device::flex(),
        checkpoint: &Checkpoint::new(folder.path().to_owned()),
        termination: &|| TerminationRequest::None,
    };
    session.run(&mut Blank { loss })
}

#[test]
fn too_few_validation_images_end_no_training() {
    for validation in [0, 1] {
        let end = trained(1.0, validation).expect("the model is sound");
        assert!(matches!(end, End::Trained { steps: 4, kept_step: 4, .. }), "{validation}: {end:?}");
    }
    // Two images have an energy distance: the first evaluation is the best one, and the second has no more patience.
    assert!(matches!(trained(1.0, 2), Ok(End::Trained { steps: 4, kept_step: 2, .. })));
}

#[test]
fn a_loss_that_is_not_finite_or_beyond_the_limit_has_diverged() {
    for (loss, message) in [
        (f32::NAN, "loss was not finite after step 1"),
        (f32::INFINITY, "loss was not finite after step 1"),
        (1e33, "loss above the limit of 1e12 (1.0e33) after step 1"),
        (-1e13, "loss above the limit of 1e12 (-1.0e13) after step 1"),
    ] {
        assert_eq!(trained(loss, 1).expect_err(message).to_string(), message);
    }
    assert!(trained(9e11, 1).is_ok());
}

/// A step takes its batches in the order in which steps of one batch would take them, across the ends of epochs.
#[test]
fn a_step_of_several_batches_has_the_images_of_as_many_steps() {
    let data = Dataset::new(
        DataShape::new([1, 1, 1], Support::Continuous, [10, 2, 2]),
        [10, 2, 2].map(|count| Split::new((0..count).map(|image| image as f32 / 10.0).collect(), 1)),
    );
    let train = TrainSpec::new(4, 3, 1);
    let (device, checkpoint) = (Device::flex(), Checkpoint::new(std::path::PathBuf::from("unused")));
    let taken = |batches_per_step: usize, steps: u64| {
        let session = Session {
            train: &train,
            closed_form: false,
            batches_per_step,
            seed: 7,
            data: &data,
            device: &device,
            checkpoint: &checkpoint,
            termination: &|| TerminationRequest::None,
        };
        let mut batches = Batches::new(&session);
        let pixels: Vec<f32> = (0..steps).flat_map(|step| batches.at(step).host.pixels).collect();
        assert_eq!(pixels.len() as u64, session.images(steps));
        pixels
    };
    assert_eq!(taken(2, 4), taken(1, 8));
    assert_eq!(taken(4, 2), taken(1, 8));
}
