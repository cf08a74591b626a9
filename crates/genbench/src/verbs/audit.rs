//! `audit`: tests how well each sample score ranks samplers of known divergence.

use std::time::Instant;

use analysis::audit::Heard;
use engine::court::{CourtError, Hearing, hear};
use protocol::{Direction, exit};

use crate::cli::AuditArgs;
use crate::failure::Failure;
use crate::output::{note, say};
use crate::registry::Registry;

/// Scores all samplers for each number of images and each seed, and writes how well each score ranks them.
pub(crate) fn audit(args: &AuditArgs, registry: &Registry) -> Result<u8, Failure> {
    let (mut seeds, mut sizes) = (args.seeds.clone(), args.images.clone());
    for (numbers, what) in
        [(seeds.iter().map(|seed| *seed as usize).collect(), "seed"), (sizes.clone(), "number of images")]
    {
        let mut numbers: Vec<usize> = numbers;
        numbers.sort_unstable();
        if numbers.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(Failure::usage(format!("a {what} is listed twice")));
        }
    }
    seeds.sort_unstable();
    sizes.sort_unstable();
    let (folder, cache) = (args.results.join("court"), args.results.join(".cache").join("extractors"));
    let (start, all) = (Instant::now(), seeds.len() * sizes.len());
    let mut heard = Vec::new();
    for (done, (images, seed)) in
        sizes.iter().flat_map(|images| seeds.iter().map(move |seed| (*images, *seed))).enumerate()
    {
        if !args.quiet {
            note!("[{done}/{all} audits, {:.0} s] {images} images, seed {seed}", start.elapsed().as_secs_f64());
        }
        let hearings = hear(images, seed, &cache, &registry.measures).map_err(failure)?;
        heard.extend(hearings.into_iter().flat_map(|hearing| told(images, seed, hearing)));
    }
    analysis::audit::write(&folder, &heard)?;
    say!("{}", folder.join("court.md").display())?;
    Ok(exit::DONE)
}

fn failure(error: CourtError) -> Failure {
    match error {
        CourtError::Data(_) => Failure::usage(error),
        CourtError::Measure(_) => Failure::environment(error),
    }
}

fn told(images: usize, seed: u64, hearing: Hearing) -> Vec<Heard> {
    let fault = hearing.fault.map_or("none", |fault| fault.name());
    let one = |score: protocol::Measurement| Heard {
        images,
        seed,
        fault: fault.to_owned(),
        share: hearing.share,
        jsd_nats: hearing.jsd.0,
        jsd_se_nats: hearing.jsd.1,
        higher_is_better: score.direction == Direction::Higher,
        score: score.name,
        value: score.value,
    };
    hearing.scores.into_iter().map(one).collect()
}
