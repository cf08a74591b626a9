//! Splits and classes of a folder.

use super::*;

#[test]
fn a_flat_folder_is_split_by_the_hashes_of_its_names() {
    let (folder, config) = numbered(40);
    let data = config.load().unwrap();
    assert_eq!(data.shape, config.describe().unwrap());
    assert_eq!((data.shape.channels, data.shape.height, data.shape.width, data.shape.classes), (1, 3, 2, None));
    assert_eq!([data.train.len(), data.validation.len(), data.test.len()], [32, 4, 4]);
    let mut all = [&data.train, &data.validation, &data.test].map(numbers).concat();
    assert!(!all.is_sorted());
    all.sort_unstable();
    assert_eq!(all, (0..40).collect::<Vec<_>>());
    assert_eq!(data.train.image(0)[1..], [1.0, 10.0, 11.0, 20.0, 21.0].map(|byte: f32| byte / 255.0));

    // Another picture moves at most one to another split.
    save(&folder.path().join("more.png"), grey(40));
    let more = config.load().unwrap();
    let moved = numbers(&data.test).into_iter().filter(|number| !numbers(&more.test).contains(number)).count();
    assert!(moved <= 1, "{moved}");

    let few = Images { train: 3, validation: 8, test: 10, ..config.clone() }.load().unwrap();
    assert_eq!([few.train.len(), few.validation.len(), few.test.len()], [3, 8, 10]);
    let binary = Images { binarize: BinarizeMode::Threshold, ..config.clone() };
    assert_eq!(binary.describe().unwrap().support, Support::Binary);
    let levels = Images { levels: 8, ..config }.load().unwrap();
    assert_eq!(levels.shape.support, Support::Levels(8));
}

#[test]
fn the_folder_moves_and_formats_change_without_changing_the_data() {
    let (folder, config) = numbered(20);
    let (hash, sha256) = (config.hash().unwrap(), config.load().unwrap().sha256());
    let parent = tempfile::tempdir().unwrap();
    // An archive that unpacks into a folder, with what macOS adds.
    let inner = parent.path().join("pictures");
    fs::rename(folder.path(), &inner).unwrap();
    fs::create_dir(parent.path().join("__MACOSX")).unwrap();
    fs::write(parent.path().join("__MACOSX/._000.png"), "junk").unwrap();
    fs::write(inner.join("._000.png"), "junk").unwrap();
    fs::write(inner.join("Thumbs.db"), "junk").unwrap();
    fs::write(inner.join("README.txt"), "text").unwrap();
    for path in [parent.path().to_owned(), inner.clone(), inner.join(".")] {
        let moved = at(path);
        assert_eq!((moved.hash().unwrap(), moved.load().unwrap().sha256()), (hash.clone(), sha256.clone()));
    }
    // The same pixels in another type of PNG.
    let rgb = DynamicImage::from(grey(4)).into_luma16();
    save(&inner.join("004.png"), rgb);
    assert_eq!(at(inner.clone()).hash().unwrap(), hash, "16 bits are rounded to 8");
    save(&inner.join("004.png"), grey(5));
    assert_ne!(at(inner).hash().unwrap(), hash);
}

#[test]
fn folders_are_classes() {
    let names: Vec<_> = (0..20).map(|number| format!("{}/{number:02}.png", ["dog", "cat"][number % 2])).collect();
    let (folder, config) = set(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let data = config.load().unwrap();
    assert_eq!(data.shape.classes, Some(2));
    for split in [&data.train, &data.validation, &data.test] {
        let labels: Vec<_> = numbers(split).into_iter().map(|number| 1 - (number % 2) as u16).collect();
        assert_eq!(split.labels.as_ref(), Some(&labels), "cat is 0, dog is 1");
    }
    let held = Images { hold_out: Some(1), ..config.clone() }.load().unwrap();
    assert_eq!(held.held_out.unwrap().len(), 10);
    assert_eq!(Images { labels: false, ..config.clone() }.describe().unwrap().classes, None);
    save(&folder.path().join("dog/puppies/20.png"), grey(20));
    assert_eq!(config.describe().unwrap().classes, Some(2), "deeper folders belong to the first one");
    save(&folder.path().join("stray.png"), grey(21));
    assert_eq!(
        message(&folder, &config),
        "FOLDER/stray.png: the picture is in no folder of a class, but others are; \
         `labels: false` reads all without classes"
    );
    assert_eq!(Images { labels: false, ..config }.load().unwrap().shape.classes, None);
}

#[test]
fn folders_of_splits_are_used() {
    let mut names: Vec<String> = (0..20).map(|number| format!("train/{}/{number:02}.png", number % 2)).collect();
    names.extend((20..25).map(|number| format!("test/{}/{number:02}.png", number % 2)));
    let (folder, config) = set(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let data = config.load().unwrap();
    assert_eq!([data.train.len(), data.validation.len(), data.test.len()], [18, 2, 5]);
    let mut tests = numbers(&data.test);
    tests.sort_unstable();
    assert_eq!((tests, data.shape.classes), ((20..25).collect(), Some(2)));
    for number in 25..28 {
        save(&folder.path().join(format!("val/{}/{number:02}.png", number % 2)), grey(number));
    }
    let data = config.load().unwrap();
    assert_eq!([data.train.len(), data.validation.len(), data.test.len()], [20, 3, 5]);
    save(&folder.path().join("extra/28.png"), grey(28));
    assert_eq!(
        message(&folder, &config),
        "FOLDER/extra/28.png: a picture next to the folders of the splits, in none of them; move it out of the folder"
    );
    let (_folder, others) = set(&["Training/0.png", "Training/1.png", "Training/2.png", "Testing/3.png"]);
    assert_eq!((others.describe().unwrap().test, others.describe().unwrap().classes), (1, None));
    // A class that is called train is a class.
    let (_folder, vehicles) = set(&["car/0.png", "train/1.png", "bus/2.png", "bus/3.png"]);
    assert_eq!(vehicles.describe().unwrap().classes, Some(3));
}
