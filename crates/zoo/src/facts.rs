//! Exact counts and identities: what the lecture says of numbers of parameters, as big integers.

use num_bigint::BigUint;
use protocol::{Problem, params};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A counted quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// What is counted.
    pub quantity: String,
    /// The number, in digits; shortened with its length when very long.
    pub value: String,
    /// The formula or argument.
    pub note: String,
}

/// Something that can be counted without training.
#[derive(Clone, Copy)]
pub struct FactEntry {
    /// The name in a grid.
    pub name: &'static str,
    /// One line for the help.
    pub about: &'static str,
    /// The shape of its settings, as JSON Schema.
    pub schema: fn() -> Value,
    /// Counts, for settings as written.
    pub count: fn(&Value) -> Result<Vec<Count>, Vec<Problem>>,
}

/// All facts, in the order of the lecture.
pub const FACTS: &[FactEntry] = &[
    FactEntry {
        name: "categorical",
        about: "free parameters of one variable with `values` values",
        schema: Categorical::schema,
        count: categorical,
    },
    FactEntry {
        name: "rgb_pixel",
        about: "states and parameters of one RGB pixel with `levels` levels",
        schema: RgbPixel::schema,
        count: rgb_pixel,
    },
    FactEntry {
        name: "full_joint",
        about: "states and parameters of the joint of `pixels` binary pixels",
        schema: Pixels::schema,
        count: full_joint,
    },
    FactEntry {
        name: "chain_rule",
        about: "parameters of the chain rule with nothing assumed",
        schema: Pixels::schema,
        count: chain_rule,
    },
    FactEntry {
        name: "order_k",
        about: "parameters of order-`order` tables over `pixels` binary pixels",
        schema: OrderK::schema,
        count: order_k,
    },
    FactEntry {
        name: "nade",
        about: "parameters of NADE against those of unshared networks",
        schema: NadeSize::schema,
        count: nade,
    },
    FactEntry {
        name: "vae",
        about: "what a VAE's two networks take, give and learn, with their parameters",
        schema: Networks::schema,
        count: vae,
    },
    FactEntry {
        name: "gan",
        about: "what a GAN's two networks take, give and learn, with their parameters",
        schema: Networks::schema,
        count: gan,
    },
];

/// The entry called `name`.
///
/// # Errors
/// There is none; the advice names the nearest.
pub fn find(name: &str) -> Result<&'static FactEntry, Problem> {
    FACTS
        .iter()
        .find(|entry| entry.name == name)
        .ok_or_else(|| Problem { at_key: false, ..params::unknown("fact", name, FACTS.iter().map(|entry| entry.name)) })
}

