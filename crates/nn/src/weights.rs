//! Transfer of tensors and modules between device, host and disk.

use std::path::Path;

use burn::module::{Module, ModuleVisitor, Param};
use burn::prelude::*;
use burn::store::ModuleRecord;
use data::Split;
use protocol::RecordError;

/// Uploads images to `device` as `[images, pixels]`.
#[must_use]
pub fn upload(images: &Split, device: &Device) -> Tensor<2> {
    let shape = [images.len(), images.image_len];
    Tensor::from_data(TensorData::new(images.pixels.clone(), shape), device)
}

/// Copies the numbers of a tensor to the host, in row-major order.
///
/// # Panics
/// If the numbers are not f32.
#[must_use]
pub fn to_host<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec_as().expect("the tensor is f32")
}

/// Number of trained parameters. Running statistics and other saved state do not count.
#[must_use]
pub fn parameter_count(module: &impl Module) -> u64 {
    let mut count = Count(0);
    module.visit(&mut count);
    count.0
}

struct Count(u64);

impl ModuleVisitor for Count {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        // Parameters of a snapshot require gradients only in training mode.
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
    // `valid` synchronises running statistics, `into_record` does not. Without this line the saved statistics are one
    // step old.
    let _ = module.valid();
    let path = dir.join(name);
    module.clone().into_record().save(&path).map_err(|error| RecordError::new(&path, error))
}

/// Loads a module saved by [`save_module`].
///
/// # Errors
/// The file cannot be read, or contains another module.
pub fn load_module<M: Module>(module: M, dir: &Path, name: &str) -> Result<M, RecordError> {
    let path = dir.join(name);
    let record = ModuleRecord::load(&path).map_err(|error| RecordError::new(&path, error))?;
    module.try_load_record(record).map_err(|error| RecordError::new(&path, error))
}
