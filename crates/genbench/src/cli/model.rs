//! Trained models, and the audit of measures.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct SampleArgs {
    /// The trial's folder.
    pub(crate) trial: PathBuf,
    /// How many images.
    #[arg(long, default_value_t = 64)]
    pub(crate) count: usize,
    /// The seed of the draws.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Means instead of draws, where the model has them.
    #[arg(long)]
    pub(crate) means: bool,
    /// The PNG file.
    #[arg(long, default_value = "samples.png")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ScoreArgs {
    /// The trial's folder.
    pub(crate) trial: PathBuf,
    /// Images in MNIST's file format, plain or .gz; `test` scores the trial's own test split.
    pub(crate) images: PathBuf,
    /// Importance draws for a model with a bound.
    #[arg(long, default_value_t = 50)]
    pub(crate) k: usize,
}

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// Numbers of test images, each with as many samples: at least 100, at most 2000.
    #[arg(long, value_delimiter = ',', default_values_t = [100, 500, 2000], value_parser = audited_images)]
    pub(crate) images: Vec<usize>,
    /// Seeds of data and samples.
    #[arg(long, value_delimiter = ',', default_values_t = [0, 1, 2])]
    pub(crate) seeds: Vec<u64>,
    /// The folder of all results; the findings go to its folder `audit`.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    /// No progress.
    #[arg(long)]
    pub(crate) quiet: bool,
}

fn audited_images(written: &str) -> Result<usize, String> {
    match written.parse() {
        Ok(images @ 100..=2000) => Ok(images),
        _ => Err("a whole number from 100 to 2000".to_owned()),
    }
}
