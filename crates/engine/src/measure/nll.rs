//! Exact negative log-likelihood of the test split.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use npyz::WriterBuilder;
use protocol::{Direction, Kind, Measurement, Support, TrialDir, Unit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{MeasureConfig, MeasureError, Subject};
use crate::progress::mean_se;

/// `nll` (nats per image) and `bits_per_dim`, exact.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Nll {}

impl MeasureConfig for Nll {
    const NAME: &'static str = "nll";
    const ABOUT: &'static str = "exact negative log-likelihood of the test images, in nats and bits/dim";

    fn measure(&self, subject: &Subject<'_>) -> Result<Vec<Measurement>, MeasureError> {
        let Some(density) = subject.model.density() else {
            let reason = match subject.model.bound() {
                Some(_) => "the model has a bound, not a density: see elbo",
                None => "the model has no density",
            };
            return Ok([("nll", Unit::Nats), ("bits_per_dim", Unit::BitsPerDim)]
                .map(|(name, unit)| Measurement::absent(name, Kind::Exact, unit, Direction::Lower, reason))
                .to_vec());
        };
        let log_density = density.log_density(&subject.data.test);
        write_npy(&TrialDir(subject.dir.to_owned()).log_density(), &log_density)?;
        let nats: Vec<f64> = log_density.iter().map(|nats| -nats).collect();
        let (mean, se) = mean_se(&nats);
        if density.support() == Support::Real {
            let nll = Measurement::new("nll", Kind::Exact, Unit::Nats, Direction::Lower, mean)
                .with_se(se.unwrap_or(f64::NAN))
                .with_n(nats.len())
                .on(Support::Real);
            let reason = "nats over real pixels are differential: bits/dim need grey levels";
            let bits = Measurement::absent("bits_per_dim", Kind::Exact, Unit::BitsPerDim, Direction::Lower, reason);
            return Ok(vec![nll, bits]);
        }
        let to_bits = 1.0 / (subject.data.shape.pixels() as f64 * std::f64::consts::LN_2);
        Ok([("nll", Unit::Nats, 1.0), ("bits_per_dim", Unit::BitsPerDim, to_bits)]
            .map(|(name, unit, factor)| {
                Measurement::new(name, Kind::Exact, unit, Direction::Lower, mean * factor)
                    .with_se(se.map_or(f64::NAN, |se| se * factor))
                    .with_n(nats.len())
                    .on(density.support())
            })
            .to_vec())
    }
}

/// One f64 per test image, in the order of the split.
fn write_npy(path: &Path, values: &[f64]) -> std::io::Result<()> {
    let part = path.with_extension("npy.part");
    let mut writer = npyz::WriteOptions::new()
        .default_dtype()
        .shape(&[values.len() as u64])
        .writer(BufWriter::new(File::create(&part)?))
        .begin_nd()?;
    writer.extend(values)?;
    writer.finish()?;
    std::fs::rename(part, path)
}
