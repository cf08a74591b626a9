//! All laws.

mod bounds;
mod causality;
mod codes;
mod critics;
mod density;
mod encoding;
mod fingerprint;
mod incremental;
mod noise_maps;
mod optimisers;
mod parity;
mod pushforward;
mod resume;
mod sampling;
mod seeds;
mod settings;
mod snapshots;
mod stochastic_decoder;
mod training;
mod truth;

use crate::law::Law;

/// Every law, in the order of the documentation.
pub static LAWS: &[Law] = &[
    settings::SETTINGS,
    settings::GREY_DATA,
    training::CAPABILITIES,
    training::TRAINING,
    seeds::SEEDS,
    snapshots::EVALUATION,
    snapshots::SNAPSHOTS,
    resume::RESUME,
    optimisers::OPTIMISERS,
    parity::BACKENDS,
    density::SUM,
    truth::TRUTH,
    sampling::DENSITY,
    sampling::SUPPORT,
    incremental::INCREMENTAL,
    causality::CAUSALITY,
    bounds::BOUNDS,
    encoding::ENCODING,
    codes::CODES,
    critics::CRITICS,
    pushforward::PUSHFORWARD,
    stochastic_decoder::DECODER,
];

/// Returns the law called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static Law> {
    LAWS.iter().find(|law| law.name == name)
}

#[cfg(test)]
mod tests;
