//! What `genbench list` prints.

use protocol::Problem;
use protocol::params::unknown;
use serde_json::Value;

/// Every name of a kind, for `genbench list`.
pub(crate) fn list(what: &str) -> Result<Vec<(&'static str, &'static str, Value)>, Problem> {
    match what {
        "models" => Ok(zoo::MODELS.iter().map(|entry| (entry.name, entry.about, (entry.defaults)())).collect()),
        "data" => Ok(data::DATASETS.iter().map(|entry| (entry.name, entry.about, (entry.defaults)())).collect()),
        "measures" => {
            Ok(engine::measure::MEASURES.iter().map(|entry| (entry.name, entry.about, (entry.defaults)())).collect())
        }
        "facts" => Ok(zoo::facts::FACTS.iter().map(|entry| (entry.name, entry.about, Value::Null)).collect()),
        other => Err(unknown("", other, ["models", "data", "measures", "facts"])),
    }
}
