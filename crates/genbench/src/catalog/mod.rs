//! Catalog of the planner: the registry and the devices of this machine.

mod blocks;
mod named;
mod one_entry_cache;
mod registry_catalog;
mod train;

pub(crate) use registry_catalog::RegistryCatalog;
