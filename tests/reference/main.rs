//! The numbers in the tables of `results/reference`: each is in a committed table or in a pack, to its last printed digit.
//! The pages of `docs/lecture` have the claims of those packs.

mod calibration;
mod committed_tables;
mod figures;
mod gallery;
mod lecture;
mod likelihoods;
mod packs;
mod pages;
mod printed;
