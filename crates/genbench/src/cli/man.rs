//! Completions of shells and man pages, from the definition of the command line.

use std::io;

use clap::{Command, CommandFactory};
use clap_complete::Shell;
use clap_mangen::Man;

use super::Cli;

/// Completions of a shell, for a program of this name.
pub(crate) fn completions(shell: Shell, name: &str) -> Vec<u8> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), name, &mut text);
    text
}

/// Man pages by file name: one for the program and one for each verb that `--help` lists.
///
/// # Errors
/// None is expected, since pages are written into memory.
pub(crate) fn man_pages(name: &'static str) -> io::Result<Vec<(String, Vec<u8>)>> {
    // Names of verbs, such as `genbench-run`, derive from that of the program.
    let mut program = Cli::command().name(name).bin_name(name).disable_help_subcommand(true);
    program.build();
    let mut pages = Vec::new();
    collect(&program, &mut pages)?;
    Ok(pages)
}

fn collect(command: &Command, pages: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name()).to_owned();
    let mut text = Vec::new();
    Man::new(command.clone()).render(&mut text)?;
    pages.push((format!("{name}.1"), text));
    command.get_subcommands().filter(|verb| !verb.is_hide_set()).try_for_each(|verb| collect(verb, pages))
}

#[cfg(test)]
mod tests {
    use std::process::{Command as Process, Stdio};

    use clap::ValueEnum;

    use super::*;

    fn verbs() -> Vec<String> {
        let program = Cli::command();
        let shown = program.get_subcommands().filter(|verb| !verb.is_hide_set());
        shown.map(|verb| verb.get_name().to_owned()).collect()
    }

    /// Shells that are found check the syntax.
    #[test]
    fn completions_have_every_verb() {
        let folder = tempfile::tempdir().expect("a folder");
        for shell in Shell::value_variants() {
            let text = completions(*shell, "genbench");
            let script = String::from_utf8(text).expect("text");
            for verb in verbs() {
                assert!(script.contains(&verb), "{shell}: {verb}");
            }
            let file = folder.path().join(shell.to_string());
            std::fs::write(&file, script).expect("written");
            let check = Process::new(shell.to_string()).arg("-n").arg(&file).stdin(Stdio::null()).output();
            // The shell may not be installed, or has no check of its syntax.
            if let (Shell::Bash | Shell::Zsh | Shell::Fish, Ok(output)) = (shell, check) {
                assert!(output.status.success() && output.stderr.is_empty(), "{shell}: {output:?}");
            }
        }
    }

    #[test]
    fn there_is_a_man_page_for_every_verb() {
        let pages = man_pages("genbench").expect("pages");
        let names: Vec<&str> = pages.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[0], "genbench.1");
        for verb in verbs() {
            assert!(names.contains(&format!("genbench-{verb}.1").as_str()), "{verb}: {names:?}");
        }
        assert!(
            names.contains(&"genbench-data-fetch.1") && !names.iter().any(|name| name.contains("probe")),
            "{names:?}"
        );
        for (name, text) in &pages {
            let text = String::from_utf8_lossy(text);
            assert!(text.contains(".TH") && text.contains("Example"), "{name}: {text}");
        }
        let run = pages.iter().find(|(name, _)| name == "genbench-run.1").expect("a page");
        let text = String::from_utf8_lossy(&run.1).replace("\\-", "-");
        assert!(text.contains("--max-failures") && text.contains("130 interrupted"), "{text}");
    }
}
