//! Claims in plans, and mistakes in them.

mod mistakes;
mod planning;
