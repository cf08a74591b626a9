//! Image sheets: samples of the model, and test images to compare them with.

use engine::{Noise, Trainer};
use protocol::{Trial, TrialDir};

use super::stages::WorkError;
use crate::trained::TrialParts;

/// Rows and columns of a sheet.
const SHEET: usize = 8;

/// Writes a sheet for each capability of the model that returns images.
pub(super) fn draw_sheets(
    trial: &Trial,
    dir: &TrialDir,
    parts: &TrialParts<'_>,
    trainer: &dyn Trainer,
) -> Result<(), WorkError> {
    let _span = tracing::info_span!("samples").entered();
    let (data, count) = (&parts.data, SHEET * SHEET);
    engine::sheet::write(&dir.samples().join("data.png"), &data.test.take(count), &data.shape, SHEET)?;
    let model = trainer.snapshot();
    let noise = || Noise::new(trial.seed, "sheet", 0);
    let write =
        |name: &str, images: &data::Split| engine::sheet::write(&dir.samples().join(name), images, &data.shape, SHEET);
    // Outputs for the captions, parts or other domain of the test images, in the order of `data.png`.
    let test = data.test.take(count);
    if let (Some(conditional), Some(captions)) = (model.conditional(), &test.captions) {
        write("of_captions.png", &conditional.sample_for(captions, &mut noise()))?;
    }
    if let (Some(restorer), Some(cut)) = (model.restorer(), &test.parts) {
        write("restored.png", &restorer.restore(cut, &mut noise()).images)?;
    }
    if let (Some(translator), Some(other)) = (model.translator(), &test.other) {
        write("forth.png", &translator.forth(&test))?;
        write("back.png", &translator.back(other))?;
    }
    if let Some(sampler) = model.sampler() {
        let samples = sampler.sample(count, &mut noise());
        engine::sheet::write(&dir.samples().join("samples.png"), &samples, &data.shape, SHEET)?;
        let means = sampler.picture(count, &mut noise());
        if means != samples {
            engine::sheet::write(&dir.samples().join("means.png"), &means, &data.shape, SHEET)?;
        }
    }
    Ok(())
}
