//! Where the time went, over all trials.

use serde::Serialize;

use crate::costs::Costs;
use crate::costs::Part;

/// A sentence and the table behind it.
#[derive(Debug, Serialize)]
pub(super) struct CostsView {
    pub(super) sentence: String,
    pub(super) rows: Vec<CostRow>,
}

/// One thing that time went into.
#[derive(Debug, Serialize)]
pub(super) struct CostRow {
    pub(super) what: String,
    pub(super) seconds: String,
    pub(super) share: String,
}

/// `None` where no trace told of any time.
pub(super) fn costs_view(costs: &Costs) -> Option<CostsView> {
    let row = |(part, seconds): (&Part, &f64)| CostRow {
        what: words(part),
        seconds: format!("{seconds:.2}"),
        share: format!("{:.1}%", 100.0 * costs.share(*seconds)),
    };
    (costs.total() > 0.0).then(|| CostsView { sentence: costs.to_string(), rows: costs.0.iter().map(row).collect() })
}

fn words(part: &Part) -> String {
    match part {
        Part::Data => "loading or making data".into(),
        Part::Train => "training".into(),
        Part::Evaluate => "validation and checkpoints while training".into(),
        Part::Extractor => "training feature extractors (once per data set; later trials find them)".into(),
        Part::Measure(name) => format!("measure {name}"),
        Part::Timing(measure) => format!("the timing pass ({measure})"),
        Part::Other => "the rest: building models, sample sheets".into(),
    }
}
