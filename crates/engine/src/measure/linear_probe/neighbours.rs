//! Majority vote of the nearest training images in feature space.

use nalgebra::DMatrix;

use crate::Features;

/// Candidate numbers of voters.
pub(super) const VOTERS: [usize; 5] = [1, 3, 5, 10, 20];
/// Number of images whose distances are in memory at once.
const CHUNK: usize = 256;

/// Class of each image by a majority of its k nearest training images, for each k of [`VOTERS`]: `[k][image]`.
///
/// Distances are Euclidean and features are not rescaled. Of classes with equally many votes, the class of the nearest
/// voter wins. Of equally near training images, the first counts as nearer.
pub(super) fn guesses(train: &Features, classes: &[usize], images: &Features) -> [Vec<usize>; VOTERS.len()] {
    let matrix = |features: &Features| DMatrix::from_row_slice(features.rows().len(), features.width, &features.values);
    let (train, images) = (matrix(train), matrix(images));
    let squares: Vec<f64> = train.row_iter().map(|row| row.norm_squared()).collect();
    let most = VOTERS[VOTERS.len() - 1].min(classes.len());
    let mut guesses = VOTERS.map(|_| Vec::with_capacity(images.nrows()));
    for start in (0..images.nrows()).step_by(CHUNK) {
        let chunk = images.rows(start, CHUNK.min(images.nrows() - start));
        // |x - t|^2 minus |x|^2, which is constant in t.
        let products = &train * chunk.transpose();
        for column in products.column_iter() {
            let mut order: Vec<(f64, usize)> =
                column.iter().zip(&squares).enumerate().map(|(at, (product, own))| (own - 2.0 * product, at)).collect();
            let nearer = |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
            if most < order.len() {
                order.select_nth_unstable_by(most, nearer);
                order.truncate(most);
            }
            order.sort_unstable_by(nearer);
            let voters: Vec<usize> = order.into_iter().map(|(_, at)| classes[at]).collect();
            for (guesses, k) in guesses.iter_mut().zip(VOTERS) {
                guesses.push(majority(&voters[..k.min(voters.len())]));
            }
        }
    }
    guesses
}

/// Most frequent class, the first of equally frequent ones.
fn majority(voters: &[usize]) -> usize {
    let votes = |class: usize| voters.iter().filter(|voter| **voter == class).count();
    let mut best = (0, 0);
    for &class in voters {
        let votes = votes(class);
        if votes > best.0 {
            best = (votes, class);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_majority_wins_and_the_nearest_voter_breaks_ties() {
        assert_eq!(majority(&[2, 1, 1]), 1);
        assert_eq!(majority(&[2, 1, 1, 2]), 2);
        assert_eq!(majority(&[]), 0);
        let line = |values: &[f64]| Features { values: values.to_vec(), width: 1 };
        // At 0 one of class 7; at 10 two of class 3, at 11 one of class 4.
        let train = line(&[0.0, 10.0, 10.0, 11.0]);
        let found = guesses(&train, &[7, 3, 3, 4], &line(&[1.0, 10.9, 6.0]));
        assert_eq!(found[0], [7, 4, 3], "one voter");
        assert_eq!(found[1], [3, 3, 3], "three: 7 3 3, 4 3 3 and 3 3 4");
        assert_eq!(found[4], [3, 3, 3], "as many as there are");
    }
}
