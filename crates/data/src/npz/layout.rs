//! Names of the arrays, and the axes of an array of images.

use protocol::Problem;

use super::Npz;
use super::archive::Archive;
use crate::DataError;

/// Longest side of an image.
const MAX_SIDE: usize = 4_096;

/// Names of the arrays of a known layout: training, validation and test.
type Known = ([&'static str; 3], [&'static str; 3]);

/// Layouts that are recognised by the name of their training images.
const LAYOUTS: [Known; 5] = [
    // MedMNIST.
    (["train_images", "val_images", "test_images"], ["train_labels", "val_labels", "test_labels"]),
    // Keras: mnist.npz.
    (["x_train", "x_val", "x_test"], ["y_train", "y_val", "y_test"]),
    (["X_train", "X_val", "X_test"], ["y_train", "y_val", "y_test"]),
    // A folder with the files of KMNIST, or of Kuzushiji-49.
    (["kmnist-train-imgs", "", "kmnist-test-imgs"], ["kmnist-train-labels", "", "kmnist-test-labels"]),
    (["k49-train-imgs", "", "k49-test-imgs"], ["k49-train-labels", "", "k49-test-labels"]),
];

/// Names of the arrays of training, validation and test images and labels.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Names {
    pub(super) images: [Option<String>; 3],
    pub(super) labels: [Option<String>; 3],
}

impl Names {
    /// The names in the settings, or else those of a known layout, or else the only array.
    pub(super) fn find(settings: &Npz, archive: &Archive) -> Result<Self, DataError> {
        let images = [
            ("train_images", &settings.train_images),
            ("validation_images", &settings.validation_images),
            ("test_images", &settings.test_images),
        ];
        let labels = [
            ("train_labels", &settings.train_labels),
            ("validation_labels", &settings.validation_labels),
            ("test_labels", &settings.test_labels),
        ];
        let are_set = images.iter().chain(&labels).any(|(_, name)| !name.is_empty());
        let mut names = if are_set { Self::set(images, labels, archive)? } else { Self::known(archive)? };
        if !settings.labels {
            names.labels = [None, None, None];
        }
        let is_missing = |(images, labels): (&Option<String>, &Option<String>)| images.is_some() && labels.is_none();
        let mut pairs = names.images.iter().zip(&names.labels);
        match (pairs.clone().find(|pair| is_missing(*pair)), names.labels.iter().flatten().next()) {
            (Some((Some(images), _)), Some(labels)) => {
                Err(Problem::new("path", format!("there are labels `{labels}`, but none for the images `{images}`"))
                    .help("name the arrays of labels of all images, or set `labels: false`")
                    .into())
            }
            _ if pairs.any(|(images, labels)| images.is_none() && labels.is_some()) => {
                Err(Problem::new("path", "there are labels of a part without images")
                    .help("name the array of their images, or set `labels: false`")
                    .into())
            }
            _ => Ok(names),
        }
    }

    fn set(images: [(&str, &String); 3], labels: [(&str, &String); 3], archive: &Archive) -> Result<Self, DataError> {
        let check = |(setting, name): (&str, &String)| match name.as_str() {
            "" => Ok(None),
            _ if archive.has(name) => Ok(Some(name.clone())),
            _ => {
                let unknown = protocol::params::unknown(setting, name, archive.names());
                Err(Problem { at_key: false, ..unknown })
            }
        };
        let [train, validation, test] = images.map(check);
        let images = [train?, validation?, test?];
        let [train, validation, test] = labels.map(check);
        if images[0].is_none() {
            return Err(Problem::new("train_images", "not set, but another array is")
                .help(format!("allowed: {}", list(archive)))
                .into());
        }
        Ok(Self { images, labels: [train?, validation?, test?] })
    }

    fn known(archive: &Archive) -> Result<Self, DataError> {
        let there = |name: &str| archive.has(name).then(|| name.to_owned());
        if let Some((images, labels)) = LAYOUTS.iter().find(|(images, _)| archive.has(images[0])) {
            return Ok(Self { images: images.map(there), labels: labels.map(there) });
        }
        match archive.names().collect::<Vec<_>>()[..] {
            [only] => Ok(Self { images: [Some(only.to_owned()), None, None], labels: [None, None, None] }),
            _ => {
                let known: Vec<_> = LAYOUTS.iter().map(|(images, _)| format!("`{}`", images[0])).collect();
                Err(Problem::new("train_images", format!("none of the arrays is called {}", known.join(" or ")))
                    .help(format!("set it to one of: {}", list(archive)))
                    .into())
            }
        }
    }
}

fn list(archive: &Archive) -> String {
    archive.names().collect::<Vec<_>>().join(", ")
}

/// Axes of an array of images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Images {
    pub(super) count: usize,
    /// Channels, height and width.
    pub(super) sides: [usize; 3],
    /// `true` if the channels of a pixel follow each other.
    channels_last: bool,
}

impl Images {
    /// The axes of an array of `shape`: `[n, h, w]`, `[n, h, w, c]` or `[n, c, h, w]` with c 1 or 3; and `[n, c h w]` if
    /// `flat` gives the height and the width.
    pub(super) fn of(shape: &[u64], flat: [usize; 2]) -> Result<Self, String> {
        let sizes: Option<Vec<usize>> = shape.iter().map(|size| usize::try_from(*size).ok()).collect();
        let refused = || {
            format!(
                "shape {shape:?} is not one of images; expected [n, height, width], [n, height, width, channels] or \
                 [n, channels, height, width] with 1 or 3 channels, or [n, numbers] with `height` and `width` set"
            )
        };
        let [height, width] = flat;
        let (count, sides, channels_last) = match sizes.ok_or_else(refused)?[..] {
            [n, numbers]
                if [1, 3].map(|c: usize| c.checked_mul(height)?.checked_mul(width)).contains(&Some(numbers)) =>
            {
                (n, [numbers.checked_div(height * width).unwrap_or_default(), height, width], false)
            }
            [_, numbers] if flat != [0, 0] => {
                return Err(format!("{numbers} numbers per image, but `height` x `width` is {height} x {width}"));
            }
            [n, h, w] => (n, [1, h, w], false),
            [n, h, w, c @ (1 | 3)] => (n, [c, h, w], true),
            [n, c @ (1 | 3), h, w] => (n, [c, h, w], false),
            _ => return Err(refused()),
        };
        if sides[1..].iter().any(|side| !(1..=MAX_SIDE).contains(side)) {
            return Err(format!("images of {}x{} pixels, expected sides of 1 to {MAX_SIDE}", sides[1], sides[2]));
        }
        if count == 0 {
            return Err("no images".to_owned());
        }
        Ok(Self { count, sides, channels_last })
    }

    /// Puts the channels of each image before its rows.
    pub(super) fn planes(self, pixels: Vec<f32>) -> Vec<f32> {
        let [channels, height, width] = self.sides;
        if !self.channels_last || channels == 1 {
            return pixels;
        }
        let images = pixels.chunks_exact(channels * height * width);
        images.flat_map(|image| (0..channels).flat_map(|c| image[c..].iter().step_by(channels))).copied().collect()
    }
}
