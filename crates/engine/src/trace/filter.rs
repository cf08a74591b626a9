//! Filter of the spans and events in a trace.

use tracing::level_filters::LevelFilter;
use tracing::{Metadata, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{FilterExt, filter_fn};
use tracing_subscriber::layer::Filter;
use tracing_subscriber::registry::LookupSpan;

/// Name that `tracing-log` gives to records of the `log` crate, which Burn, CubeCL and wgpu use.
const LOG_RECORD: &str = "log record";

/// Filter of a trace: spans and events of `tracing` from level INFO, warnings of the `log` crate, and additions by
/// `RUST_LOG`.
///
/// `RUST_LOG` cannot remove entries, because progress and tables are computed from the trace.
pub fn trace_filter<S>() -> impl Filter<S> + Send + Sync + 'static
where
    S: Subscriber + for<'a> LookupSpan<'a> + 'static,
{
    filter(std::env::var("RUST_LOG").ok().as_deref())
}

fn filter<S>(rust_log: Option<&str>) -> impl Filter<S> + Send + Sync + 'static + use<S>
where
    S: Subscriber + for<'a> LookupSpan<'a> + 'static,
{
    let more = EnvFilter::builder().parse_lossy(rust_log.filter(|text| !text.is_empty()).unwrap_or("off"));
    filter_fn(is_kept).with_max_level_hint(LevelFilter::INFO).or(more)
}

fn is_kept(metadata: &Metadata<'_>) -> bool {
    let most = if metadata.name() == LOG_RECORD { LevelFilter::WARN } else { LevelFilter::INFO };
    *metadata.level() <= most
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::TraceLayer;
    use protocol::event::read_trace;
    use tracing_subscriber::Layer;
    use tracing_subscriber::layer::SubscriberExt;

    fn kept(rust_log: Option<&str>) -> Vec<String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace.jsonl");
        let layer = TraceLayer::append(&path).unwrap().with_filter(filter(rust_log));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            tracing::info!(name: "scalars", target: "any_crate", step = 1);
            tracing::debug!(name: "detail", target: "any_crate", step = 1);
            tracing::info!(name: "log record", target: "library", message = "x");
            tracing::warn!(name: "log record", target: "library", message = "x");
        });
        let events = read_trace(&path).unwrap();
        events.into_iter().map(|event| format!("{} {}", event.level, event.name)).collect()
    }

    #[test]
    fn a_trace_has_events_of_any_crate_and_warnings_of_libraries() {
        assert_eq!(kept(None), ["INFO scalars", "WARN log"]);
    }

    #[test]
    fn rust_log_adds_and_removes_nothing() {
        assert_eq!(kept(Some("error")), ["INFO scalars", "WARN log"]);
        assert_eq!(kept(Some("any_crate=debug")), ["INFO scalars", "DEBUG detail", "WARN log"]);
        assert_eq!(kept(Some("library=info")), ["INFO scalars", "INFO log", "WARN log"]);
    }
}
