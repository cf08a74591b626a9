//! Environment variables that a process needs from its start to train.

use std::process::Command;

#[cfg(not(unix))]
use protocol::exit;

use crate::failure::Failure;

/// Restarts the process with the environment of a worker, unless it has that environment already.
///
/// Burn reads its default device, on which it restores optimisers, and its number of threads from the environment
/// before the first tensor. `MIMALLOC_PURGE_DELAY` keeps memory that a step frees for the next one: mimalloc's default
/// returns it to the system within 10 ms, and clearing fresh pages took up to 40% of a step of convolutions. Drivers of GPUs
/// look for a display in `XDG_RUNTIME_DIR` and warn if it is unset, as it is in a container; a folder that does not exist
/// has none.
pub(crate) fn ensure(device: &str) -> Result<(), Failure> {
    const DONE: &str = "GENBENCH_WORKER";
    if std::env::var_os(DONE).is_some() {
        return Ok(());
    }
    let mut command = Command::new(std::env::current_exe()?);
    command.args(std::env::args_os().skip(1)).env(DONE, "1").env("BURN_DEVICE", "flex");
    if device == "flex" && std::env::var_os("RAYON_NUM_THREADS").is_none() {
        command.env("RAYON_NUM_THREADS", "1");
    }
    if std::env::var_os("MIMALLOC_PURGE_DELAY").is_none() {
        command.env("MIMALLOC_PURGE_DELAY", "60000");
    }
    if device != "flex" && std::env::var_os("XDG_RUNTIME_DIR").is_none() {
        command.env("XDG_RUNTIME_DIR", "/nonexistent");
    }
    Err(replace_process(command))
}

#[cfg(unix)]
fn replace_process(mut command: Command) -> Failure {
    use std::os::unix::process::CommandExt;
    Failure::from(command.exec())
}

#[cfg(not(unix))]
fn replace_process(mut command: Command) -> Failure {
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(i32::from(exit::WORKER_FAILED))),
        Err(error) => Failure::from(error),
    }
}
