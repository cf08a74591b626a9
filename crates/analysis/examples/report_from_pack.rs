//! Unpacks a pack into a folder and writes its report there: `FOLDER/<grid>/report.html`.
//!
//! `cargo run -p genbench-analysis --example report_from_pack -- PACK FOLDER`

use std::path::PathBuf;

use analysis::pack::{UnpackOptions, unpack};
use analysis::{ReportContext, Results, report};
use protocol::Plan;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut paths = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(pack), Some(folder)) = (paths.next(), paths.next()) else {
        return Err("two arguments are needed: the file of a pack and a folder".into());
    };
    let grid = unpack(&pack, &folder, &UnpackOptions { force: true, ..UnpackOptions::default() })?.grid;
    let results = Results::read(grid.clone(), Plan::read(&grid)?);
    let context = ReportContext { genbench: env!("CARGO_PKG_VERSION").to_owned(), ..ReportContext::default() };
    report(&results, &context)?;
    Ok(())
}
