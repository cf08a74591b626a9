//! Forecast of a run for `genbench plan`: the next action for each trial, and the expected time.

use std::collections::BTreeMap;
use std::io;

use protocol::{GridDir, Outcome, Plan, Remedy, Status, Trial, TrialDir, Unreadable, final_status, outcome_in};

/// Next action of a run for a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Next {
    /// None: the trial is done.
    Done,
    /// Measure without training: the trial is trained and lacks a measure.
    Measure,
    /// Depends on the record, which cannot be used: [`Unreadable::help`].
    Unreadable,
    /// None: the trial is done and lacks a measure, and its trained model is gone.
    ModelLost,
    /// None: the trial failed. `--retry-failed` runs it again.
    Failed,
    /// Resume from the checkpoint.
    Continue,
    /// Train from the start.
    Train,
}

impl Next {
    /// Action for a trial whose record or model cannot be used.
    pub(crate) fn without(unreadable: &Unreadable) -> Self {
        match unreadable.remedy {
            Remedy::Train => Self::ModelLost,
            _ => Self::Unreadable,
        }
    }

    /// Name of the action.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Measure => "measure",
            Self::Unreadable => "unreadable",
            Self::ModelLost => "model_lost",
            Self::Failed => "failed",
            Self::Continue => "continue",
            Self::Train => "train",
        }
    }
}

/// Next actions for all trials of a plan, and the expected time.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// Action for each trial, in the order of the plan.
    pub next: Vec<Next>,
    /// Expected seconds of training for each trial to be trained: the mean of finished trials of the variant. A checkpoint
    /// does not reduce it.
    pub train_s: Vec<Option<f64>>,
    /// Records that cannot be used.
    pub unreadable: Vec<Unreadable>,
}

impl Forecast {
    /// Computes the forecast from the records in a grid's folder.
    #[must_use]
    pub fn of(grid: &GridDir, plan: &Plan) -> Self {
        if !grid.trials().exists() {
            let trials = plan.trials.len();
            return Self { next: vec![Next::Train; trials], train_s: vec![None; trials], unreadable: Vec::new() };
        }
        let mut next = Vec::with_capacity(plan.trials.len());
        let mut known: BTreeMap<&str, Vec<f64>> = BTreeMap::new();
        let mut unreadable = Vec::new();
        for trial in &plan.trials {
            let dir = grid.trial(&grid.id(trial));
            let outcome =
                match outcome_in(&dir).and_then(|outcome| Ok((self::next(&dir, trial, outcome.as_ref())?, outcome))) {
                    Ok((action, outcome)) => {
                        next.push(action);
                        outcome
                    }
                    Err(error) => {
                        let one = Unreadable::of(&error);
                        next.push(Next::without(&one));
                        unreadable.push(one);
                        None
                    }
                };
            if let Some(outcome) = outcome.filter(|outcome| outcome.status == Status::Done) {
                known.entry(&trial.variant).or_default().push(outcome.train_s);
            }
        }
        let mean = |variant: &str| known.get(variant).map(|all| all.iter().sum::<f64>() / all.len() as f64);
        let train_s = plan.trials.iter().zip(&next).map(|(trial, next)| match next {
            Next::Continue | Next::Train => mean(&trial.variant),
            _ => None,
        });
        let train_s = train_s.collect();
        Self { next, train_s, unreadable }
    }

    /// Replaces the action for these trials by training.
    pub fn train_again(&mut self, trials: &[usize]) {
        trials.iter().for_each(|index| self.next[*index] = Next::Train);
    }

    /// Number of trials with this action.
    #[must_use]
    pub fn count(&self, next: Next) -> usize {
        self.next.iter().filter(|one| **one == next).count()
    }

    /// Sum of the expected seconds, and the number of trials in it.
    #[must_use]
    pub fn foreseen_s(&self) -> (f64, usize) {
        let known = self.train_s.iter().flatten();
        (known.clone().sum(), known.count())
    }
}

