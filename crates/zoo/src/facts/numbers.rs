//! Powers of two and parameter counts of perceptrons.

use num_bigint::BigUint;

pub(super) fn two_to(power: u32) -> BigUint {
    BigUint::from(1u8) << power
}

/// Number of weights and biases of a perceptron with two hidden layers.
pub(super) fn perceptron(inputs: u32, hidden: u32, outputs: u32) -> BigUint {
    let layer = |inputs: u32, outputs: u32| (BigUint::from(inputs) + 1u8) * outputs;
    layer(inputs, hidden) + layer(hidden, hidden) + layer(hidden, outputs)
}
