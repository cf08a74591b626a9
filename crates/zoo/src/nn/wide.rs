//! Hand-written loops with the machine's vector instructions.

use pulp::{Arch, WithSimd};

/// Runs `op` compiled for the widest instructions that the machine has.
///
/// `op` is a type with `#[inline(always)]` on its `with_simd`: a closure of more than a few lines
/// would not be inlined, and so be compiled without them.
pub(crate) fn dispatch<Op: WithSimd>(op: Op) -> Op::Output {
    // `Arch` knows AVX2 only behind a feature of pulp that Burn does not ask for, and that would
    // have to be switched on for Burn as well; the type is there without.
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    if let Some(avx2) = pulp::x86::V3::try_new() {
        return pulp::Simd::vectorize(avx2, op);
    }
    Arch::new().dispatch(op)
}
