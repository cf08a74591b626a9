//! Trainer whose snapshots have an exponential moving average of the weights.
//!
//! Polyak and Juditsky, 1992, Acceleration of Stochastic Approximation by Averaging; the rate rises as in
//! [`nn::average::after_step`].

use std::cell::RefCell;
use std::path::Path;

use ::nn::average::Averages;
use burn::prelude::Tensor;
use data::Split;

use crate::trainer::visit_elements;
use crate::{Batch, Element, GenerativeModel, LossGradient, Part, RecordError, Scalars, Step, Trainer};

/// Name of the averages in a checkpoint.
const PART: &str = "ema";

/// Trains another trainer and averages the weights of all its modules. Training does not depend on the average.
pub(crate) struct Averaged {
    /// A snapshot exchanges the weights for a moment.
    inner: RefCell<Box<dyn Trainer>>,
    averages: Averages,
    keep: f64,
}

impl Averaged {
    /// Averages the weights of `inner` with the decay `keep`. Returns `None` if it has no modules.
    pub(crate) fn new(mut inner: Box<dyn Trainer>, keep: f64) -> Option<Self> {
        let numbers = numbers(&mut *inner);
        let averages = Averages::new(numbers);
        (!averages.values().is_empty()).then(|| Self { inner: RefCell::new(inner), averages, keep })
    }
}

/// The numbers of all modules of a trainer.
fn numbers(trainer: &mut dyn Trainer) -> Vec<Tensor<1>> {
    let mut all = Vec::new();
    visit_elements(trainer, &mut |element| {
        if let Element::Weights(weights) = element {
            all.extend(weights.numbers());
        }
    });
    all
}

/// Replaces the numbers of all modules of a trainer; returns the previous ones.
fn exchange(trainer: &mut dyn Trainer, new: Vec<Tensor<1>>) -> Vec<Tensor<1>> {
    let (mut before, mut new) = (Vec::new(), new.into_iter());
    visit_elements(trainer, &mut |element| {
        if let Element::Weights(weights) = element {
            let own = weights.numbers();
            weights.replace(new.by_ref().take(own.len()).collect());
            before.extend(own);
        }
    });
    before
}

impl Trainer for Averaged {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        let inner = &mut **self.inner.get_mut();
        let scalars = inner.step(batch, at);
        self.averages = self.averages.clone().after_step(numbers(inner), self.keep, at.index);
        scalars
    }

    fn gradients(&self, batch: &Batch, at: &Step) -> Vec<LossGradient> {
        self.inner.borrow().gradients(batch, at)
    }

    fn finish(&mut self, validation: &Split) {
        self.inner.get_mut().finish(validation);
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        let mut inner = self.inner.borrow_mut();
        let trained = exchange(&mut **inner, self.averages.values());
        let model = inner.snapshot();
        exchange(&mut **inner, trained);
        model
    }

    fn parts(&mut self) -> Vec<Part<'_>> {
        let mut parts = self.inner.get_mut().parts();
        parts.push(Part::module(PART, &mut self.averages));
        parts
    }

    fn save(&mut self, dir: &Path) -> Result<(), RecordError> {
        self.inner.get_mut().save(dir)?;
        Part::module(PART, &mut self.averages).save(dir)
    }

    fn load(&mut self, dir: &Path) -> Result<(), RecordError> {
        self.inner.get_mut().load(dir)?;
        Part::module(PART, &mut self.averages).load(dir)
    }
}
