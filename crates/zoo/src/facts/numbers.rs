//! Powers of two and sizes of networks.

use num_bigint::BigUint;

pub(super) fn two_to(power: u32) -> BigUint {
    BigUint::from(1u8) << power
}

/// Weights and biases of a perceptron of two hidden layers.
pub(super) fn perceptron(inputs: u32, hidden: u32, outputs: u32) -> BigUint {
    let layer = |inputs: u32, outputs: u32| (BigUint::from(inputs) + 1u8) * outputs;
    layer(inputs, hidden) + layer(hidden, hidden) + layer(hidden, outputs)
}
