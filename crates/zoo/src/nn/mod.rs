//! Layers that several models share.

pub(crate) mod conv;
pub(crate) mod masked_conv;
pub(crate) mod spectral;
