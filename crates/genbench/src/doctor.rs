//! Devices of this machine: which exist, which work, and which one `auto` selects.

use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use engine::device::{Adapter, HAS_WGPU, adapters, cpu_model};
use grid::Device;
use protocol::{Problem, exit, worded};

use crate::failure::Failure;
use crate::output::say;
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

/// Prints every device with its driver and a measured step time.
pub(crate) fn run() -> Result<u8, Failure> {
    say!("measured: one training step of a VAE 784-400-20, batch size 128, Adam\n")?;
    line("flex", &cpu_model(), "processor", "", &probe("flex"))?;
    let adapters = adapters();
    for adapter in &adapters {
        let Adapter { index, name, driver, api, class, .. } = adapter;
        line(&format!("wgpu:{index}"), name, &format!("{class}, {api}"), driver, &probe(&format!("wgpu:{index}")))?;
        say!("{:9} features: {}", "", adapter.features.join(", "))?;
        say!("{:9} limits: {}", "", adapter.limits.join(", "))?;
    }
    if !HAS_WGPU {
        say!("no graphics adapters: this build has no wgpu (the feature `wgpu` adds it)")?;
    } else if adapters.is_empty() {
        say!("no graphics adapter: wgpu found no driver for Vulkan, Metal or DirectX 12")?;
    }
    say!("\n{}", automatic().why.unwrap_or_default())?;
    Ok(exit::DONE)
}

fn line(
    device: &str,
    name: &str,
    class: &str,
    driver: &str,
    found: &Result<ProbeResult, String>,
) -> std::io::Result<()> {
    let result = match found {
        Ok(found) => format!("{:.2} ms per step, first step after {:.1} s", found.step_ms, found.first_step_s),
        Err(why) => format!("failed: {why}"),
    };
    let driver = if driver.is_empty() { String::new() } else { format!(", driver {driver}") };
    say!("{device:9} {name} ({class}{driver}): {result}")
}
