//! `list`, `completions` and `man`: what the program has, for people, shells and `man`.

use std::ffi::OsStr;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use protocol::text::{count, wrapped};
use protocol::{atomic, exit};
use serde_json::json;

use crate::cli::{self, CompletionsArgs, ListArgs, ManArgs, TextOrJson};
use crate::failure::Failure;
use crate::output::{self, say};
use crate::registry::{Line, Registry};

/// Lists the entries of a kind.
pub(crate) fn list(args: &ListArgs, registry: &Registry) -> Result<u8, Failure> {
    let entries = registry.list(&args.what)?;
    match args.format {
        TextOrJson::Table => for_people(&entries)?,
        TextOrJson::Json => as_json(&args.what, &entries)?,
    }
    Ok(exit::DONE)
}

fn for_people(entries: &[Line]) -> io::Result<()> {
    let (mut out, width) = (output::people(), output::Stream::Out.width());
    for (name, about, defaults) in entries {
        for line in wrapped(&format!("{name:14} "), about, width) {
            writeln!(out, "{line}")?;
        }
        for (setting, value) in defaults.as_object().into_iter().flatten() {
            writeln!(out, "{:14}   {setting}: {value}", "")?;
        }
    }
    out.flush()
}

fn as_json(kind: &str, entries: &[Line]) -> io::Result<()> {
    let mut out = BufWriter::new(output::stdout());
    for (name, about, defaults) in entries {
        writeln!(out, "{}", json!({"kind": kind, "name": name, "about": about, "settings": defaults}))?;
    }
    out.flush()
}

/// Prints the completions of a shell, for the name of this executable.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<u8, Failure> {
    let mut out = output::stdout();
    out.write_all(&cli::completions(args.shell, executable()))?;
    out.flush()?;
    Ok(exit::DONE)
}

/// Writes a man page for the program and for each verb that `--help` lists.
pub(crate) fn man(args: &ManArgs) -> Result<u8, Failure> {
    let pages = cli::man_pages(executable())?;
    for (name, text) in &pages {
        atomic::write(&args.out.join(name), text)?;
    }
    say!("{} in {}", count(pages.len(), "page"), args.out.display())?;
    Ok(exit::DONE)
}

/// Name of this executable, which is another one for a program with entries of its own.
fn executable() -> &'static str {
    let path = std::env::current_exe().ok();
    match path.as_deref().and_then(Path::file_stem).and_then(OsStr::to_str) {
        // clap keeps names for as long as the program runs.
        Some(stem) => String::leak(stem.to_owned()),
        None => "genbench",
    }
}
