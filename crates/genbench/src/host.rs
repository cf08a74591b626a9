//! Version and build of this program, and description of its machine.

use protocol::{Build, Host};
use serde_json::json;

/// Version of Burn, as the workspace pins it.
const BURN: &str = "0.22.1";

/// Version of genbench, with the git commit of the build if it is known.
pub(crate) const VERSION: &str = match option_env!("GENBENCH_GIT") {
    Some(git) => git,
    None => env!("CARGO_PKG_VERSION"),
};

/// Describes the build of this program; `own` is the name and version of a package that adds models.
pub(crate) fn build(own: Option<&(String, String)>) -> Build {
    let known = [("burn", BURN), ("genbench", env!("CARGO_PKG_VERSION"))];
    let known = known.map(|(name, version)| (name.to_owned(), version.to_owned()));
    let code = json!({
        "data": data::CODE_HASH, "nn": nn::CODE_HASH, "engine": engine::CODE_HASH, "zoo": zoo::CODE_HASH, "burn": BURN,
        "own": own,
    });
    Build {
        packages: known.into_iter().chain(own.cloned()).collect(),
        commit: option_env!("GENBENCH_COMMIT").map(str::to_owned),
        dirty: option_env!("GENBENCH_DIRTY").map(|dirty| dirty == "true"),
        code: protocol::trial::digest(&code)[..16].to_owned(),
        fault: nn::faults::active().ok().flatten().map(str::to_owned),
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_a_package_of_ones_own_is_part_of_the_code() {
        let own = |version: &str| Some(("flows".to_owned(), version.to_owned()));
        let (none, one, two) = (build(None), build(own("0.1.0").as_ref()), build(own("0.2.0").as_ref()));
        assert_eq!(one.packages["flows"], "0.1.0");
        assert!(none.code != one.code && one.code != two.code && one == build(own("0.1.0").as_ref()));
        assert_eq!((none.code.len(), none.fault), (16, None));
    }

    #[test]
    fn the_version_of_burn_is_that_of_the_workspace() {
        let manifest: toml::Table = include_str!("../../../Cargo.toml").parse().expect("a manifest");
        let pinned = manifest["workspace"]["dependencies"]["burn"]["version"].as_str();
        assert_eq!(pinned, Some(format!("={BURN}").as_str()));
    }
}
