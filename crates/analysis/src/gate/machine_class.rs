//! Machine class: what the speed of a run depends on.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::store::Record;

/// Processor, adapters and drivers of the machines that ran a grid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MachineClass {
    /// Model names of the processors.
    pub cpu: String,
    /// Names of the adapters; empty if processors did all the work.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub adapter: String,
    /// Drivers of the adapters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub driver: String,
}

impl MachineClass {
    /// The class of the machines that ran `records`.
    #[must_use]
    pub fn of<'a>(records: impl IntoIterator<Item = &'a Record>) -> Self {
        let (mut cpus, mut adapters, mut drivers) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for outcome in records.into_iter().filter_map(|record| record.outcome.as_ref()) {
            cpus.insert(outcome.host.cpu.as_str());
            let other = |device: &&protocol::DeviceUsed| device.adapter != outcome.host.cpu;
            if let Some(device) = outcome.device.as_ref().filter(other) {
                adapters.insert(device.adapter.as_str());
                drivers.insert(device.driver.as_str());
            }
        }
        let joined =
            |names: BTreeSet<&str>| names.into_iter().filter(|name| !name.is_empty()).collect::<Vec<_>>().join(" + ");
        Self { cpu: joined(cpus), adapter: joined(adapters), driver: joined(drivers) }
    }

    /// The class as a part of a file name: lower-case letters, digits and dashes.
    #[must_use]
    pub fn slug(&self) -> String {
        let words = self.to_string().to_lowercase();
        let parts = words.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
        let slug: String = parts.collect::<Vec<_>>().join("-").chars().take(80).collect();
        if slug.is_empty() { "unknown".to_owned() } else { slug.trim_end_matches('-').to_owned() }
    }
}

impl fmt::Display for MachineClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [&self.cpu, &self.adapter, &self.driver];
        let known: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        f.write_str(&if known.is_empty() { "unknown machine".to_owned() } else { known.join(", ") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_a_file_name() {
        let class = |cpu: &str, adapter: &str| MachineClass {
            cpu: cpu.into(),
            adapter: adapter.into(),
            ..MachineClass::default()
        };
        assert_eq!(class("AMD EPYC 7B13", "").slug(), "amd-epyc-7b13");
        assert_eq!(class("Intel(R) Xeon(R)", "llvmpipe (LLVM 15.0.6)").slug(), "intel-r-xeon-r-llvmpipe-llvm-15-0-6");
        assert_eq!(MachineClass::default().slug(), "unknown-machine");
        assert_eq!(class("처리기", "").slug(), "unknown");
        assert!(class(&"very long ".repeat(40), "").slug().len() <= 80);
    }
}
