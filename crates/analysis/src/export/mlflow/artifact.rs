//! Addresses of artifacts on a server that passes them on to its storage.

use std::path::Path;

/// Path of the request that uploads a sample sheet to a run whose artifacts are at `root`. `None` if the server does not
/// pass them on, so that only a client with access to the storage can write there.
#[must_use]
pub fn artifact_path(root: &str, sheet: &Path) -> Option<String> {
    let path = root.strip_prefix("mlflow-artifacts:")?;
    // After `//` there is another host, or none.
    let path = path.strip_prefix("//").unwrap_or(path).strip_prefix('/')?;
    let file = sheet.file_name().unwrap_or_default().to_string_lossy();
    Some(format!("api/2.0/mlflow-artifacts/artifacts/{}", encoded(&format!("{path}/sheets/{file}"))))
}

/// A path with percent-encoded characters, except for those that every address may have.
fn encoded(path: &str) -> String {
    let byte = |byte: u8| match byte {
        b'/' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    path.bytes().map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_are_uploaded_through_the_server_only() {
        let path = |root: &str| artifact_path(root, Path::new("samples/of captions.png"));
        let expected = "api/2.0/mlflow-artifacts/artifacts/1/ab/artifacts/sheets/of%20captions.png";
        assert_eq!(path("mlflow-artifacts:/1/ab/artifacts").as_deref(), Some(expected));
        assert_eq!(path("mlflow-artifacts:///1/ab/artifacts").as_deref(), Some(expected));
        for root in ["mlflow-artifacts://host:80/1/ab", "s3://bucket/1", "/srv/mlruns/1", "mlflow-artifacts"] {
            assert_eq!(path(root), None, "{root}");
        }
    }
}
