//! Clusters of images by k-means.
//!
//! Lloyd, 1982, Least squares quantization in PCM, with the initial means of Arthur and Vassilvitskii, 2007,
//! k-means++: the advantages of careful seeding.

use data::{Noise, Split};

/// Number of runs with other initial means; the run with the smallest sum of squares counts.
const RUNS: usize = 5;
/// Maximum number of updates of the means in a run.
const UPDATES: usize = 50;

/// Returns the cluster of each image, from 0 to below `count`.
pub(super) fn clusters(images: &Split, count: usize, noise: &mut Noise) -> Vec<usize> {
    let runs = (0..RUNS).map(|_| one_run(images, count, noise));
    runs.min_by(|a, b| a.0.total_cmp(&b.0)).map_or_else(Vec::new, |(_, clusters)| clusters)
}

/// Sum of squared distances to the means, and the cluster of each image.
fn one_run(images: &Split, count: usize, noise: &mut Noise) -> (f64, Vec<usize>) {
    let mut means = initial_means(images, count, noise);
    let mut assigned = assign(images, &means);
    for _ in 0..UPDATES {
        update(&mut means, images, &assigned.1);
        let next = assign(images, &means);
        let settled = next.1 == assigned.1;
        assigned = next;
        if settled {
            break;
        }
    }
    assigned
}

/// The first mean is a random image. Each further one is drawn with a probability in proportion to its squared distance to
/// the nearest mean so far.
fn initial_means(images: &Split, count: usize, noise: &mut Noise) -> Vec<Vec<f32>> {
    let mut means = vec![images.image(noise.below(images.len())).to_vec()];
    let mut nearest = vec![f64::INFINITY; images.len()];
    while means.len() < count {
        let last = &means[means.len() - 1];
        nearest.iter_mut().zip(images.images()).for_each(|(least, image)| *least = least.min(square(image, last)));
        means.push(images.image(noise.categorical(&nearest)).to_vec());
    }
    means
}

fn assign(images: &Split, means: &[Vec<f32>]) -> (f64, Vec<usize>) {
    let nearest = |image: &[f32]| {
        let distances = means.iter().map(|mean| square(image, mean)).enumerate();
        distances.fold(
            (0, f64::INFINITY),
            |best, (index, distance)| if distance < best.1 { (index, distance) } else { best },
        )
    };
    let found: Vec<(usize, f64)> = images.images().map(nearest).collect();
    (found.iter().map(|(_, distance)| distance).sum(), found.into_iter().map(|(index, _)| index).collect())
}

/// Moves each mean to the mean of its images; a mean without images stays.
fn update(means: &mut [Vec<f32>], images: &Split, clusters: &[usize]) {
    for (index, mean) in means.iter_mut().enumerate() {
        let own: Vec<&[f32]> =
            images.images().zip(clusters).filter(|(_, cluster)| **cluster == index).map(|(image, _)| image).collect();
        if own.is_empty() {
            continue;
        }
        for (pixel, value) in mean.iter_mut().enumerate() {
            *value = own.iter().map(|image| image[pixel]).sum::<f32>() / own.len() as f32;
        }
    }
}

fn square(a: &[f32], b: &[f32]) -> f64 {
    f64::from(a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum::<f32>())
}
