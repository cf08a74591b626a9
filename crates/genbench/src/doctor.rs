//! Devices of this machine: which exist, which work, and which one `auto` selects.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use engine::device::{Adapter, HAS_WGPU, adapters, cpu_model};
use grid::Device;
use protocol::{Problem, exit, worded};
use serde_json::{Value, json};

use crate::cli::TextOrJson;
use crate::failure::Failure;
use crate::output::{self, say};
use crate::probe::ProbeResult;

/// Time limit of a probe.
const PROBE_TIMEOUT: Duration = Duration::from_secs(120);

/// Returns the device that `request` selects on this machine. `auto` selects a hardware adapter that passes a probe in
/// a child process, else `flex`.
pub(crate) fn choose(request: &str) -> Result<Device, Problem> {
    let plain = |name: String| Ok(Device { name, why: None });
    match request {
        "auto" => Ok(automatic()),
        "flex" => plain("flex".into()),
        other => match engine::device::open(other) {
            Ok((_, used)) => plain(used.name),
            Err(error) => Err(Problem::new("device", error.to_string())
                .help("auto, flex, wgpu or wgpu:N; `genbench doctor` lists adapters")),
        },
    }
}

fn automatic() -> Device {
    let adapters = adapters();
    let flex = |why: String| Device { name: "flex".into(), why: Some(why) };
    let Some(adapter) = adapters.iter().find(|adapter| adapter.is_hardware()) else {
        return flex(match adapters.first() {
            Some(software) => {
                format!("auto: flex, because the only graphics adapter ({}) is a software renderer", software.name)
            }
            None if HAS_WGPU => "auto: flex, because no graphics adapter was found".into(),
            None => "auto: flex, because this build has no wgpu".into(),
        });
    };
    let name = format!("wgpu:{}", adapter.index);
    match probe(&name) {
        Ok(found) => Device {
            why: Some(format!(
                "auto: {name} ({}, {}), {:.1} ms per training step",
                adapter.name, adapter.api, found.step_ms
            )),
            name,
        },
        Err(why) => flex(format!("auto: flex, because {name} ({}) failed its probe: {why}", adapter.name)),
    }
}

/// Trains a few steps on a device in a child process.
fn probe(device: &str) -> Result<ProbeResult, String> {
    let program = std::env::current_exe().map_err(worded)?;
    let mut child = Command::new(program)
        .args(["probe", device])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(worded)?;
    let began = Instant::now();
    let status = loop {
        match child.try_wait().map_err(worded)? {
            Some(status) => break status,
            None if began.elapsed() > PROBE_TIMEOUT => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("no answer within {} s", PROBE_TIMEOUT.as_secs()));
            }
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let mut text = String::new();
    if let Some(mut out) = child.stdout.take() {
        out.read_to_string(&mut text).map_err(worded)?;
    }
    if !status.success() {
        return Err(format!("the probe ended with {status}"));
    }
    serde_json::from_str(text.trim()).map_err(|error| format!("the probe's output cannot be read: {error}"))
}

/// A device with the result of its probe.
struct Probed<'a> {
    device: String,
    name: String,
    /// `None` for the processor.
    adapter: Option<&'a Adapter>,
    result: Result<ProbeResult, String>,
}

impl Probed<'_> {
    fn print(&self) -> std::io::Result<()> {
        let Self { device, name, adapter, result } = self;
        let result = match result {
            Ok(found) => format!("{:.2} ms per step, first step after {:.1} s", found.step_ms, found.first_step_s),
            Err(why) => format!("failed: {why}"),
        };
        let (class, driver) = match adapter {
            Some(adapter) => (format!("{}, {}", adapter.class, adapter.api), adapter.driver.as_str()),
            None => ("processor".to_owned(), ""),
        };
        let driver = if driver.is_empty() { String::new() } else { format!(", driver {driver}") };
        say!("{device:9} {name} ({class}{driver}): {result}")?;
        if let Some(adapter) = adapter {
            say!("{:9} features: {}", "", adapter.features.join(", "))?;
            say!("{:9} limits: {}", "", adapter.limits.join(", "))?;
        }
        Ok(())
    }

    fn json(&self) -> Value {
        let adapter = self.adapter;
        let (result, error) = (self.result.as_ref().ok(), self.result.as_ref().err());
        json!({
            "device": self.device, "name": self.name,
            "class": adapter.map_or("processor".to_owned(), |adapter| adapter.class.to_string()),
            "api": adapter.map(|adapter| adapter.api.to_string()),
            "driver": adapter.map(|adapter| &adapter.driver).filter(|driver| !driver.is_empty()),
            "features": adapter.map(|adapter| &adapter.features), "limits": adapter.map(|adapter| &adapter.limits),
            "step_ms": result.map(|found| found.step_ms), "first_step_s": result.map(|found| found.first_step_s),
            "error": error,
        })
    }
}

/// Prints every device with its driver and a measured step time, then the one that `auto` selects.
pub(crate) fn run(format: TextOrJson) -> Result<u8, Failure> {
    let table = format == TextOrJson::Table;
    if table {
        say!("measured: one training step of a VAE 784-400-20, batch size 128, Adam\n")?;
    }
    let adapters = adapters();
    let processor = [("flex".to_owned(), cpu_model(), None)];
    let graphics = adapters.iter().map(|one| (format!("wgpu:{}", one.index), one.name.clone(), Some(one)));
    for (device, name, adapter) in processor.into_iter().chain(graphics) {
        let probed = Probed { result: probe(&device), device, name, adapter };
        if table { probed.print()? } else { print_json(&probed.json())? }
    }
    let automatic = automatic();
    if !table {
        print_json(&json!({"auto": automatic.name, "why": automatic.why}))?;
        return Ok(exit::DONE);
    }
    if !HAS_WGPU {
        say!("no graphics adapters: this build has no wgpu (the feature `wgpu` adds it)")?;
    } else if adapters.is_empty() {
        say!("no graphics adapter: wgpu found no driver for Vulkan, Metal or DirectX 12")?;
    }
    say!("\n{}", automatic.why.unwrap_or_default())?;
    Ok(exit::DONE)
}

fn print_json(line: &Value) -> std::io::Result<()> {
    let mut out = output::stdout();
    writeln!(out, "{line}")?;
    out.flush()
}
