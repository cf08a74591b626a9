//! The laws of genbench, on the entries of this crate.

use genbench::laws;

use crate::edges::Edges;
use crate::png_folder::PngFolder;
use crate::real_nvp::RealNvpConfig;

#[test]
fn the_flow_obeys_the_laws_of_models() {
    laws::check::<RealNvpConfig>();
}

#[test]
fn the_folder_obeys_the_laws_of_data() {
    laws::check_data::<PngFolder>();
}

#[test]
fn the_measure_obeys_the_laws_of_measures() {
    laws::check_measure::<Edges>();
}
