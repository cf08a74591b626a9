//! Version of this program and description of its machine.

use protocol::Host;

/// Version of genbench, with the git commit of the build if it is known.
pub(crate) const VERSION: &str = match option_env!("GENBENCH_GIT") {
    Some(git) => git,
    None => env!("CARGO_PKG_VERSION"),
};

/// Describes the machine and the number of threads of this process.
pub(crate) fn describe() -> Host {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = std::env::var("RAYON_NUM_THREADS").ok().and_then(|text| text.parse().ok()).unwrap_or(cores);
    Host {
        name: nix::unistd::gethostname().ok().and_then(|name| name.into_string().ok()).unwrap_or_default(),
        os: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
        cpu: engine::device::cpu_model(),
        cores,
        threads,
    }
}
