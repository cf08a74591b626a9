//! Variational autoencoder.
//!
//! log p(x) >= E_q[log p(x|z)] - KL(q(z|x) || N(0, I)), where q is a diagonal Gaussian with the reparameterisation
//! z = mu + sigma eps. The decoder is Bernoulli over binary pixels, categorical over grey levels, Gaussian over real
//! values: always a likelihood on the support of the data. Encoder and decoder are perceptrons, or convolutions with
//! `network: conv`.
//!
//! Options change the training loss, never the reported bounds. `beta` and `warmup_steps` weight the KL (Higgins et
//! al., 2017; Bowman et al., 2016); `objective: iwae` maximises the importance-weighted bound with `k` draws.
//!
//! Kingma and Welling, 2014, Auto-Encoding Variational Bayes, eq. 3, 10 and appendix B; the
//! importance-weighted bound from Burda, Grosse and Salakhutdinov, 2016, eq. 8.
//!
//! # Departures from the papers
//! ReLU instead of tanh; Adam instead of Adagrad. The learned variance of a Gaussian decoder is limited to the range
//! from e^-12 to e^12.

mod bound;
mod config;
#[cfg(test)]
mod grey_levels;
mod latents;
#[cfg(test)]
mod linear_gaussian;
mod network;
mod objective;
mod posterior;

pub(crate) use config::VaeConfig;
