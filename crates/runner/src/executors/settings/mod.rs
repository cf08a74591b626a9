//! Settings of cluster jobs, from a file and from the command line.

mod clusters;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::Duration;

use clusters::{HyperQueueSettings, KubernetesSettings, SlurmSettings};
use protocol::{Problem, params, worded};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::time;

/// Settings of cluster jobs: common ones, and those of one kind of cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Time limit of a job, such as `4h` or `04:00:00`. A trial that takes longer saves a checkpoint before the limit and
    /// is queued again. Default: the limit of the cluster.
    pub time: Option<String>,
    /// Memory of a job, such as `4G`. Default: that of the cluster.
    pub mem: Option<String>,
    /// Number of processors of a job.
    pub cpus: u32,
    /// Largest number of concurrent trials.
    pub throttle: Option<usize>,
    /// Shell lines before the worker, such as `module load vulkan`.
    pub setup: String,
    /// Settings for Slurm.
    pub slurm: SlurmSettings,
    /// Settings for HyperQueue.
    pub hyperqueue: HyperQueueSettings,
    /// Settings for Kubernetes.
    pub kubernetes: KubernetesSettings,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            time: None,
            mem: None,
            cpus: 1,
            throttle: None,
            setup: String::new(),
            slurm: SlurmSettings::default(),
            hyperqueue: HyperQueueSettings::default(),
            kubernetes: KubernetesSettings::default(),
        }
    }
}

impl Settings {
    /// Reads an optional file, and overrides its settings with `KEY=VALUE`.
    ///
    /// # Errors
    /// The file cannot be read, or a key or a value is invalid; the problems name every unknown key.
    pub fn read(file: Option<&Path>, over: &[String]) -> Result<Self, Vec<Problem>> {
        let mut all = file.map_or(Ok(Value::Null), from_file)?;
        if all.is_null() {
            all = Value::Object(Map::new());
        }
        for setting in over {
            let (key, value) = setting.split_once('=').ok_or_else(|| {
                vec![Problem::new(setting.as_str(), "is not a setting").help("write KEY=VALUE, such as time=4h")]
            })?;
            // Invalid YAML is text.
            let value = serde_yaml::from_str(value).ok().filter(|parsed: &Value| !parsed.is_null());
            set(&mut all, key, value.unwrap_or_else(|| Value::from(setting[key.len() + 1..].to_owned())))?;
        }
        let settings: Self = params::parse(&all)?;
        let problems = settings.problems();
        if problems.is_empty() { Ok(settings) } else { Err(problems) }
    }

    /// Time limit of a job.
    #[must_use]
    pub fn time(&self) -> Option<Duration> {
        self.time.as_deref().and_then(time::parse)
    }

    /// Memory of a job, in MiB.
    #[must_use]
    pub fn mem_mib(&self) -> Option<u64> {
        self.mem.as_deref().and_then(mebibytes)
    }

    fn problems(&self) -> Vec<Problem> {
        let mut found = Vec::new();
        if self.time.is_some() && self.time().is_none() {
            found.push(Problem::new("time", "is not a duration").help("write 90m, 4h, 2d or 04:00:00"));
        }
        if self.mem.is_some() && self.mem_mib().is_none() {
            found.push(Problem::new("mem", "is not an amount of memory").help("write 512M, 4G or 1T"));
        }
        if self.cpus == 0 {
            found.push(Problem::new("cpus", "must be at least 1"));
        }
        if self.throttle == Some(0) {
            found.push(Problem::new("throttle", "must be at least 1"));
        }
        let args = |name: &str, args: &[String]| {
            let bad = |arg: &&String| !arg.starts_with('-') || arg.contains(['\n', '\r']);
            args.iter().find(bad).map(|arg| {
                let path = format!("slurm.{name}");
                Problem::new(path, format!("{arg:?} is not an option of sbatch")).help("write one option, --name=value")
            })
        };
        found.extend(args("args", &self.slurm.args).into_iter().chain(args("gpu_args", &self.slurm.gpu_args)));
        let lines = [("partition", &self.slurm.partition), ("account", &self.slurm.account)];
        for (name, text) in lines {
            let invalid =
                |text: &&String| text.is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control());
            if text.as_ref().is_some_and(|text| invalid(&text)) {
                found.push(Problem::new(format!("slurm.{name}"), "must be one word"));
            }
        }
        found
    }
}

fn from_file(path: &Path) -> Result<Value, Vec<Problem>> {
    let named = |error: String| vec![Problem::new(path.display().to_string(), error)];
    let text = std::fs::read_to_string(path).map_err(|error| named(worded(error)))?;
    serde_yaml::from_str(&text).map_err(|error| named(error.to_string()))
}

/// Sets the value of a dotted key.
fn set(all: &mut Value, key: &str, value: Value) -> Result<(), Vec<Problem>> {
    let mut at = all;
    for part in key.split('.') {
        let Value::Object(block) = at else {
            return Err(vec![Problem::new(key, "has no settings below it")]);
        };
        at = block.entry(part).or_insert_with(|| Value::Object(Map::new()));
    }
    *at = value;
    Ok(())
}

fn mebibytes(text: &str) -> Option<u64> {
    let unit = text.chars().next_back()?;
    let count: u64 = text.strip_suffix(unit)?.parse().ok()?;
    let factor = match unit {
        'M' => 1,
        'G' => 1 << 10,
        'T' => 1 << 20,
        _ => return None,
    };
    count.checked_mul(factor).filter(|mib| *mib > 0)
}
