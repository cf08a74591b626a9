//! Modules and tensors to and from the host and the disk.

use std::path::Path;

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::ModuleOptimizer;
use burn::prelude::*;
use burn::store::ModuleRecord;
use data::Split;

use crate::{Features, RecordError};

/// Puts images on `device`, `[images, pixels]`.
#[must_use]
pub fn upload(images: &Split, device: &Device) -> Tensor<2> {
    let shape = [images.len(), images.image_len];
    Tensor::from_data(TensorData::new(images.pixels.clone(), shape), device)
}

/// The numbers of a tensor, in row-major order.
#[must_use]
pub fn to_host<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec_as().expect("every number of a tensor is a number of 32 bits")
}

/// Features on the host, of `[images, features]`.
impl From<Tensor<2>> for Features {
    fn from(values: Tensor<2>) -> Self {
        let [_, width] = values.dims();
        Self { values: to_host(values).into_iter().map(f64::from).collect(), width }
    }
}

/// The number of parameters that training changes by their gradients: running statistics and other
/// state that is saved with a module are none.
pub fn parameter_count(module: &impl Module) -> u64 {
    let mut count = Count(0);
    module.visit(&mut count);
    count.0
}

struct Count(u64);

impl ModuleVisitor for Count {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        // A snapshot has no gradients, but what had some still has on the way back to training.
        let trains = if param.val().device().is_autodiff() {
            param.is_require_grad()
        } else {
            param.clone().train().is_require_grad()
        };
        if trains {
            self.0 += param.val().shape().num_elements() as u64;
        }
    }
}

/// Saves a module as `dir/name.bpk`.
///
/// # Errors
/// The file cannot be written.
pub fn save_module<M: Module>(module: &M, dir: &Path, name: &str) -> Result<(), RecordError> {
    // Running statistics are synchronised by `valid`, not by `into_record`: without this line the
    // saved ones lag one step behind.
    let _ = module.valid();
    let path = dir.join(name);
    module.clone().into_record().save(&path).map_err(|error| RecordError::new(&path, error))
}

/// Loads a module saved by [`save_module`].
///
/// # Errors
/// The file cannot be read or holds another module.
pub fn load_module<M: Module>(module: M, dir: &Path, name: &str) -> Result<M, RecordError> {
    let path = dir.join(name);
    let record = ModuleRecord::load(&path).map_err(|error| RecordError::new(&path, error))?;
    module.try_load_record(record).map_err(|error| RecordError::new(&path, error))
}

/// Saves an optimiser's state as `dir/name.bpk`.
///
/// # Errors
/// The file cannot be written.
pub fn save_optimiser(optimiser: &ModuleOptimizer, dir: &Path, name: &str) -> Result<(), RecordError> {
    let path = dir.join(name);
    optimiser.save(&path).map_err(|error| RecordError::new(&path, error))
}

/// Loads a state saved by [`save_optimiser`].
///
/// # Errors
/// The file cannot be read.
pub fn load_optimiser(optimiser: ModuleOptimizer, dir: &Path, name: &str) -> Result<ModuleOptimizer, RecordError> {
    let path = dir.join(name);
    optimiser.load(&path).map_err(|error| RecordError::new(&path, error))
}
