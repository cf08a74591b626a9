//! Sample sheets of a trial as images.

use std::{fs, io};

use super::protobuf::{bytes, whole};
use crate::export::sheets::sheets;
use crate::store::Record;

/// A summary value per sheet, in the order of their names; none if the trial has no sheets.
pub(super) fn pictures(record: &Record) -> io::Result<Vec<Vec<u8>>> {
    let mut pictures = Vec::new();
    for file in sheets(record)? {
        let png =
            fs::read(&file).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        pictures
            .extend(image(&png).map(|image| bytes(1, [bytes(1, format!("sheets/{name}")), bytes(4, image)].concat())));
    }
    Ok(pictures)
}

/// Image of a PNG: height, width, channels and the file; `None` for another file.
fn image(png: &[u8]) -> Option<Vec<u8>> {
    let header = png.strip_prefix(b"\x89PNG\r\n\x1a\n")?;
    let number = |at: usize| {
        header.get(at..at + 4).map(|four| u64::from(u32::from_be_bytes([four[0], four[1], four[2], four[3]])))
    };
    let channels = match header.get(17)? {
        0 => 1,
        4 => 2,
        6 => 4,
        _ => 3,
    };
    Some([whole(1, number(12)?), whole(2, number(8)?), whole(3, channels), bytes(4, png)].concat())
}
