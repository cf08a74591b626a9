//! `sample` and `score`: use of a trained model.

use std::io::{BufWriter, Write};
use std::path::Path;

use data::{Noise, Split};
use protocol::{Support, Trial, TrialDir, exit};

use crate::cli::{SampleArgs, ScoreArgs};
use crate::failure::Failure;
use crate::output::{self, say};
use crate::process_environment;
use crate::registry::Registry;
use crate::trained::{self, PartsError, TrialParts};

/// Loads the trial in a folder, its data and its device.
fn load<'r>(folder: &Path, registry: &'r Registry) -> Result<(TrialDir, Trial, TrialParts<'r>), Failure> {
    let dir = TrialDir(folder.to_owned());
    if !dir.trial().exists() {
        let help = "`genbench status NAME` prints the ids of trials: results/NAME/trials/ID";
        return Err(Failure::usage(format!("{} is not the folder of a trial\nhelp: {help}", folder.display())));
    }
    let trial = trained::read_trial(&dir)?;
    process_environment::ensure(&trial.device)?;
    let parts = TrialParts::load(&trial, registry).map_err(failure)?;
    Ok((dir, trial, parts))
}

fn failure(error: PartsError) -> Failure {
    match error {
        PartsError::Io(error) => error.into(),
        error => Failure::usage(error),
    }
}

/// Writes a sheet of samples.
pub(crate) fn sample(args: &SampleArgs, registry: &Registry) -> Result<u8, Failure> {
    if args.out.is_dir() {
        return Err(Failure::usage(format!("{} is a folder\nhelp: write the name of a file", args.out.display())));
    }
    let (dir, trial, parts) = load(&args.trial, registry)?;
    let model = parts.trained(&trial, &dir).map_err(failure)?.snapshot();
    let sampler =
        model.sampler().ok_or_else(|| Failure::usage(format!("the model `{}` draws no samples", trial.model.name)))?;
    let mut noise = Noise::new(args.seed, "sample", 0);
    let images =
        if args.means { sampler.picture(args.count, &mut noise) } else { sampler.sample(args.count, &mut noise) };
    let columns = (args.count as f64).sqrt().ceil() as usize;
    engine::sheet::write(&args.out, &images, &parts.data.shape, columns)?;
    say!("{}", args.out.display())?;
    Ok(exit::DONE)
}

/// Prints the log-density of each image, or a lower bound if the model has only a bound.
pub(crate) fn score(args: &ScoreArgs, registry: &Registry) -> Result<u8, Failure> {
    let (dir, trial, parts) = load(&args.trial, registry)?;
    let model = parts.trained(&trial, &dir).map_err(failure)?.snapshot();
    let images = read_images(&args.images, &parts)?;
    let (name, nats) = if let Some(density) = model.density() {
        ("log_density_nats".to_owned(), density.log_density(&images))
    } else if let Some(bound) = model.bound() {
        let nats = bound.iwae(&images, args.k, &mut Noise::new(trial.seed, "score", 0));
        (format!("log_density_iwae_{}_lower_bound_nats", args.k), nats)
    } else {
        return Err(Failure::usage(format!(
            "the model `{}` has neither a density nor a bound on it",
            trial.model.name
        )));
    };
    let mut out = BufWriter::new(output::stdout());
    writeln!(out, "image,{name}")?;
    for (index, nats) in nats.iter().enumerate() {
        writeln!(out, "{index},{nats}")?;
    }
    out.flush()?;
    Ok(exit::DONE)
}

/// Returns the trial's test split, or the images of a file, binarized like the trial's data.
fn read_images(path: &Path, parts: &TrialParts<'_>) -> Result<Split, Failure> {
    if path == Path::new("test") {
        return Ok(parts.data.test.clone());
    }
    let (mut images, height, width) = data::idx::read_images(path).map_err(Failure::usage)?;
    let shape = parts.data.shape;
    if (shape.channels, shape.height, shape.width) != (1, height, width) {
        return Err(Failure::usage(format!(
            "{}: the images are 1 x {height} x {width}, but the model needs {} x {} x {}",
            path.display(),
            shape.channels,
            shape.height,
            shape.width
        )));
    }
    parts.data.binarize.apply("score", &mut images);
    let inside = |pixel: &f32| match shape.support {
        Support::Binary => *pixel == 0.0 || *pixel == 1.0,
        Support::Levels(levels) => {
            let level = f64::from(*pixel) * f64::from(levels - 1);
            (level - level.round()).abs() < 1e-3
        }
        Support::Continuous => (0.0..=1.0).contains(pixel),
        Support::Real => pixel.is_finite(),
    };
    match images.pixels.iter().find(|pixel| !inside(pixel)) {
        Some(pixel) => Err(Failure::usage(format!(
            "{}: a pixel of grey level {} is outside the support of the model ({})",
            path.display(),
            (pixel * 255.0).round(),
            shape.support
        ))),
        None => Ok(images),
    }
}
