//! `explain`: why a run would train, measure or skip trials.

use std::io::{self, BufWriter, Write};

use protocol::params::nearest;
use protocol::{GridDir, Plan, Trial, VariantPlace, exit};
use runner::Explanation;
use serde_json::{Value, json};

use super::planning::planned;
use super::results::read_plan;
use crate::cli::{ExplainArgs, Format};
use crate::failure::Failure;
use crate::output;
use crate::registry::Registry;

/// Prints the next step of some trials of a grid, and why.
pub(crate) fn explain(args: &ExplainArgs, registry: &Registry) -> Result<u8, Failure> {
    let plan = plan(args, registry)?;
    let folder = GridDir::new(&args.results, &plan.grid);
    let chosen = chosen(&plan, &folder, args)?;
    let explanations = runner::explain(&folder, &chosen, &registry.build)?;
    let places = plan.place_of();
    let place = |one: &Explanation| places.get(one.variant.as_str()).copied();
    match args.grid.message_format {
        Format::Json => {
            let mut out = BufWriter::new(output::stdout());
            explanations.iter().try_for_each(|one| writeln!(out, "{}", with_place(one, place(one))))?;
            out.flush()?;
        }
        Format::Human => {
            let mut out = output::people();
            explanations.iter().try_for_each(|one| for_people(one, place(one), &mut out))?;
            out.flush()?;
        }
    }
    Ok(if explanations.is_empty() { exit::NOTHING } else { exit::DONE })
}

/// Returns the plan of a grid file, or of a finished or running grid by its name.
fn plan(args: &ExplainArgs, registry: &Registry) -> Result<Plan, Failure> {
    let named = GridDir(args.results.join(&args.grid.grid)).plan_json();
    if !args.grid.grid.exists() && named.exists() {
        return read_plan(&GridDir(args.results.join(&args.grid.grid)));
    }
    let (_, plan) = planned(&args.grid, registry)?;
    Ok(runner::interim::due(&GridDir::new(&args.results, &plan.grid), &plan))
}

/// Returns the trials of the command line, selected by the start of an id, of either scheme, or by the label of a variant.
fn chosen<'p>(plan: &'p Plan, folder: &GridDir, args: &ExplainArgs) -> Result<Vec<&'p Trial>, Failure> {
    let seed = |trial: &&Trial| args.seed.is_none_or(|seed| trial.seed == seed);
    let Some(wanted) = &args.trial else {
        let found: Vec<&Trial> = plan.trials.iter().filter(seed).collect();
        return match args.seed.filter(|_| found.is_empty() && !plan.trials.is_empty()) {
            Some(seed) => {
                let help = "`genbench plan` lists the seeds";
                Err(Failure::usage(format!("no trial of {} has seed {seed}\nhelp: {help}", plan.grid)))
            }
            None => Ok(found),
        };
    };
    let label: Vec<&Trial> = plan.trials.iter().filter(|trial| trial.variant == *wanted).collect();
    let found = match label.is_empty() {
        true => {
            let starts =
                |trial: &Trial| [trial.id(), folder.id(trial)].iter().any(|id| id.0.starts_with(wanted.as_str()));
            plan.trials.iter().filter(|trial| starts(trial)).collect()
        }
        false => label,
    };
    if found.is_empty() {
        let help = match nearest(wanted, plan.trials.iter().map(|trial| trial.variant.as_str())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`genbench plan` lists ids and labels".to_owned(),
        };
        return Err(Failure::usage(format!(
            "no id starts with `{wanted}`, and no variant has this label\nhelp: {help}"
        )));
    }
    let found: Vec<&Trial> = found.into_iter().filter(seed).collect();
    if found.is_empty() {
        let seed = args.seed.unwrap_or_default();
        return Err(Failure::usage(format!("`{wanted}` has no seed {seed}\nhelp: `genbench plan` lists the seeds")));
    }
    Ok(found)
}

/// The explanation as JSON, with the location of its variant.
fn with_place(one: &Explanation, place: Option<&VariantPlace>) -> Value {
    let mut line = json!(one);
    if let Some(place) = place {
        line["place"] = json!({"file": place.file, "line": place.line});
    }
    line
}

fn for_people(one: &Explanation, place: Option<&VariantPlace>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}  {}, seed {}: {}", one.trial, one.variant, one.seed, one.next)?;
    for why in &one.why {
        writeln!(out, "    {why}")?;
    }
    if let Some(near) = &one.nearest {
        writeln!(out, "    most similar finished trial: {}  {}, seed {}", near.trial, near.variant, near.seed)?;
        for change in &near.changes {
            writeln!(out, "      {change}")?;
        }
    }
    if let Some(place) = place {
        writeln!(out, "    variant at {place}")?;
    }
    Ok(())
}
