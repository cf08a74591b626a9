//! Errors of a full or read-only file system.

/// Messages of the operating system for a folder that cannot be written. They are compared as text, because they
/// arrive through the stderr of a worker and through errors of libraries.
pub const DISK_FULL_MESSAGES: [&str; 3] = ["No space left on device", "Disk quota exceeded", "Read-only file system"];
