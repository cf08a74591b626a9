//! Requests that log the trials of a grid as runs of MLflow. Nothing is sent here.

mod artifact;
mod name;
mod request;
mod run;
#[cfg(test)]
mod tests;

pub use artifact::artifact_path;
pub use request::{Request, TRIAL, authorization, logged_trials};
pub use run::{Run, runs};
