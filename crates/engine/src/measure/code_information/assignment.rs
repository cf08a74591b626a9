//! Optimal one-to-one assignment of rows to columns.

/// Returns the column of each row, `None` for an unassigned row, such that the sum of gains is largest.
///
/// The method is the Hungarian method (Kuhn, 1955) with shortest augmenting paths (Jonker and Volgenant, 1987). Its
/// time grows with the cube of the larger side.
pub(super) fn best(gains: &[Vec<f64>]) -> Vec<Option<usize>> {
    let columns = gains.first().map_or(0, Vec::len);
    let side = gains.len().max(columns);
    // Rows and columns are numbered from 1; 0 is the start of a path. Missing rows and columns have a gain of 0.
    let cost =
        |row: usize, column: usize| -gains.get(row - 1).and_then(|row| row.get(column - 1)).copied().unwrap_or(0.0);
    let (mut row_price, mut column_price) = (vec![0.0; side + 1], vec![0.0; side + 1]);
    let mut row_of = vec![0; side + 1];
    for row in 1..=side {
        row_of[0] = row;
        let (mut slack, mut before, mut visited) =
            (vec![f64::INFINITY; side + 1], vec![0; side + 1], vec![false; side + 1]);
        let mut at = 0;
        while row_of[at] != 0 {
            visited[at] = true;
            let (from, mut next, mut least) = (row_of[at], 0, f64::INFINITY);
            for column in (1..=side).filter(|column| !visited[*column]).collect::<Vec<_>>() {
                let reduced = cost(from, column) - row_price[from] - column_price[column];
                if reduced < slack[column] {
                    (slack[column], before[column]) = (reduced, at);
                }
                if slack[column] < least {
                    (least, next) = (slack[column], column);
                }
            }
            for column in 0..=side {
                if visited[column] {
                    row_price[row_of[column]] += least;
                    column_price[column] -= least;
                } else {
                    slack[column] -= least;
                }
            }
            at = next;
        }
        while at != 0 {
            (row_of[at], at) = (row_of[before[at]], before[at]);
        }
    }
    let mut column_of = vec![None; gains.len()];
    for (column, row) in row_of.iter().enumerate().skip(1).take(columns) {
        if let Some(assigned) = row.checked_sub(1).and_then(|row| column_of.get_mut(row)) {
            *assigned = Some(column - 1);
        }
    }
    column_of
}
