//! Parts of a trainer's state: declared once, saved and loaded by name.

use std::path::Path;

use burn::module::Module;
use burn::prelude::Tensor;
use nn::average::{flat, with_flat};
use nn::{Optimiser, load_module, save_module};
use protocol::{RecordError, atomic};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// State that writes its own files.
pub trait Saved {
    /// Saves the state as files of `dir` whose names begin with `name`.
    ///
    /// # Errors
    /// A file cannot be written.
    fn save(&mut self, dir: &Path, name: &str) -> Result<(), RecordError>;

    /// Restores the state that [`Saved::save`] saved.
    ///
    /// # Errors
    /// A file cannot be read, or its content does not match the state.
    fn load(&mut self, dir: &Path, name: &str) -> Result<(), RecordError>;

    /// Calls `visit` with every module and optimiser of the state, in a fixed order. The default is for state without
    /// them.
    fn visit(&mut self, _visit: &mut dyn FnMut(Element<'_>)) {}
}

/// A module or an optimiser of a trainer.
pub enum Element<'a> {
    /// Weights of a module.
    Weights(&'a mut dyn Weights),
    /// An optimiser.
    Optimiser(&'a mut Optimiser),
}

/// Weights of a module with its type erased.
pub trait Weights {
    /// The numbers, as [`nn::average::flat`] returns them.
    fn numbers(&self) -> Vec<Tensor<1>>;

    /// Replaces the numbers.
    fn replace(&mut self, numbers: Vec<Tensor<1>>);
}

/// One part of a trainer's state, with its name in the checkpoint folder.
///
/// ```
/// use burn::prelude::*;
/// use ::nn::Optimiser;
/// use engine::Part;
///
/// struct MyTrainer {
///     model: ::nn::Dense,
///     optimiser: Optimiser,
/// }
///
/// impl MyTrainer {
///     fn parts(&mut self) -> Vec<Part<'_>> {
///         vec![Part::module("model", &mut self.model), Part::optimiser("optimiser", &mut self.optimiser)]
///     }
/// }
///
/// let device = Device::flex().autodiff();
/// let model = ::nn::Dense::new(2, 1, &mut ::nn::Noise::new(0, "example", 0), &device);
/// let mut trainer = MyTrainer { model, optimiser: ::nn::adam(0.9) };
/// assert_eq!(trainer.parts().len(), 2);
/// ```
pub struct Part<'a> {
    name: &'static str,
    state: Box<dyn Saved + 'a>,
}

impl<'a> Part<'a> {
    /// Part for a module, saved as `name.bpk`. List modules before their optimisers: a module restores the parameter
    /// ids that key the state of the optimiser.
    pub fn module<M: Module>(name: &'static str, module: &'a mut M) -> Self {
        Self::own(name, ModulePart(module))
    }

    /// Part for the state of an optimiser, saved as `name.bpk`.
    pub fn optimiser(name: &'static str, optimiser: &'a mut Optimiser) -> Self {
        Self::own(name, OptimiserPart(optimiser))
    }

    /// Part for plain data, saved as `name.json`.
    pub fn json<T: Serialize + DeserializeOwned>(name: &'static str, value: &'a mut T) -> Self {
        Self::own(name, JsonPart(value))
    }

    /// Part for state that writes its own files, such as another trainer.
    pub fn own(name: &'static str, state: impl Saved + 'a) -> Self {
        Self { name, state: Box::new(state) }
    }

    /// Saves the part into `dir`.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn save(&mut self, dir: &Path) -> Result<(), RecordError> {
        self.state.save(dir, self.name)
    }

    /// Restores the part from `dir`.
    ///
    /// # Errors
    /// A file cannot be read, or its content does not match the state.
    pub fn load(&mut self, dir: &Path) -> Result<(), RecordError> {
        self.state.load(dir, self.name)
    }

    /// Calls `visit` with every module and optimiser of the part.
    pub fn visit(&mut self, visit: &mut dyn FnMut(Element<'_>)) {
        self.state.visit(visit);
    }
}

impl<T: Saved> Saved for &mut T {
    fn save(&mut self, dir: &Path, name: &str) -> Result<(), RecordError> {
        T::save(self, dir, name)
    }

    fn load(&mut self, dir: &Path, name: &str) -> Result<(), RecordError> {
        T::load(self, dir, name)
    }

    fn visit(&mut self, visit: &mut dyn FnMut(Element<'_>)) {
        T::visit(self, visit);
    }
}

struct ModulePart<'a, M>(&'a mut M);

impl<M: Module> Saved for ModulePart<'_, M> {
    fn save(&mut self, dir: &Path, name: &str) -> Result<(), RecordError> {
        save_module(&*self.0, dir, name)
    }

    fn load(&mut self, dir: &Path, name: &str) -> Result<(), RecordError> {
        *self.0 = load_module(self.0.clone(), dir, name)?;
        Ok(())
    }

    fn visit(&mut self, visit: &mut dyn FnMut(Element<'_>)) {
        visit(Element::Weights(self));
    }
}

impl<M: Module> Weights for ModulePart<'_, M> {
    fn numbers(&self) -> Vec<Tensor<1>> {
        flat(&*self.0)
    }

    fn replace(&mut self, numbers: Vec<Tensor<1>>) {
        *self.0 = with_flat(self.0.clone(), numbers);
    }
}

struct OptimiserPart<'a>(&'a mut Optimiser);

impl Saved for OptimiserPart<'_> {
    fn save(&mut self, dir: &Path, name: &str) -> Result<(), RecordError> {
        self.0.save(dir, name)
    }

    fn load(&mut self, dir: &Path, name: &str) -> Result<(), RecordError> {
        self.0.load(dir, name)
    }

    fn visit(&mut self, visit: &mut dyn FnMut(Element<'_>)) {
        visit(Element::Optimiser(self.0));
    }
}

struct JsonPart<'a, T>(&'a mut T);

impl<T: Serialize + DeserializeOwned> Saved for JsonPart<'_, T> {
    fn save(&mut self, dir: &Path, name: &str) -> Result<(), RecordError> {
        let path = dir.join(format!("{name}.json"));
        atomic::write_json(&path, &*self.0).map_err(|error| RecordError::new(&path, error))
    }

    fn load(&mut self, dir: &Path, name: &str) -> Result<(), RecordError> {
        let path = dir.join(format!("{name}.json"));
        *self.0 = atomic::read_json(&path).map_err(|error| RecordError::new(&path, error))?;
        Ok(())
    }
}
