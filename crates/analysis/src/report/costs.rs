//! Costs of all trials, for the page.

use serde::Serialize;

use crate::costs::{Costs, Part};

/// One line on the costs, and the table behind it.
#[derive(Debug, Serialize)]
pub(super) struct CostsView {
    pub(super) summary: String,
    pub(super) rows: Vec<CostRow>,
}

/// Time of one part.
#[derive(Debug, Serialize)]
pub(super) struct CostRow {
    pub(super) what: String,
    pub(super) seconds: String,
    pub(super) share: String,
}

/// `None` if no trace records a time.
pub(super) fn costs_view(costs: &Costs) -> Option<CostsView> {
    let row = |(part, seconds): (&Part, &f64)| CostRow {
        what: words(part),
        seconds: format!("{seconds:.2}"),
        share: format!("{:.1}%", 100.0 * costs.share(*seconds)),
    };
    (costs.total() > 0.0).then(|| CostsView { summary: costs.to_string(), rows: costs.0.iter().map(row).collect() })
}

/// Description of a part.
fn words(part: &Part) -> String {
    match part {
        Part::Data => "loading or generating data".into(),
        Part::Train => "training".into(),
        Part::Evaluate => "validation and checkpoints during training".into(),
        Part::Extractor => "training feature extractors (once per data set)".into(),
        Part::Measure(name) => format!("measure {name}"),
        Part::Timing(measure) => format!("timing pass ({measure})"),
        Part::Other => "other: building models, sample sheets".into(),
    }
}
