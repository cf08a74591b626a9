//! Hand-written kernels in the machine's best vector instructions.

use pulp::WithSimd;

/// Runs `op` with AVX2 and FMA where the machine has them. `pulp::Arch` would know them only with its
/// feature `x86-v3`, which would compile Burn's matrix product anew.
#[inline]
pub(crate) fn dispatch<Op: WithSimd>(op: Op) -> Op::Output {
    #[cfg(target_arch = "x86_64")]
    {
        if let Some(simd) = pulp::x86::V3::try_new() {
            return pulp::Simd::vectorize(simd, op);
        }
    }
    pulp::Arch::new().dispatch(op)
}
