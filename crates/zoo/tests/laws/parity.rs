//! Law 8: wgpu and the CPU backend agree on losses, and through them on gradients.
//!
//! Where there is no adapter the law is not checked, unless GENBENCH_REQUIRE_WGPU is set: then its
//! absence is a failure, so that CI cannot skip it silently.

use engine::device::{HAS_WGPU, adapters, open};

use crate::subject::{flex, subjects};

/// Relative to the loss: f32 rounding in another order of summation, over ten steps.
const TOLERANCE: f64 = 2e-4;
const STEPS: u64 = 10;

#[test]
fn wgpu_trains_like_flex() {
    if adapters().is_empty() {
        let why = if HAS_WGPU { "there is no graphics adapter" } else { "this build has no wgpu" };
        assert!(std::env::var_os("GENBENCH_REQUIRE_WGPU").is_none(), "{why}");
        eprintln!("not checked: {why}");
        return;
    }
    let (device, used) = open("wgpu").expect("there is an adapter");
    eprintln!("checked on {} ({} {})", used.adapter, used.api, used.driver);
    for subject in subjects() {
        // The first loss compares the forward pass; each later one the gradients before it.
        let (mut here, mut there) = (subject.fresh(0, &flex()), subject.fresh(0, &device));
        let expected = subject.advance(&mut *here, 0, 0..STEPS, &flex());
        let found = subject.advance(&mut *there, 0, 0..STEPS, &device);
        assert_eq!(expected.len(), found.len());
        for (step, (expected, found)) in expected.iter().zip(&found).enumerate() {
            let close = (expected - found).abs() <= TOLERANCE * expected.abs().max(1.0);
            assert!(close, "{subject}: figure {step} is {found} on wgpu and {expected} on flex");
        }
    }
}
