//! Heights of the letters at the ends of lines.

/// Heights (percent from the top) that differ by at least `gap` percent, in the order of `ends`. Each is as near to its end
/// as the others allow.
pub(super) fn apart(ends: &[f64], gap: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..ends.len()).collect();
    order.sort_by(|a, b| ends[*a].total_cmp(&ends[*b]));
    let mut heights = ends.to_vec();
    let mut above = -gap;
    for &at in &order {
        heights[at] = heights[at].max(above + gap);
        above = heights[at];
    }
    let mut below = 100.0 + gap;
    for &at in order.iter().rev() {
        below = heights[at].min(below - gap);
        heights[at] = (below * 100.0).round() / 100.0;
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_keep_their_order_and_do_not_overlap() {
        assert_eq!(apart(&[50.0, 10.0, 11.0], 6.0), [50.0, 10.0, 16.0]);
        assert_eq!(apart(&[99.0, 98.0], 6.0), [100.0, 94.0]);
        assert_eq!(apart(&[], 6.0), [0.0; 0]);
    }
}
