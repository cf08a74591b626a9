//! Data sets that can be downloaded.
//!
//! All sizes and hashes are from public files, which `cited` names.

use protocol::{Problem, params};

/// A data set that can be downloaded.
#[derive(Debug, Clone, Copy)]
pub struct FetchSet {
    /// Name in `genbench data fetch` and of the folder in the cache.
    pub name: &'static str,
    /// Description in one line.
    pub about: &'static str,
    /// Addresses of the mirrors, in the order of trial; the name of a file is appended.
    pub mirrors: &'static [&'static str],
    /// All files.
    pub files: &'static [FetchFile],
    /// Source of the sizes and hashes: repository, file and commit.
    pub cited: &'static str,
}

/// One file of a [`FetchSet`].
#[derive(Debug, Clone, Copy)]
pub struct FetchFile {
    /// Name at the mirror and in the cache.
    pub name: &'static str,
    /// Size in bytes; a response of another size is refused.
    pub bytes: u64,
    /// SHA-256 in lowercase hexadecimal digits.
    pub sha256: &'static str,
}

/// All sets that can be downloaded, in the order of the documentation.
pub const SETS: &[FetchSet] = &[
    FetchSet {
        name: "mnist",
        about: "MNIST: 70,000 handwritten digits, 28x28, about 12 MB",
        mirrors: &[
            // The mirror of the cited file.
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            // pytorch/vision torchvision/datasets/mnist.py at 01977a187961243eaf66ead246fd92a5c6c7ccfc,
            // `MNIST.mirrors`.
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
        ],
        files: &[
            file(TRAIN_IMAGES, 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
            file(TRAIN_LABELS, 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
            file(TEST_IMAGES, 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
            file(TEST_LABELS, 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
        ],
        cited: "tensorflow/datasets tensorflow_datasets/url_checksums/mnist.txt \
                at 31f1255e57e519a6c004f0b097a2f5cfcf0dde7d",
    },
    FetchSet {
        name: "fashion_mnist",
        about: "Fashion-MNIST: 70,000 pictures of clothes, 28x28, about 31 MB",
        mirrors: &[
            // The mirror of the cited file. It has no HTTPS address.
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            // The authors' repository. Its README.md at 02cf0676df9403f820db28474248ba7d7d1060bb names the
            // folder `data/fashion`.
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        ],
        files: &[
            file(TRAIN_IMAGES, 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            file(TRAIN_LABELS, 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            file(TEST_IMAGES, 4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            file(TEST_LABELS, 5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
        ],
        cited: "tensorflow/datasets tensorflow_datasets/url_checksums/fashion_mnist.txt \
                at 333639b37af6c6fedf3610a4a2d42f1c6ef6f7d5",
    },
];

const TRAIN_IMAGES: &str = "train-images-idx3-ubyte.gz";
const TRAIN_LABELS: &str = "train-labels-idx1-ubyte.gz";
const TEST_IMAGES: &str = "t10k-images-idx3-ubyte.gz";
const TEST_LABELS: &str = "t10k-labels-idx1-ubyte.gz";

const fn file(name: &'static str, bytes: u64, sha256: &'static str) -> FetchFile {
    FetchFile { name, bytes, sha256 }
}

/// The set called `name`.
///
/// # Errors
/// No set has this name. The help suggests the nearest name.
pub fn find(name: &str) -> Result<&'static FetchSet, Problem> {
    SETS.iter()
        .find(|set| set.name == name)
        .ok_or_else(|| Problem { at_key: false, ..params::unknown("name", name, SETS.iter().map(|set| set.name)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_has_the_nearest_one_as_help() {
        assert_eq!(find("mnist").unwrap().name, "mnist");
        let problem = find("fashion-mnist").unwrap_err();
        assert!(!problem.at_key);
        insta::assert_snapshot!(problem.help.unwrap(), @"did you mean `fashion_mnist`? Allowed: mnist, fashion_mnist");
    }

    #[test]
    fn the_table_is_well_formed() {
        let mut hashes = std::collections::BTreeSet::new();
        for set in SETS {
            let is_address = |mirror: &&str| mirror.starts_with("http") && mirror.ends_with('/');
            assert!(set.mirrors.len() > 1 && set.mirrors.iter().all(is_address), "{}", set.name);
            assert_eq!(set.files.len(), 4, "{}", set.name);
            for file in set.files {
                assert_eq!(file.sha256.len(), 64, "{}/{}", set.name, file.name);
                assert!(file.sha256.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')), "{}", file.sha256);
                assert!(hashes.insert(file.sha256), "{}/{} has another's hash", set.name, file.name);
                assert!(!file.name.contains(['/', '\\']) && !file.name.starts_with('.'), "{}", file.name);
            }
            // The description gives the size in powers of ten.
            let megabytes = set.files.iter().map(|file| file.bytes).sum::<u64>() as f64 / 1e6;
            assert!(set.about.ends_with(&format!("about {megabytes:.0} MB")), "{}: {megabytes}", set.about);
        }
    }
}
