//! Settings of a trial for TensorBoard's plugin `hparams`: tensorboard/plugins/hparams/plugin_data.proto.

use protocol::Status;
use protocol::event::unix_seconds;
use serde_json::Value;

use super::protobuf::{bytes, double, whole};
use crate::export::settings::settings;
use crate::store::Record;

/// A summary value of the plugin: its tag and its metadata.
fn value(tag: &str, data: &[u8]) -> Vec<u8> {
    let plugin = [bytes(1, "hparams"), bytes(2, data)].concat();
    // An empty tensor of floats, as the plugin's own writer adds.
    let empty = [whole(1, 1), bytes(2, [])].concat();
    bytes(1, [bytes(1, tag), bytes(9, bytes(1, plugin)), bytes(8, empty)].concat())
}

/// Start of a session: the settings of its trial. Seeds of a variant are one group.
pub(super) fn start(record: &Record, started_s: f64) -> Vec<u8> {
    let settings = settings(&record.trial).into_iter().map(|(name, value)| {
        let value = match &value {
            Value::Number(number) => double(2, number.as_f64().unwrap_or(f64::NAN)),
            Value::Bool(truth) => whole(4, u64::from(*truth)),
            Value::String(text) => bytes(3, text),
            other => bytes(3, other.to_string()),
        };
        bytes(1, [bytes(1, name), bytes(2, value)].concat())
    });
    let session =
        [settings.collect::<Vec<_>>().concat(), bytes(4, &record.trial.variant), double(5, started_s)].concat();
    value("_hparams_/session_start_info", &bytes(3, session))
}

/// End of a session; nothing for a trial that has not ended.
pub(super) fn end(record: &Record) -> Option<Vec<u8>> {
    let outcome = record.outcome.as_ref()?;
    let status = if outcome.status == Status::Done { 1 } else { 2 };
    let session = [whole(1, status), double(2, unix_seconds(outcome.ended_unix_ms))].concat();
    Some(value("_hparams_/session_end_info", &bytes(4, session)))
}
