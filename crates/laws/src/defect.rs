//! Defects that a law must catch, and a trainer with a defect.

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;

use data::Split;
use engine::{Batch, GenerativeModel, LossGradient, ModelEntry, Part, RecordError, Saved, Scalars, Step, Trainer};

/// Function that puts a defect into a trainer or its snapshots.
pub type Wrap = fn(Box<dyn Trainer>) -> Box<dyn Trainer>;

/// Mistake that a law must catch.
#[derive(Clone, Copy)]
pub struct Defect {
    /// Name in messages.
    pub name: &'static str,
    /// Description in one line.
    pub statement: &'static str,
    /// Part of the message of the law about the defect.
    pub message: &'static str,
    /// Implementation of the mistake.
    pub target: DefectIn,
}

/// Location of a defect.
#[derive(Clone, Copy)]
pub enum DefectIn {
    /// Training or snapshots of any model.
    Trainer(Wrap),
    /// Separate broken model, with its settings.
    Model(fn() -> ModelEntry),
}

pub(crate) type Inner = Rc<RefCell<Box<dyn Trainer>>>;

type StepFn = dyn Fn(&Inner, &Batch, &Step) -> Scalars;
type SnapshotFn = dyn Fn(&Inner) -> Box<dyn GenerativeModel>;
type FileFn = dyn Fn(&Inner, &Path) -> Result<(), RecordError>;

/// Trainer with replaceable methods.
pub(crate) struct Faulty {
    inner: Inner,
    step: Box<StepFn>,
    snapshot: Box<SnapshotFn>,
    save: Box<FileFn>,
    load: Box<FileFn>,
}

impl Faulty {
    /// Returns a trainer without a defect.
    pub(crate) fn new(inner: Box<dyn Trainer>) -> Self {
        Self {
            inner: Rc::new(RefCell::new(inner)),
            step: Box::new(|inner, batch, at| inner.borrow_mut().step(batch, at)),
            snapshot: Box::new(|inner| inner.borrow().snapshot()),
            save: Box::new(|inner, dir| inner.borrow_mut().save(dir)),
            load: Box::new(|inner, dir| inner.borrow_mut().load(dir)),
        }
    }

    pub(crate) fn step(self, step: impl Fn(&Inner, &Batch, &Step) -> Scalars + 'static) -> Self {
        Self { step: Box::new(step), ..self }
    }

    pub(crate) fn snapshot(self, snapshot: impl Fn(&Inner) -> Box<dyn GenerativeModel> + 'static) -> Self {
        Self { snapshot: Box::new(snapshot), ..self }
    }

    pub(crate) fn save(self, save: impl Fn(&Inner, &Path) -> Result<(), RecordError> + 'static) -> Self {
        Self { save: Box::new(save), ..self }
    }

    pub(crate) fn load(self, load: impl Fn(&Inner, &Path) -> Result<(), RecordError> + 'static) -> Self {
        Self { load: Box::new(load), ..self }
    }
}

/// Returns a trainer with altered snapshots.
pub(crate) fn altered<M: GenerativeModel + 'static>(
    trainer: Box<dyn Trainer>,
    alter: impl Fn(Box<dyn GenerativeModel>) -> M + 'static,
) -> Box<dyn Trainer> {
    Box::new(Faulty::new(trainer).snapshot(move |inner| Box::new(alter(inner.borrow().snapshot()))))
}

impl Trainer for Faulty {
    fn step(&mut self, batch: &Batch, at: &Step) -> Scalars {
        (self.step)(&self.inner, batch, at)
    }

    fn gradients(&self, batch: &Batch, at: &Step) -> Vec<LossGradient> {
        self.inner.borrow().gradients(batch, at)
    }

    fn finish(&mut self, validation: &Split) {
        self.inner.borrow_mut().finish(validation);
    }

    fn snapshot(&self) -> Box<dyn GenerativeModel> {
        (self.snapshot)(&self.inner)
    }

    fn parts(&mut self) -> Vec<Part<'_>> {
        vec![Part::own("faulty", FaultyPart(self))]
    }

    fn save(&mut self, dir: &Path) -> Result<(), RecordError> {
        (self.save)(&self.inner, dir)
    }

    fn load(&mut self, dir: &Path) -> Result<(), RecordError> {
        (self.load)(&self.inner, dir)
    }
}

/// State of the inner trainer, saved in its own folder.
struct FaultyPart<'a>(&'a mut Faulty);

impl Saved for FaultyPart<'_> {
    fn save(&mut self, dir: &Path, _name: &str) -> Result<(), RecordError> {
        Trainer::save(self.0, dir)
    }

    fn load(&mut self, dir: &Path, _name: &str) -> Result<(), RecordError> {
        Trainer::load(self.0, dir)
    }
}