/// Next action for a trial with this outcome in its folder.
///
/// # Errors
/// A record exists and cannot be used; the error names the file.
pub(crate) fn next(dir: &TrialDir, trial: &Trial, outcome: Option<&Outcome>) -> io::Result<Next> {
    Ok(match final_status(dir, trial)? {
        Some(Status::Done) => Next::Done,
        Some(_) => Next::Failed,
        None if outcome.is_some_and(|outcome| outcome.status == Status::Done) => Next::Measure,
        None if dir.checkpoint().exists() => Next::Continue,
        None => Next::Train,
    })
}

/// Returns whether no comparison can be decided because every variant has one seed, which shows no spread. Variants in closed
/// form need no more than one.
#[must_use]
pub fn has_too_few_seeds(plan: &Plan) -> bool {
    plan.variants().count() > 1
        && plan.variants().all(|trials| trials.len() < 2 && !plan.closed_form.contains(&trials[0].variant))
}

/// Variants in closed form with several seeds. Further seeds bring nothing for their log-likelihoods.
#[must_use]
pub fn repeated_closed_forms(plan: &Plan) -> Vec<&str> {
    let repeated = plan.variants().filter(|trials| trials.len() > 1).map(|trials| trials[0].variant.as_str());
    repeated.filter(|variant| plan.closed_form.iter().any(|label| label == variant)).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use protocol::atomic;

    use super::*;
    use protocol::fixtures::{measure, outcome, trial};

    fn plan(trials: Vec<Trial>) -> Plan {
        Plan::new("g", trials)
    }

    #[test]
    fn each_state_of_a_folder_has_its_action_and_time_is_estimated_per_variant() {
        let results = tempfile::tempdir().expect("a folder");
        let grid = GridDir::new(results.path(), "g");
        let bare = |variant: &str, seed| Trial { measure: Vec::new().into(), ..trial(variant, seed) };
        let trials: Vec<Trial> = (0..4).map(|seed| bare("a", seed)).chain([bare("b", 0), bare("b", 1)]).collect();
        let plan = plan(trials.clone());
        let empty = Forecast::of(&grid, &plan);
        assert_eq!((empty.count(Next::Train), empty.foreseen_s()), (6, (0.0, 0)));

        let end = |at: usize, status: Status, train_s: f64| {
            let dir = grid.trial(&trials[at].id());
            fs::create_dir_all(&dir.0).expect("a folder");
            let outcome = Outcome { status, train_s, ..outcome(trials[at].id(), Status::Done) };
            atomic::write_json(&dir.outcome(), &outcome).expect("written");
        };
        end(0, Status::Done, 10.0);
        end(1, Status::Done, 30.0);
        end(4, Status::Refused { why: "no".into() }, 0.0);
        fs::create_dir_all(grid.trial(&trials[2].id()).checkpoint()).expect("a folder");
        let forecast = Forecast::of(&grid, &plan);
        assert_eq!(
            forecast.next,
            [Next::Done, Next::Done, Next::Continue, Next::Train, Next::Failed, Next::Train],
            "{forecast:?}"
        );
        assert_eq!(forecast.foreseen_s(), (40.0, 2), "b has no finished trial");

        let mut asked = plan.clone();
        asked.trials[0].measure = vec![measure("nll", serde_json::json!({}))].into();
        let without_model = Forecast::of(&grid, &asked);
        assert_eq!(without_model.next[0], Next::ModelLost, "measuring would train again");
        assert!(without_model.unreadable[0].message.contains("so `nll` cannot be taken"));
        protocol::fixtures::keep_model(&grid.trial(&trials[0].id())).expect("written");
        assert_eq!(Forecast::of(&grid, &asked).next[0], Next::Measure);
    }

    #[test]
    fn one_seed_is_too_few_except_in_closed_form() {
        let seeds = |n: u64| -> Vec<Trial> { ["a", "b"].iter().flat_map(|v| (0..n).map(|s| trial(v, s))).collect() };
        assert!(has_too_few_seeds(&plan(seeds(1))) && !has_too_few_seeds(&plan(seeds(2))));
        assert!(!has_too_few_seeds(&plan(vec![trial("a", 0)])), "nothing is compared");
        let closed = |n| plan(seeds(n)).with_closed_form(|trial| trial.variant == "a");
        assert!(!has_too_few_seeds(&closed(1)));
        assert_eq!((repeated_closed_forms(&closed(1)), repeated_closed_forms(&closed(3))), (vec![], vec!["a"]));
    }
}
