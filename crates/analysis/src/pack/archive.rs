//! Writing of the archive: plain tar (ustar) inside gzip, the same bytes for the same content.

use std::io;

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use super::manifest::{MANIFEST, Manifest};
use super::part::Part;

/// The bytes of a pack.
pub(super) fn write(manifest: &Manifest, files: &[(String, Vec<u8>)]) -> io::Result<Vec<u8>> {
    let mut first = serde_json::to_vec_pretty(manifest).map_err(io::Error::other)?;
    first.push(b'\n');
    let mut archive = archive();
    append(&mut archive, MANIFEST, &first)?;
    for (path, bytes) in files {
        append(&mut archive, path, bytes)?;
    }
    finish(archive)
}

/// Compressed size of each part by itself, the largest first.
pub(super) fn sizes(files: &[(String, Vec<u8>)]) -> io::Result<Vec<(Part, usize)>> {
    let parts = [Part::Records, Part::Terms, Part::Curves, Part::Samples];
    let size = |part: Part| {
        let mut archive = archive();
        for (path, bytes) in files.iter().filter(|(path, _)| Part::of(path) == part) {
            append(&mut archive, path, bytes)?;
        }
        let empty = !files.iter().any(|(path, _)| Part::of(path) == part);
        Ok((part, if empty { 0 } else { finish(archive)?.len() }))
    };
    let mut sizes = parts.into_iter().map(size).collect::<io::Result<Vec<_>>>()?;
    sizes.sort_by_key(|(part, size)| (std::cmp::Reverse(*size), *part));
    Ok(sizes)
}

type Archive = Builder<flate2::write::GzEncoder<Vec<u8>>>;

fn archive() -> Archive {
    // No time, no file name, and a fixed operating system: nothing that differs between two packs.
    let gzip = GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::best());
    Builder::new(gzip)
}

fn append(archive: &mut Archive, path: &str, bytes: &[u8]) -> io::Result<()> {
    let mut header = Header::new_ustar();
    header.set_path(path)?;
    header.set_size(bytes.len() as u64);
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o644);
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header.set_cksum();
    archive.append(&header, bytes)
}

fn finish(archive: Archive) -> io::Result<Vec<u8>> {
    archive.into_inner()?.finish()
}
