//! Arguments of `sample`, `score` and `audit`.

use std::path::PathBuf;

use clap::Args;

/// Examples and exit codes of `sample`.
pub(super) const SAMPLE: &str = "Example:
  genbench sample results/quickstart/trials/0123456789ab --count 64 --seed 7 --out samples.png";

/// Examples and exit codes of `score`.
pub(super) const SCORE: &str = "Examples:
  genbench score results/quickstart/trials/0123456789ab test
  genbench score results/mnist10k/trials/0123456789ab t10k-images-idx3-ubyte.gz > nats.csv

For a model with a bound only, the importance-weighted lower bound is printed.";

/// Examples and exit codes of `audit`.
pub(super) const AUDIT: &str = "Example:
  genbench audit --images 100,500,2000 --seeds 0,1,2

Writes audit.md, audit.svg, agreement.csv, features.csv and scores.csv to results/audit.";

#[derive(Debug, Args)]
pub(crate) struct SampleArgs {
    /// Folder of the trial, such as results/NAME/trials/ID.
    pub(crate) trial: PathBuf,
    /// Number of images, 1 to 10,000.
    #[arg(long, default_value_t = 64, value_parser = sheet_images)]
    pub(crate) count: usize,
    /// Seed of the samples.
    #[arg(long, default_value_t = 0)]
    pub(crate) seed: u64,
    /// Draw the pixel means instead of sampled pixels, if the model has means.
    #[arg(long)]
    pub(crate) means: bool,
    /// PNG file to write.
    #[arg(long, default_value = "samples.png")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ScoreArgs {
    /// Folder of the trial, such as results/NAME/trials/ID.
    pub(crate) trial: PathBuf,
    /// Images: a file in the IDX format of MNIST, plain or .gz, or `test` for the trial's test split.
    pub(crate) images: PathBuf,
    /// Importance samples per image for a model with a bound, 1 to 1,000,000.
    #[arg(long, default_value_t = 50, value_parser = importance_samples)]
    pub(crate) k: usize,
}

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// Numbers of test images (as many samples are drawn), separated by commas; each from 100 to 2000.
    #[arg(long, value_delimiter = ',', default_values_t = [100, 500, 2000], value_parser = audited_images)]
    pub(crate) images: Vec<usize>,
    /// Seeds of the data and the samples, separated by commas.
    #[arg(long, value_delimiter = ',', default_values_t = [0, 1, 2], value_parser = super::grid::seed)]
    pub(crate) seeds: Vec<u64>,
    /// Folder of all results; the audit is written to its subfolder `audit`.
    #[arg(long, default_value = "results")]
    pub(crate) results: PathBuf,
    /// Print warnings and errors only.
    #[arg(long)]
    pub(crate) quiet: bool,
}

fn sheet_images(written: &str) -> Result<usize, String> {
    count(written, 10_000)
}

fn importance_samples(written: &str) -> Result<usize, String> {
    count(written, 1_000_000)
}

fn count(written: &str, most: usize) -> Result<usize, String> {
    written.parse().ok().filter(|count| (1..=most).contains(count)).ok_or(format!("expected a number from 1 to {most}"))
}

fn audited_images(written: &str) -> Result<usize, String> {
    match written.parse() {
        Ok(images @ 100..=2000) => Ok(images),
        _ => Err("expected a whole number from 100 to 2000".to_owned()),
    }
}
