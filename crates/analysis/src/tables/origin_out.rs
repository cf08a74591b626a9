//! Columns for the machine, the device, the kernels and the build behind a row.

use std::collections::HashMap;

use protocol::{Machine, Outcome, TrialId};

use super::schema::Field;
use super::sheet::Sheet;
use crate::store::Record;

/// Columns for the machine of a trial.
pub(super) fn machine() -> [Field; 5] {
    [
        Field::text("device", "Device that was used, or the planned one if the trial has not run.").volatile(true),
        Field::text("adapter", "Name of the adapter or of the processor.").volatile(true),
        Field::text("host", "Name of the machine.").volatile(true),
        Field::text("machine", "Processor, and adapter if another one did the work.").volatile(true),
        Field::text(
            "kernels",
            "Kernels of the layers on the device: `fused` (genbench's own, on `flex`) or `burn` (Burn's own).",
        )
        .volatile(true),
    ]
}

/// Columns for the build that ran a trial.
pub(super) fn build() -> [Field; 2] {
    [
        Field::text("commit", "Git commit of the build, if it is known.").volatile(true),
        Field::text("code", "Hash of the code that computes figures.").volatile(true),
    ]
}

/// Columns for the machines and builds of several trials.
pub(super) fn of_several() -> [Field; 5] {
    let machine = "Processor, and adapter if another one did the work. Volatile numbers have a row for each machine.";
    [
        Field::text("device", "Devices of the trials; several are joined by ` | `, as in the next four columns.")
            .volatile(true),
        Field::text("machine", machine).volatile(true),
        Field::text("kernels", "Kernels of the layers: `fused` or `burn`.").volatile(true),
        Field::text("commit", "Git commits of the builds, if they are known.").volatile(true),
        Field::text("code", "Hashes of the code that computes figures.").volatile(true),
    ]
}

/// Writes the machine of the trial, or of a figure of the timing pass.
pub(super) fn write_machine(sheet: &mut Sheet, record: &Record, timed_on: Option<&Machine>) {
    let device = record.outcome.as_ref().and_then(|outcome| outcome.device.as_ref());
    let host = record.outcome.as_ref().map(|outcome| outcome.host.name.as_str());
    let adapter =
        |machine: &'_ Machine| if machine.adapter.is_empty() { machine.cpu.clone() } else { machine.adapter.clone() };
    let adapter = timed_on.map(adapter).or(device.map(|device| device.adapter.clone()));
    let words = timed_on.map_or_else(|| machine_of(record), Machine::words);
    sheet.text(device_of(record));
    sheet.maybe(adapter.as_deref()).maybe(timed_on.map(|machine| machine.host.as_str()).or(host));
    sheet.maybe(words.as_deref()).maybe(kernels_of(record));
}

/// Writes the build of the trial.
pub(super) fn write_build(sheet: &mut Sheet, record: &Record) {
    sheet.maybe(commit_of(record)).maybe(code_of(record));
}

fn device_of(record: &Record) -> &str {
    let device = record.outcome.as_ref().and_then(|outcome| outcome.device.as_ref());
    device.map_or(&record.trial.device, |device| &device.name)
}

fn machine_of(record: &Record) -> Option<String> {
    let machine = |outcome: &Outcome| Machine::of(&outcome.host, outcome.device.as_ref()).words();
    record.outcome.as_ref().and_then(machine)
}

fn kernels_of(record: &Record) -> Option<&'static str> {
    Some(record.outcome.as_ref()?.device.as_ref()?.kernels())
}

fn commit_of(record: &Record) -> Option<&str> {
    record.outcome.as_ref()?.build.as_ref()?.commit.as_deref()
}

fn code_of(record: &Record) -> Option<&str> {
    Some(record.outcome.as_ref()?.build.as_ref()?.code.as_str())
}

/// Records of a grid by the ids of their trials.
pub(super) struct Origins<'r>(HashMap<&'r TrialId, &'r Record>);

impl<'r> Origins<'r> {
    pub(super) fn of(records: &'r [Record]) -> Self {
        Self(records.iter().map(|record| (&record.id, record)).collect())
    }

    /// Writes the machines and builds of `trials`; `machine` is the one that a volatile figure names.
    pub(super) fn write<'t>(
        &self,
        sheet: &mut Sheet,
        trials: impl Iterator<Item = &'t TrialId>,
        machine: Option<&str>,
    ) {
        let records: Vec<&Record> = trials.filter_map(|id| self.0.get(id).copied()).collect();
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let joined = |of: &dyn Fn(&Record) -> Option<String>| {
            let mut distinct: Vec<String> = Vec::new();
            for text in records.iter().filter_map(|record| of(record)) {
                if !distinct.contains(&text) {
                    distinct.push(text);
                }
            }
            distinct.join(" | ")
        };
        sheet.text(&joined(&|record| owned(Some(device_of(record)))));
        sheet.text(&machine.map_or_else(|| joined(&machine_of), str::to_owned));
        sheet.text(&joined(&|record| owned(kernels_of(record))));
        sheet.text(&joined(&|record| owned(commit_of(record)))).text(&joined(&|record| owned(code_of(record))));
    }
}
