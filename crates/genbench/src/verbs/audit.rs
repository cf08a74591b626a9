//! `audit`: tests how well each sample score ranks samplers of known divergence.

use std::time::Instant;

use analysis::audit::Score;
use engine::audit::{AuditError, AuditedSampler, audit_scores};
use protocol::text::count;
use protocol::{Direction, exit};

use crate::cli::AuditArgs;
use crate::failure::Failure;
use crate::output::{self, note, say};
use crate::registry::Registry;

/// Scores all samplers for each number of images and each seed, and writes how well each score ranks them.
pub(crate) fn audit(args: &AuditArgs, registry: &Registry) -> Result<u8, Failure> {
    if args.quiet {
        output::be_quiet();
    }
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
    let (folder, cache) = (args.results.join("audit"), args.results.join(".cache").join("extractors"));
    let (start, all) = (Instant::now(), seeds.len() * sizes.len());
    let mut heard = Vec::new();
    for (done, (images, seed)) in
        sizes.iter().flat_map(|images| seeds.iter().map(move |seed| (*images, *seed))).enumerate()
    {
        note!("[{done}/{all} audits, {:.0} s] {}, seed {seed}", start.elapsed().as_secs_f64(), count(images, "image"));
        let samplers = audit_scores(images, seed, &cache, &registry.measures).map_err(failure)?;
        heard.extend(samplers.into_iter().flat_map(|sampler| scores(images, seed, sampler)));
    }
    analysis::audit::write(&folder, &heard)?;
    if !output::is_quiet() {
        say!("{}", folder.join("audit.md").display())?;
    }
    Ok(exit::DONE)
}

fn failure(error: AuditError) -> Failure {
    match error {
        AuditError::Data(_) => Failure::usage(error),
        AuditError::Measure(_) => Failure::environment(error),
    }
}

fn scores(images: usize, seed: u64, sampler: AuditedSampler) -> Vec<Score> {
    let fault = sampler.fault.map_or("none", |fault| fault.name());
    let one = |score: protocol::Measurement| Score {
        images,
        seed,
        fault: fault.to_owned(),
        share: sampler.share,
        jsd_nats: sampler.jsd.0,
        jsd_se_nats: sampler.jsd.1,
        higher_is_better: score.direction == Direction::Higher,
        score: score.name,
        value: score.value,
    };
    sampler.scores.into_iter().map(one).collect()
}
