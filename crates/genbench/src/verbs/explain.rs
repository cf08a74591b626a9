//! `explain`: why a run would do what it would do.

use std::io::{self, BufWriter, Write};

use protocol::Plan;
use protocol::params::nearest;
use protocol::{GridDir, Trial, atomic, exit};
use runner::Explanation;
use serde_json::json;

use super::planning::planned;
use crate::cli::{ExplainArgs, Format};
use crate::failure::Failure;
use crate::output;
use crate::registry::Registry;

/// Prints what a run would do with some trials of a grid, and why.
pub(crate) fn explain(args: &ExplainArgs, registry: &Registry) -> Result<u8, Failure> {
    let plan = plan(args, registry)?;
    let chosen = chosen(&plan, args)?;
    let told = runner::explain(&GridDir::new(&args.results, &plan.grid), &chosen)?;
    let mut out = BufWriter::new(output::stdout());
    for one in &told {
        match args.grid.message_format {
            Format::Json => writeln!(out, "{}", json!(one))?,
            Format::Human => for_people(one, &mut out)?,
        }
    }
    out.flush()?;
    Ok(if told.is_empty() { exit::NOTHING } else { exit::DONE })
}

/// The plan of a file, or of a grid that has run, by its name.
fn plan(args: &ExplainArgs, registry: &Registry) -> Result<Plan, Failure> {
    let named = GridDir(args.results.join(&args.grid.grid)).plan_json();
    if !args.grid.grid.exists() && named.exists() {
        return Ok(atomic::read_json(&named)?);
    }
    let (_, plan) = planned(&args.grid, registry)?;
    Ok(runner::interim::due(&GridDir::new(&args.results, &plan.grid), &plan)?)
}

/// The trials that were asked for: by the beginning of their id, or by their variant's label.
fn chosen<'p>(plan: &'p Plan, args: &ExplainArgs) -> Result<Vec<&'p Trial>, Failure> {
    let seed = |trial: &&Trial| args.seed.is_none_or(|seed| trial.seed == seed);
    let Some(asked) = &args.trial else { return Ok(plan.trials.iter().filter(seed).collect()) };
    let label: Vec<&Trial> = plan.trials.iter().filter(|trial| trial.variant == *asked).collect();
    let found = match label.is_empty() {
        true => plan.trials.iter().filter(|trial| trial.id().0.starts_with(asked.as_str())).collect(),
        false => label,
    };
    if found.is_empty() {
        let help = match nearest(asked, plan.trials.iter().map(|trial| trial.variant.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`genbench plan` lists them".to_owned(),
        };
        return Err(Failure::usage(format!(
            "no trial begins with `{asked}`, and no variant is called so\nhelp: {help}"
        )));
    }
    let found: Vec<&Trial> = found.into_iter().filter(seed).collect();
    if found.is_empty() {
        let seed = args.seed.unwrap_or_default();
        return Err(Failure::usage(format!("`{asked}` has no seed {seed}\nhelp: `genbench plan` lists its seeds")));
    }
    Ok(found)
}

fn for_people(one: &Explanation, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}  {}, seed {}: {}", one.trial, one.variant, one.seed, one.next)?;
    for why in &one.why {
        writeln!(out, "    {why}")?;
    }
    if let Some(near) = &one.nearest {
        writeln!(out, "    the nearest that is: {}  {}, seed {}", near.trial, near.variant, near.seed)?;
        for change in &near.changes {
            writeln!(out, "      {change}")?;
        }
    }
    Ok(())
}
