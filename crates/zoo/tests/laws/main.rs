//! The laws that every registry entry obeys, each with a broken model that must fail it.
//!
//! They run on `tiny()` networks, trained until log p spans at least five nats over the images:
//! fresh weights are near uniform and would pass almost anything.

mod bounds;
mod causality;
mod codes;
mod critics;
mod density;
mod encoding;
mod images;
mod parity;
mod pushforward;
mod registered;
mod sampling;
mod subject;
mod training;
