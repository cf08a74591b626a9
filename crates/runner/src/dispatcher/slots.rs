//! Slots of the devices, and queues of trials that wait for them.

use std::collections::{BTreeMap, VecDeque};

use crate::machine::cores;

/// Slots of one device.
#[derive(Debug, Default)]
pub(super) struct Pool {
    /// Number of slots.
    pub(super) slots: usize,
    /// Number of free slots.
    pub(super) free: usize,
    /// Waiting trials, by index.
    pub(super) queue: VecDeque<usize>,
}

/// Pools of slots, one per device. Workers on flex share the cores; a GPU is not shared.
#[derive(Debug, Default)]
pub(super) struct Pools(pub(super) BTreeMap<String, Pool>);

impl Pools {
    /// Queues the trials in the given order. `jobs` overrides every pool's number of slots.
    pub(super) fn new<'a>(trials: impl Iterator<Item = (usize, &'a str)>, jobs: Option<usize>) -> Self {
        let mut pools = Self::default();
        for (index, device) in trials {
            let pool = pools.0.entry(device.to_owned()).or_insert_with(|| {
                let slots = jobs.unwrap_or(if device == "flex" { cores() } else { 1 }).max(1);
                Pool { slots, free: slots, queue: VecDeque::new() }
            });
            pool.queue.push_back(index);
        }
        pools
    }

    /// Slots by device.
    pub(super) fn slots(&self) -> BTreeMap<String, usize> {
        self.0.iter().map(|(device, pool)| (device.clone(), pool.slots)).collect()
    }

    /// Slots of all devices together.
    pub(super) fn all_slots(&self) -> usize {
        self.0.values().map(|pool| pool.slots).sum()
    }

    /// Removes a trial from its queue.
    pub(super) fn withdraw(&mut self, index: usize, device: &str) {
        if let Some(pool) = self.0.get_mut(device) {
            pool.queue.retain(|waiting| *waiting != index);
        }
    }

    /// Returns whether no trial waits.
    pub(super) fn is_empty(&self) -> bool {
        self.0.values().all(|pool| pool.queue.is_empty())
    }

    /// Puts a trial at the head of its queue.
    pub(super) fn put_back(&mut self, index: usize, device: &str) {
        if let Some(pool) = self.0.get_mut(device) {
            pool.queue.push_front(index);
        }
    }

    /// Frees a slot.
    pub(super) fn release(&mut self, device: &str) {
        if let Some(pool) = self.0.get_mut(device) {
            pool.free += 1;
        }
    }

    /// Takes a slot and the next trial for it.
    pub(super) fn take(&mut self) -> Option<usize> {
        let pool = self.0.values_mut().find(|pool| pool.free > 0 && !pool.queue.is_empty())?;
        let index = pool.queue.pop_front()?;
        pool.free -= 1;
        Some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_device_has_its_own_slots() {
        let trials = || ["flex", "wgpu", "flex", "wgpu", "wgpu:1"].into_iter().enumerate();
        let slots = Pools::new(trials(), None).slots();
        assert_eq!((slots["wgpu"], slots["wgpu:1"], slots["flex"]), (1, 1, cores()));
        let mut pools = Pools::new(trials(), Some(1));
        let mut taken: Vec<_> = std::iter::from_fn(|| pools.take()).collect();
        taken.sort_unstable();
        assert_eq!(taken, [0, 1, 4]);
        pools.release("wgpu");
        assert_eq!(pools.take(), Some(3));
        assert!(!pools.is_empty());
    }
}
