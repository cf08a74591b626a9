//! `sample` and `score`: a trained model put to use.

use std::io::Write;
use std::path::Path;

use data::Noise;
use protocol::{Trial, TrialDir, exit};

use super::Failure;
use crate::cli::{SampleArgs, ScoreArgs};
use crate::trained::{self, Parts};
use crate::worker::settle_environment;

fn load(folder: &Path) -> Result<(TrialDir, Trial, Parts), Failure> {
    let dir = TrialDir(folder.to_owned());
    let trial = trained::read_trial(&dir)?;
    settle_environment(&trial.device)?;
    let parts = Parts::load(&trial).map_err(Failure::usage)?;
    Ok((dir, trial, parts))
}

/// Draws a sheet of images.
pub(crate) fn sample(args: &SampleArgs) -> Result<u8, Failure> {
    let (dir, trial, parts) = load(&args.trial)?;
    let model = parts.trained(&trial, &dir).map_err(Failure::usage)?.snapshot();
    let sampler = model.sampler().ok_or_else(|| Failure::usage(format!("`{}` cannot be sampled", trial.model.name)))?;
    let mut noise = Noise::new(args.seed, "sample", 0);
    let images =
        if args.means { sampler.picture(args.count, &mut noise) } else { sampler.sample(args.count, &mut noise) };
    let columns = (args.count as f64).sqrt().ceil() as usize;
    engine::sheet::write(&args.out, &images, &parts.data.shape, columns)?;
    println!("{}", args.out.display());
    Ok(exit::DONE)
}

/// Prints the log-density of each image, or the bound on it that the model has.
pub(crate) fn score(args: &ScoreArgs) -> Result<u8, Failure> {
    let (dir, trial, parts) = load(&args.trial)?;
    let model = parts.trained(&trial, &dir).map_err(Failure::usage)?.snapshot();
    let images = parts.data.test.clone();
    let (name, nats) = if let Some(density) = model.density() {
        ("log_density_nats".to_owned(), density.log_density(&images))
    } else if let Some(bound) = model.bound() {
        let nats = bound.iwae(&images, args.k, &mut Noise::new(trial.seed, "score", 0));
        (format!("log_density_iwae_{}_lower_bound_nats", args.k), nats)
    } else {
        return Err(Failure::usage(format!("`{}` has no density and no bound on one", trial.model.name)));
    };
    let mut out = std::io::stdout().lock();
    writeln!(out, "image,{name}")?;
    for (index, nats) in nats.iter().enumerate() {
        writeln!(out, "{index},{nats}")?;
    }
    Ok(exit::DONE)
}
