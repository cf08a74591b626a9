//! Reading of grid files from disk.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use protocol::worded;

use crate::diagnostics::{Diagnostic, Diagnostics};

/// Size of the largest grid file, in bytes.
const MAX_BYTES: u64 = 4 << 20;

/// Returns the name of a file for messages, and its text.
pub(crate) fn text_of(path: &Path) -> Result<(String, String), Diagnostics> {
    let name = path.display().to_string();
    let failed = |why: String| Diagnostics::from(Diagnostic::error(format!("failed to read {name}: {why}")));
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| failed(worded(error)))?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| failed(worded(error)))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(failed(format!("larger than {MAX_BYTES} bytes")));
    }
    let text = String::from_utf8(bytes)
        .map_err(|error| failed(format!("not UTF-8 text at byte {}", error.utf8_error().valid_up_to())))?;
    Ok((name, text))
}
