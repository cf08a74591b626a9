//! Workflows of CI systems that `genbench init ci` writes.

use std::path::PathBuf;

/// CI system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CiSystem {
    /// GitHub Actions.
    Github,
    /// GitLab CI.
    Gitlab,
}

impl CiSystem {
    /// Path of the workflow from the root of the repository.
    pub(crate) fn path(self) -> PathBuf {
        match self {
            Self::Github => ".github/workflows/genbench.yml".into(),
            Self::Gitlab => ".gitlab-ci.yml".into(),
        }
    }

    /// The workflow for a grid. `command` starts genbench.
    pub(crate) fn workflow(self, file: &str, name: &str, command: &str) -> String {
        let template = match self {
            Self::Github => include_str!("github.yml"),
            Self::Gitlab => include_str!("gitlab.yml"),
        };
        let quoted = file.replace('\\', "\\\\").replace('"', "\\\"");
        template.replace("@GRID@", &quoted).replace("@NAME@", name).replace("@COMMAND@", command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_to_fill_in() {
        for system in [CiSystem::Github, CiSystem::Gitlab] {
            let text = system.workflow("experiments/a \"b\".yaml", "quickstart", "cargo run --release --");
            assert!(["@GRID@", "@NAME@", "@COMMAND@"].iter().all(|place| !text.contains(place)), "{text}");
            assert!(text.contains("GRID: \"experiments/a \\\"b\\\".yaml\""), "{text}");
        }
    }

    /// The page shows the workflows as the command writes them.
    #[test]
    fn the_page_has_the_workflows() {
        let page = include_str!("../../../../docs/ci.md");
        for system in [CiSystem::Github, CiSystem::Gitlab] {
            let text = system.workflow("experiments/quickstart.yaml", "quickstart", "genbench");
            assert!(page.contains(&format!("```yaml\n{text}```\n")), "{}", system.path().display());
        }
    }
}
