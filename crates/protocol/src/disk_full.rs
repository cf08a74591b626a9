//! Errors of a file system without room.

/// Messages of the operating system when a folder cannot be written. They are compared as text, because they reach
/// us through a worker's stderr and through errors of libraries.
pub const DISK_FULL_MESSAGES: [&str; 3] = ["No space left on device", "Disk quota exceeded", "Read-only file system"];
