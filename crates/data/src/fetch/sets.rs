//! What there is to fetch.
//!
//! No hash here is from memory or from a download of ours: `cited` names the public file that
//! each was read in.

use protocol::{Problem, params};

use super::FileHash::{self, Md5};

/// A data set that can be downloaded.
#[derive(Debug, Clone, Copy)]
pub struct FetchSet {
    /// The name in `genbench data fetch`, and the folder in the cache.
    pub name: &'static str,
    /// One line for the help.
    pub about: &'static str,
    /// Addresses that a file's name is appended to, the first to try first.
    pub mirrors: &'static [&'static str],
    /// All its files.
    pub files: &'static [FetchFile],
}

/// One file of a [`FetchSet`].
#[derive(Debug, Clone, Copy)]
pub struct FetchFile {
    /// Its name, at the mirror and in the cache.
    pub name: &'static str,
    /// What its bytes hash to.
    pub hash: FileHash,
    /// Where the hash is from: repository, file and commit.
    pub cited: &'static str,
}

/// Every set that can be fetched, in the order of the documentation.
pub const SETS: &[FetchSet] = &[
    FetchSet {
        name: "mnist",
        about: "MNIST: 70,000 handwritten digits, 28x28, about 12 MB",
        // Both as in torchvision, the encrypted one first.
        mirrors: &["https://ossci-datasets.s3.amazonaws.com/mnist/", "http://yann.lecun.com/exdb/mnist/"],
        files: &[
            md5("train-images-idx3-ubyte.gz", "f68b3c2dcbeaaa9fbdd348bbdeb94873", TORCHVISION),
            md5("train-labels-idx1-ubyte.gz", "d53e105ee54ea40749a09fcbcd1e9432", TORCHVISION),
            md5("t10k-images-idx3-ubyte.gz", "9fb629c4189551a2d022fa330f9573f3", TORCHVISION),
            md5("t10k-labels-idx1-ubyte.gz", "ec29112dd5afa0611ce80d1b7f02629c", TORCHVISION),
        ],
    },
    FetchSet {
        name: "fashion_mnist",
        about: "Fashion-MNIST: 70,000 pictures of clothes, 28x28, about 31 MB",
        // The first as in torchvision; the second is the authors' repository, whose README names
        // its folder `data/fashion` as the alternative.
        mirrors: &[
            "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
            "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
        ],
        // The authors' README (zalandoresearch/fashion-mnist README.md at
        // 02cf0676df9403f820db28474248ba7d7d1060bb) has the same four.
        files: &[
            md5("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d", TORCHVISION),
            md5("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe", TORCHVISION),
            md5("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79", TORCHVISION),
            md5("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310", TORCHVISION),
        ],
    },
];

/// Classes `MNIST` and `FashionMNIST`, `resources` and `mirrors`.
const TORCHVISION: &str = "pytorch/vision torchvision/datasets/mnist.py at 01977a187961243eaf66ead246fd92a5c6c7ccfc";

const fn md5(name: &'static str, hash: &'static str, cited: &'static str) -> FetchFile {
    FetchFile { name, hash: Md5(hash), cited }
}

/// The set called `name`.
///
/// # Errors
/// There is none; the advice names the nearest.
pub fn find(name: &str) -> Result<&'static FetchSet, Problem> {
    SETS.iter()
        .find(|set| set.name == name)
        .ok_or_else(|| Problem { at_key: false, ..params::unknown("name", name, SETS.iter().map(|set| set.name)) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_gets_the_nearest_name() {
        assert_eq!(find("mnist").unwrap().name, "mnist");
        let problem = find("fashion-mnist").unwrap_err();
        assert!(!problem.at_key);
        insta::assert_snapshot!(problem.help.unwrap(), @"did you mean `fashion_mnist`? Allowed: mnist, fashion_mnist");
    }

    #[test]
    fn the_table_is_well_formed() {
        for set in SETS {
            assert!(
                set.mirrors.iter().all(|mirror| mirror.starts_with("http") && mirror.ends_with('/')),
                "{}",
                set.name
            );
            for file in set.files {
                let (digits, length) = match file.hash {
                    Md5(digits) => (digits, 32),
                    FileHash::Sha256(digits) => (digits, 64),
                };
                assert_eq!(digits.len(), length, "{}/{}", set.name, file.name);
                assert!(digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')), "{digits}");
                assert!(!file.name.contains(['/', '\\']) && !file.name.starts_with('.'), "{}", file.name);
                assert!(!file.cited.is_empty(), "{}/{}", set.name, file.name);
            }
        }
    }
}
