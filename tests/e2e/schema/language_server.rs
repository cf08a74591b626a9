//! Client of the language server protocol: opens files, completes and hovers.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// A running language server.
pub(super) struct Server {
    child: Child,
    stdin: ChildStdin,
    messages: Receiver<Value>,
    next: u64,
}

impl Server {
    /// Starts yaml-language-server in a folder.
    pub(super) fn start(folder: &Path) -> Self {
        let mut child = Command::new("yaml-language-server")
            .arg("--stdio")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("yaml-language-server starts");
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        let (send, messages) = channel();
        std::thread::spawn(move || {
            while let Some(message) = read(&mut out) {
                if send.send(message).is_err() {
                    break;
                }
            }
        });
        let stdin = child.stdin.take().expect("piped");
        let mut server = Self { child, stdin, messages, next: 0 };
        let root = uri(folder);
        server.request("initialize", json!({"processId": null, "rootUri": root, "capabilities": {}}));
        server.notify("initialized", json!({}));
        server
    }

    /// Opens a file and returns the messages of the server.
    pub(super) fn open(&mut self, path: &Path, text: &str) -> Vec<String> {
        let document = json!({"uri": uri(path), "languageId": "yaml", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
        loop {
            let message = self.receive();
            if message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == uri(path) {
                let found = message["params"]["diagnostics"].as_array().cloned().unwrap_or_default();
                return found.iter().map(|one| one["message"].as_str().unwrap_or_default().to_owned()).collect();
            }
        }
    }

    /// Returns the completions at a position; line and column count from 0.
    pub(super) fn complete(&mut self, path: &Path, line: usize, column: usize) -> Vec<String> {
        let position = json!({"textDocument": {"uri": uri(path)}, "position": {"line": line, "character": column}});
        let answer = self.request("textDocument/completion", position);
        let items = answer["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["label"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Returns the description at a position; line and column count from 0.
    pub(super) fn hover(&mut self, path: &Path, line: usize, column: usize) -> String {
        let position = json!({"textDocument": {"uri": uri(path)}, "position": {"line": line, "character": column}});
        self.request("textDocument/hover", position)["contents"].to_string()
    }

    /// Sends a request and returns its result.
    fn request(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let message = self.receive();
            if message["id"] == id && message.get("method").is_none() {
                return message["result"].clone();
            }
        }
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// Returns the next message. Requests of the server get an empty answer.
    fn receive(&mut self) -> Value {
        let message = self.messages.recv_timeout(Duration::from_secs(60)).expect("a message of the server");
        if let (Some(id), Some(_)) = (message.get("id"), message.get("method")) {
            let settings = message["params"]["items"].as_array().map(|items| vec![Value::Null; items.len()]);
            self.send(&json!({"jsonrpc": "2.0", "id": id, "result": settings}));
        }
        message
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.stdin, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("the server reads");
        self.stdin.flush().expect("the server reads");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads one message; `None` at the end of the stream.
fn read(out: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if out.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => {
                if let Some(count) = header.strip_prefix("Content-Length: ") {
                    length = count.parse().ok()?;
                }
            }
        }
    }
    let mut body = vec![0; length];
    out.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

pub(super) fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}
