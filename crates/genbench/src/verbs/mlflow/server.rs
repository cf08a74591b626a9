//! HTTP client of an MLflow server.

use std::time::Duration;

use analysis::export::mlflow::{Request, authorization};
use protocol::worded;
use serde_json::Value;
use ureq::http::{HeaderValue, Response, header};
use ureq::{Agent, Body, RequestBuilder};

use crate::failure::Failure;

const CONNECT: Duration = Duration::from_secs(10);
/// Timeout of a request, as in MLflow's client.
const REQUEST: Duration = Duration::from_secs(120);
/// Most bytes of an answer.
const ANSWER: u64 = 64 << 20;
/// Most characters of an answer in an error message.
const SHOWN: usize = 300;
/// Variable with the address of the server.
const ADDRESS: &str = "MLFLOW_TRACKING_URI";

/// A server with its address.
pub(super) struct Server {
    agent: Agent,
    address: String,
    authorization: Option<String>,
}

impl Server {
    /// The server at `uri`, by default at the address in the environment.
    pub(super) fn new(uri: Option<&str>) -> Result<Self, Failure> {
        let variable = |name: &str| std::env::var(name).ok();
        let address = checked(uri.map(str::to_owned).or_else(|| variable(ADDRESS)).unwrap_or_default())?;
        let authorization = authorization(variable);
        if authorization.as_ref().is_some_and(|value| HeaderValue::from_str(value).is_err()) {
            let why = "a user name, password or token of MLFLOW_TRACKING_* has a character that no header may have";
            return Err(Failure::usage(format!("{why}\nhelp: remove line breaks and control characters")));
        }
        let config = Agent::config_builder()
            .timeout_connect(Some(CONNECT))
            .timeout_global(Some(REQUEST))
            .http_status_as_error(false)
            // A redirected POST request would become a GET request.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("genbench/", env!("CARGO_PKG_VERSION")));
        Ok(Self { agent: config.build().into(), address, authorization })
    }

    /// The address without a slash at its end.
    pub(super) fn address(&self) -> &str {
        &self.address
    }

    /// Sends a request and returns the answer.
    pub(super) fn call(&self, request: &Request) -> Result<Value, Failure> {
        Ok(self.call_unless(request, "")?.unwrap_or_default())
    }

    /// Sends a request and returns the answer; `None` if the server answers with the error code `expected`.
    pub(super) fn call_unless(&self, request: &Request, expected: &str) -> Result<Option<Value>, Failure> {
        let url = format!("{}/{}", self.address, request.path());
        let (method, sent) = match request {
            Request::ExperimentByName { experiment_name } => {
                let get = self.agent.get(&url).query("experiment_name", experiment_name);
                ("GET", self.authorized(get).call())
            }
            _ => {
                let post = self.agent.post(&url).header(header::CONTENT_TYPE, "application/json");
                ("POST", self.authorized(post).send(serde_json::to_string(request).unwrap_or_default()))
            }
        };
        let what = format!("{method} {url}");
        let (status, text) = answer(&what, sent)?;
        match serde_json::from_str::<Value>(&text) {
            Ok(answer) if status == 200 && answer.is_object() => Ok(Some(answer)),
            Ok(answer) if !expected.is_empty() && answer["error_code"] == expected => Ok(None),
            _ => Err(refused(&what, status, &text)),
        }
    }

    /// Uploads a picture.
    pub(super) fn put(&self, path: &str, png: &[u8]) -> Result<(), Failure> {
        let url = format!("{}/{path}", self.address);
        let put = self.agent.put(&url).header(header::CONTENT_TYPE, "image/png");
        let what = format!("PUT {url}");
        match answer(&what, self.authorized(put).send(png))? {
            (200, _) => Ok(()),
            (status, text) => Err(refused(&what, status, &text)),
        }
    }

    fn authorized<T>(&self, request: RequestBuilder<T>) -> RequestBuilder<T> {
        match &self.authorization {
            Some(value) => request.header(header::AUTHORIZATION, value),
            None => request,
        }
    }
}

/// Status and text of the answer to a request; the target of a redirection instead of its text.
fn answer(what: &str, sent: Result<Response<Body>, ureq::Error>) -> Result<(u16, String), Failure> {
    let read = sent.and_then(|mut response| {
        let target = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let text = response.body_mut().with_config().limit(ANSWER).lossy_utf8(true).read_to_string()?;
        let is_redirect = response.status().is_redirection();
        Ok((response.status().as_u16(), target.filter(|_| is_redirect).unwrap_or(text)))
    });
    read.map_err(|error| {
        let help = format!("start the server with `mlflow server`, or correct --tracking-uri or {ADDRESS}");
        Failure::environment(format!("no answer to {what}: {}\nhelp: {help}", worded(error)))
    })
}

/// The address, if it is one of a server.
fn checked(uri: String) -> Result<String, Failure> {
    let help = "start a server with `mlflow server --backend-store-uri sqlite:///mlflow.db`, then add `--tracking-uri \
                http://127.0.0.1:5000`";
    if uri.is_empty() {
        return Err(Failure::usage(format!(
            "neither --tracking-uri nor {ADDRESS} names an MLflow server\nhelp: {help}"
        )));
    }
    // The addresses of databases have passwords, which are not printed. The address of a page of MLflow has a fragment.
    let uri = uri.split(['#', '?']).next().unwrap_or_default().trim();
    let (scheme, rest) = uri.split_once("://").unwrap_or((uri, ""));
    if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) || rest.is_empty() {
        return Err(Failure::usage(format!("{scheme}: the tracking URI is no http or https address\nhelp: {help}")));
    }
    if rest.split('/').next().is_some_and(|host| host.contains('@')) {
        let help = "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD instead";
        return Err(Failure::usage(format!("the tracking URI has a user name or a password\nhelp: {help}")));
    }
    Ok(uri.trim_end_matches('/').to_owned())
}

/// The error for an answer that is none of MLflow, or an error of MLflow.
fn refused(what: &str, status: u16, text: &str) -> Failure {
    let answer = serde_json::from_str::<Value>(text).unwrap_or_default();
    let said = match (answer["error_code"].as_str(), answer["message"].as_str()) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        _ => text.split_whitespace().collect::<Vec<_>>().join(" "),
    };
    let said: String = said.chars().take(SHOWN).collect();
    let help = match status {
        300..=399 => "use the address to which the server redirects",
        401 | 403 => "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN",
        _ if answer["error_code"].is_string() => "correct the cause and export again, which replaces the runs",
        500.. => "look into the log of the server, and export again, which replaces the runs",
        _ => "correct --tracking-uri or MLFLOW_TRACKING_URI: no MLflow server answers there",
    };
    Failure::environment(format!("the answer to {what} is http status {status}: {said}\nhelp: {help}"))
}

/// A text in an answer.
pub(super) fn field(answer: &Value, pointer: &str) -> Result<String, Failure> {
    let text = answer.pointer(pointer).and_then(Value::as_str);
    let help = "correct --tracking-uri or MLFLOW_TRACKING_URI: no MLflow server answers there";
    let why = || Failure::environment(format!("the answer of the server lacks {pointer}\nhelp: {help}"));
    text.map(str::to_owned).ok_or_else(why)
}
