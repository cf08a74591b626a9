//! Training of extractors: once per data set, then loaded from the cache.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use ::nn::{load_module, save_module};
use burn::module::Module;
use burn::prelude::*;
use data::{Dataset, Noise, Split};
use protocol::atomic;

use crate::{RecordError, descend};

const EPOCHS: u64 = 30;
const BATCH: usize = 64;

/// A network with a training loss, whose hidden features are used afterwards.
pub(super) trait Learned: Module {
    /// Name of its file.
    const FILE: &'static str;

    /// Features `[image][feature]` of images `[image][pixel]`.
    fn features(&self, x: Tensor<2>) -> Tensor<2>;

    /// Training loss of a batch, of shape `[1]`.
    fn loss(&self, batch: &Split, device: &Device) -> Tensor<1>;

    /// Score on images outside of the training split; higher is better.
    fn score(&self, images: &Split) -> f64;
}

/// Loads a network from `folder`, or trains and saves it; returns it with its score on the validation split.
///
/// A file lock ensures that only one of several workers trains.
pub(super) fn obtain<M: Learned>(
    new: impl Fn(&Device) -> M,
    data: &Dataset,
    folder: &Path,
) -> Result<(M, f64), RecordError> {
    let io = |error| RecordError::new(folder, error);
    // Otherwise the files would lie in whatever folder the process runs in.
    if folder.parent().is_none_or(|cache| cache.as_os_str().is_empty()) {
        return Err(io(io::Error::new(io::ErrorKind::InvalidInput, "the subject has no cache folder")));
    }
    fs::create_dir_all(folder).map_err(io)?;
    let lock = File::create(folder.join("lock")).map_err(io)?;
    lock.lock().map_err(io)?;
    let device = Device::flex().autodiff();
    let mut model = new(&device);
    let known = folder.join("extractor.json");
    if known.exists() {
        model = load_module(model, folder, M::FILE)?;
        let score: f64 = atomic::read_json(&known).map_err(io)?;
        return Ok((model.valid(), score));
    }
    let _span = tracing::info_span!("extractor").entered();
    let mut optimiser = ::nn::adam(0.9);
    let per_epoch = (data.train.len() / BATCH).max(1);
    for epoch in 0..EPOCHS {
        let order = Noise::new(0, "extractor/batches", epoch).permutation(data.train.len());
        for (batch, indices) in order.chunks(BATCH).take(per_epoch).enumerate() {
            let step = epoch * per_epoch as u64 + batch as u64;
            let loss = model.loss(&data.batch(indices, step), &device);
            let lr = 1e-3 * (1.0 - step as f64 / (EPOCHS * per_epoch as u64) as f64);
            model = descend(&mut optimiser, lr, model, loss);
        }
        crate::trace::progress("extractor", epoch + 1, EPOCHS);
    }
    let model = model.valid();
    let score = if data.validation.is_empty() { 0.0 } else { model.score(&data.validation) };
    tracing::info!(name: "extractor_trained", network = M::FILE, score, n = data.validation.len());
    save_module(&model, folder, M::FILE)?;
    atomic::write_json(&known, &score).map_err(io)?;
    Ok((model, score))
}
