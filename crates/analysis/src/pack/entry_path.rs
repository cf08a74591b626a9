//! Paths that a pack may contain.

/// Files of a grid's folder in a pack. Other files there are made from these and from the trials.
pub(super) const TOP: [&str; 3] = [PLAN, "grid.yaml", "timing.csv"];
/// The plan, which every pack has.
pub(super) const PLAN: &str = "plan.json";
/// Extensions of files of a trial in a pack.
pub(super) const EXTENSIONS: [&str; 4] = ["json", "jsonl", "npy", "png"];
/// Folder of all trials in the archive.
pub(super) const TRIALS: &str = "trials";
/// Longest path that the header of a tar archive holds in one part, as every `tar` reads it.
const LONGEST: usize = 255;

/// Returns whether a pack may contain a file of this path. No such path leads out of the folder of the grid.
///
/// ```text
/// plan.json, grid.yaml, timing.csv
/// trials/<id>/<name>, trials/<id>/<folder>/<name>     with the extensions json, jsonl, npy and png
/// ```
pub(super) fn is_allowed(path: &str) -> bool {
    if TOP.contains(&path) {
        return true;
    }
    let parts: Vec<&str> = path.split('/').collect();
    let known = path.rsplit_once('.').is_some_and(|(_, extension)| EXTENSIONS.contains(&extension));
    let depth = parts.len() == 3 || parts.len() == 4;
    depth && known && parts[0] == TRIALS && path.len() <= LONGEST && parts.iter().all(|part| is_plain(part))
}

/// Returns whether a text is safe as the name of a file or a folder: no separator, no control character, not hidden, and
/// no option of a command line.
pub(super) fn is_plain(name: &str) -> bool {
    let starts = name.starts_with(['.', '-']);
    !name.is_empty() && !starts && !name.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for good in ["plan.json", "trials/0123456789ab/outcome.json", "trials/0123456789ab/per_image/ais.0f3ba297.npy"]
        {
            assert!(is_allowed(good), "{good}");
        }
        let long = format!("trials/{}/a.json", "x".repeat(300));
        for bad in [
            "",
            "/plan.json",
            "../plan.json",
            "trials/../../x.json",
            "trials/./x.json",
            "trials//x.json",
            "trials/a/../x.json",
            "trials/a/b/c/x.json",
            "trials/a/x.sh",
            "trials/a/lock",
            "trials/a/x.json/",
            "trials/a\\..\\x.json",
            "trials/a/\u{7}.json",
            "trials/a/.x.json",
            "trials/-rf/x.json",
            "report.html",
            "summary.csv",
            "plan.json/x.json",
            "Trials/a/x.json",
            long.as_str(),
        ] {
            assert!(!is_allowed(bad), "{bad}");
        }
    }
}
