//! The variational auto-encoder.
//!
//! log p(x) >= E_q[log p(x|z)] - KL(q(z|x) || N(0, I)), q a diagonal Gaussian with the
//! reparameterisation z = mu + sigma eps. The decoder is Bernoulli over binary pixels, categorical
//! over grey levels, Gaussian over real values; no pixel is ever scored by a likelihood that is none.
//! Encoder and decoder are perceptrons, or with `network: conv` convolutions.
//!
//! Options change what is minimised and never what is reported: `beta` and `warmup_steps` weigh the KL
//! (Higgins et al., 2017; Bowman et al., 2016), `objective: iwae` raises the importance-weighted
//! bound of `k` draws.
//!
//! Kingma and Welling, 2014, Auto-Encoding Variational Bayes, eq. 3, 10 and appendix B; the
//! importance-weighted bound from Burda, Grosse and Salakhutdinov, 2016, eq. 8.
//!
//! # Departures from the papers
//! ReLU instead of tanh; Adam instead of Adagrad. A learned variance of a Gaussian decoder is kept
//! between e^-12 and e^12.

mod bound;
mod config;
mod latents;
#[cfg(test)]
mod linear_gaussian;
mod network;
mod objective;
mod posterior;

pub(crate) use config::VaeConfig;
