//! Application of the block `train.optim` to a new trainer.

use protocol::{Optim, Problem};

use crate::averaged::Averaged;
use crate::trainer::visit_elements;
use crate::{Element, Trainer};

/// Applies the optimiser settings of a grid to a trainer before its first step: to every optimiser among its parts, and
/// as a moving average of the weights of every module. Settings that all have their defaults change nothing.
///
/// # Errors
/// The trainer has no optimiser or no module among its parts, and the settings need one.
pub fn with_optim(mut trainer: Box<dyn Trainer>, optim: &Optim) -> Result<Box<dyn Trainer>, Problem> {
    if optim.is_default() {
        return Ok(trainer);
    }
    let mut optimisers = 0;
    visit_elements(&mut *trainer, &mut |element| {
        if let Element::Optimiser(optimiser) = element {
            optimiser.configure(optim);
            optimisers += 1;
        }
    });
    if optimisers == 0 {
        return Err(Problem::new("optim", "the trainer of the model has no optimiser that a grid can set"));
    }
    if optim.ema == 0.0 {
        return Ok(trainer);
    }
    let averaged = Averaged::new(trainer, optim.ema);
    let averaged =
        averaged.ok_or_else(|| Problem::new("optim.ema", "the trainer of the model has no weights to average"))?;
    Ok(Box::new(averaged))
}