macro_rules! settings {
    ($name:ident { $($(#[$doc:meta])* $field:ident: $default:literal in $range:expr),+ $(,)? }) => {
        #[derive(Serialize, Deserialize, JsonSchema)]
        #[serde(default)]
        struct $name { $($(#[$doc])* $field: u32),+ }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default),+ }
            }
        }

        impl $name {
            fn schema() -> Value {
                let mut schema = params::schema::<Self>();
                $(
                    let range = $range;
                    schema["properties"][stringify!($field)]["minimum"] = (*range.start()).into();
                    schema["properties"][stringify!($field)]["maximum"] = (*range.end()).into();
                )+
                schema
            }

            fn read(value: &Value) -> Result<Self, Vec<Problem>> {
                let read: Self = params::parse(value)?;
                $(if !($range).contains(&read.$field) {
                    let range = $range;
                    return Err(vec![Problem::new(stringify!($field), "out of range")
                        .help(format!("between {} and {}", range.start(), range.end()))]);
                })+
                Ok(read)
            }
        }
    };
}

settings!(Categorical { values: 256 in 1..=1_000_000u32 });
settings!(RgbPixel { levels: 256 in 2..=65_536u32 });
settings!(Pixels { pixels: 784 in 1..=100_000u32 });
settings!(OrderK { pixels: 784 in 1..=100_000u32, order: 1 in 0..=99_999u32 });
settings!(Networks { pixels: 784 in 1..=1_000_000u32, hidden: 256 in 1..=65_536u32, latent: 32 in 1..=65_536u32 });
settings!(NadeSize { pixels: 784 in 1..=1_000_000u32, hidden: 500 in 1..=1_000_000u32 });

fn two_to(power: u32) -> BigUint {
    BigUint::from(1u8) << power
}

fn count(quantity: impl Into<String>, value: &BigUint, note: impl Into<String>) -> Count {
    Count { quantity: quantity.into(), value: digits(value), note: note.into() }
}

/// All digits up to 40; longer ones by their head and their length.
fn digits(value: &BigUint) -> String {
    let text = value.to_string();
    if text.len() <= 40 { text } else { format!("{}… ({} digits)", &text[..12], text.len()) }
}

fn categorical(value: &Value) -> Result<Vec<Count>, Vec<Problem>> {
    let Categorical { values } = Categorical::read(value)?;
    let free = BigUint::from(values - 1);
    Ok(vec![count(
        format!("free parameters of a variable with {values} values"),
        &free,
        "m - 1: probabilities sum to 1",
    )])
}

fn rgb_pixel(value: &Value) -> Result<Vec<Count>, Vec<Problem>> {
    let RgbPixel { levels } = RgbPixel::read(value)?;
    let states = BigUint::from(levels).pow(3);
    let free = &states - 1u8;
    let slip = BigUint::from(levels - 1).pow(3);
    Ok(vec![
        count(format!("states of one RGB pixel with {levels} levels"), &states, "levels^3"),
        count("free parameters of its joint", &free, "levels^3 - 1"),
        count("free parameters with three independent channels", &BigUint::from(3 * (levels - 1)), "3 (levels - 1)"),
        count("the notes' (levels - 1)^3", &slip, "counts nothing here: neither the joint nor independent channels"),
    ])
}

fn full_joint(value: &Value) -> Result<Vec<Count>, Vec<Problem>> {
    let Pixels { pixels } = Pixels::read(value)?;
    let states = two_to(pixels);
    let free = &states - 1u8;
    Ok(vec![
        count(format!("states of {pixels} binary pixels"), &states, format!("2^{pixels}")),
        count("free parameters of the full joint", &free, format!("2^{pixels} - 1")),
        count("free parameters with all pixels independent", &BigUint::from(pixels), "n, over as many states"),
    ])
}

fn chain_rule(value: &Value) -> Result<Vec<Count>, Vec<Problem>> {
    let Pixels { pixels } = Pixels::read(value)?;
    // Pixel i has 2^i contexts: added up one by one, not by the formula it is compared with.
    let sum: BigUint = (0..pixels).map(two_to).sum();
    let joint = two_to(pixels) - 1u8;
    let verdict = if sum == joint { "equal: the chain rule alone saves nothing" } else { "not equal" };
    Ok(vec![count(
        format!("1 + 2 + 4 + ... over {pixels} pixels, minus the full joint's 2^n - 1"),
        &(&sum - &joint),
        verdict,
    )])
}

fn order_k(value: &Value) -> Result<Vec<Count>, Vec<Problem>> {
    let OrderK { pixels, order } = OrderK::read(value)?;
    if order >= pixels {
        return Err(vec![
            Problem::new("order", "looks back further than there are pixels").help(format!("at most {}", pixels - 1)),
        ]);
    }
    let free = two_to(order) - 1u8 + BigUint::from(pixels - order) * two_to(order);
    Ok(vec![count(format!("parameters of order-{order} tables over {pixels} pixels"), &free, "2^k - 1 + (n - k) 2^k")])
}

fn nade(value: &Value) -> Result<Vec<Count>, Vec<Problem>> {
    let NadeSize { pixels, hidden } = NadeSize::read(value)?;
    let (n, h) = (BigUint::from(pixels), BigUint::from(hidden));
    let shared = BigUint::from(2u8) * &n * &h + &n + &h;
    // A network of its own for pixel i: i inputs, h hidden units with biases, one output.
    let unshared = &h * (&n * (&n - 1u8) / 2u8) + &n * (BigUint::from(2u8) * &h + 1u8);
    Ok(vec![
        count(format!("parameters of NADE with {hidden} hidden units over {pixels} pixels"), &shared, "2nh + n + h"),
        count("parameters of one such network per pixel, unshared", &unshared, "h n (n - 1) / 2 + n (2h + 1)"),
    ])
}

/// Weights and biases of a perceptron of two hidden layers.
fn perceptron(inputs: u32, hidden: u32, outputs: u32) -> BigUint {
    let layer = |inputs: u32, outputs: u32| (BigUint::from(inputs) + 1u8) * outputs;
    layer(inputs, hidden) + layer(hidden, hidden) + layer(hidden, outputs)
}

fn vae(value: &Value) -> Result<Vec<Count>, Vec<Problem>> {
    let Networks { pixels, hidden, latent } = Networks::read(value)?;
    Ok(vec![
        count(
            format!("VAE, encoder: {pixels} pixels in, mean and log-variance of {latent} numbers out"),
            &perceptron(pixels, hidden, 2 * latent),
            "learns q(z|x), where an image's latent lies; raises a bound on log p(x)",
        ),
        count(
            format!("VAE, decoder: {latent} numbers in, log-odds of {pixels} pixels out"),
            &perceptron(latent, hidden, pixels),
            "learns p(x|z), a distribution of images; raises the same bound",
        ),
    ])
}

fn gan(value: &Value) -> Result<Vec<Count>, Vec<Problem>> {
    let Networks { pixels, hidden, latent } = Networks::read(value)?;
    Ok(vec![
        count(
            format!("GAN, discriminator: {pixels} pixels in, one log-odds of being data out"),
            &perceptron(pixels, hidden, 1),
            "learns p_d / (p_d + p_g), an image's share of data; no part of the model afterwards",
        ),
        count(
            format!("GAN, generator: {latent} numbers in, {pixels} grey pixels out"),
            &perceptron(latent, hidden, pixels),
            "learns to draw, without a density; raises the discriminator's error",
        ),
    ])
}

#[cfg(test)]
mod tests;
