//! The numbers in the tables of `results/reference`: each is in a committed table or in a pack, to its last printed digit.

mod committed_tables;
mod figures;
mod likelihoods;
mod packs;
mod pages;
mod printed;
