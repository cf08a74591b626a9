//! Inverse temperatures and step sizes of annealing, from a pilot run.

/// Share of the temperatures that are spread evenly over the points of the pilot run, whatever it measures there.
const EVEN: f64 = 0.1;

/// Inverse temperatures, and the step size of trajectories at each of them.
///
/// Successive distributions are equally far apart: the change of inverse temperature times the standard deviation of the
/// log-likelihood is constant. For fast-mixing chains this minimises the error at a given number of temperatures (Grosse,
/// Maddison and Salakhutdinov, 2013, Annealing Between Distributions by Averaging Moments, section 4). The fixed sigmoid
/// of Wu et al., 2017, section 4, starts too coarsely for sharp likelihoods.
#[derive(Clone, Debug)]
pub(super) struct Schedule {
    pub(super) temperatures: usize,
    points: Vec<Point>,
}

/// Measurements of the pilot run at an inverse temperature.
#[derive(Clone, Copy, Debug)]
pub(super) struct Visit {
    /// Inverse temperature.
    pub(super) b: f64,
    /// Step size of a trajectory.
    pub(super) step: f64,
    /// Standard deviation of the log-likelihood within an image.
    pub(super) spread: f64,
}

/// Point of the pilot run.
#[derive(Clone, Copy, Debug)]
struct Point {
    /// Inverse temperature.
    b: f64,
    /// Step size of a trajectory.
    step: f64,
    /// Share of the temperatures up to here, from 0 to 1.
    share: f64,
}

impl Schedule {
    /// Schedule from a pilot run, a [`Visit`] per inverse temperature from 0 to 1.
    pub(super) fn of(pilot: &[Visit]) -> Self {
        let mut length = 0.0;
        let lengths = pilot.windows(2).map(|pair| {
            length += 0.5 * (pair[0].spread + pair[1].spread) * (pair[1].b - pair[0].b);
            length
        });
        let lengths: Vec<f64> = std::iter::once(0.0).chain(lengths.collect::<Vec<_>>()).collect();
        let rungs = pilot.len() - 1;
        let point = |(rung, (visit, length_here)): (usize, (&Visit, f64))| {
            let measured = if length > 0.0 { length_here / length } else { visit.b };
            let share = (1.0 - EVEN) * measured + EVEN * rung as f64 / rungs as f64;
            Point { b: visit.b, step: visit.step, share }
        };
        let points = pilot.iter().zip(lengths).enumerate().map(point).collect();
        Self { temperatures: rungs, points }
    }

    /// Schedule with the same distances and step sizes and another number of inverse temperatures.
    pub(super) fn with(&self, temperatures: usize) -> Self {
        Self { temperatures, points: self.points.clone() }
    }

    /// Inverse temperature of a rung, from 0 (prior) to 1 (posterior).
    pub(super) fn b(&self, rung: usize) -> f64 {
        let (from, to, part) = self.position(rung);
        if rung == self.temperatures { 1.0 } else { from.b + part * (to.b - from.b) }
    }

    /// Step size of a trajectory at the inverse temperature of a rung.
    pub(super) fn step(&self, rung: usize) -> f64 {
        let (from, to, part) = self.position(rung);
        from.step + part * (to.step - from.step)
    }

    /// The two points of the pilot run around a rung, and its position between them.
    fn position(&self, rung: usize) -> (Point, Point, f64) {
        let share = rung as f64 / self.temperatures as f64;
        let after = self.points.partition_point(|point| point.share < share).clamp(1, self.points.len() - 1);
        let (from, to) = (self.points[after - 1], self.points[after]);
        (from, to, ((share - from.share) / (to.share - from.share)).clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rungs_rise_from_0_to_1_and_are_denser_where_the_distance_is_larger() {
        // Half of the length lies below 0.01: 0.01 * 99 = 0.99 * 1.
        let visit = |b, spread| Visit { b, step: 0.1 + b, spread };
        let schedule = Schedule::of(&[visit(0.0, 99.0), visit(0.01, 99.0), visit(0.01, 1.0), visit(1.0, 1.0)]).with(10);
        let rungs: Vec<f64> = (0..=10).map(|rung| schedule.b(rung)).collect();
        assert!(rungs.windows(2).all(|pair| pair[0] < pair[1]), "{rungs:?}");
        assert_eq!((rungs[0], rungs[10]), (0.0, 1.0));
        assert!((rungs[5] - 0.01).abs() < 1e-12 && (schedule.step(5) - 0.11).abs() < 1e-12, "{rungs:?}");
        let flat = Schedule::of(&[visit(0.0, 0.0), visit(1.0, 0.0)]).with(4);
        assert_eq!((0..=4).map(|rung| flat.b(rung)).collect::<Vec<_>>(), [0.0, 0.25, 0.5, 0.75, 1.0]);
    }
}
