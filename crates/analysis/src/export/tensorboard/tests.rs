//! Event files, read by a decoder of their own: framing, checksums, steps, values.

use std::collections::BTreeMap;

use protocol::atomic;

use super::*;
use crate::export::tests::TRACE;
use crate::tables::fixture::Fixture;

/// Fields of a protocol buffer: number and bytes (a varint or a fixed number as 8 bytes).
fn fields(mut data: &[u8]) -> Vec<(u64, Vec<u8>)> {
    fn varint(data: &mut &[u8]) -> u64 {
        let mut value = 0;
        for shift in (0..).step_by(7) {
            let (byte, rest) = data.split_first().expect("a varint");
            *data = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        value
    }
    let mut all = Vec::new();
    while !data.is_empty() {
        let key = varint(&mut data);
        let length = match key & 7 {
            0 => {
                all.push((key >> 3, varint(&mut data).to_le_bytes().to_vec()));
                continue;
            }
            1 => 8,
            5 => 4,
            2 => varint(&mut data) as usize,
            wire => panic!("wire type {wire}"),
        };
        let (value, rest) = data.split_at(length);
        all.push((key >> 3, value.to_vec()));
        data = rest;
    }
    all
}

fn field(data: &[u8], number: u64) -> Option<Vec<u8>> {
    fields(data).into_iter().find(|(field, _)| *field == number).map(|(_, value)| value)
}

/// Content of an event file: scalars by step and tag, sizes of images by tag, and the plugin's data by tag.
#[derive(Debug, Default)]
struct Read {
    scalars: BTreeMap<(u64, String), Vec<f32>>,
    images: BTreeMap<String, (u64, u64)>,
    plugin: BTreeMap<String, Vec<u8>>,
}

fn read(file: &[u8]) -> Read {
    let (mut rest, mut read, mut first) = (file, Read::default(), true);
    let mut take = |count: usize| {
        let (data, after) = rest.split_at(count);
        rest = after;
        data.to_vec()
    };
    let sum = |data: &[u8]| (crc32c::crc32c(data).rotate_right(15).wrapping_add(0xa282_ead8)).to_le_bytes().to_vec();
    let mut left = file.len();
    while left > 0 {
        let length = take(8);
        assert_eq!(take(4), sum(&length));
        let data = take(u64::from_le_bytes(length.try_into().unwrap()) as usize);
        assert_eq!(take(4), sum(&data));
        left -= 16 + data.len();
        if std::mem::take(&mut first) {
            assert_eq!(field(&data, 3).unwrap(), b"brain.Event:2");
            continue;
        }
        let step = u64::from_le_bytes(field(&data, 2).unwrap().try_into().unwrap());
        for (_, value) in fields(&field(&data, 5).unwrap()) {
            let tag = String::from_utf8(field(&value, 1).unwrap()).unwrap();
            if let Some(number) = field(&value, 2) {
                read.scalars.entry((step, tag)).or_default().push(f32::from_le_bytes(number.try_into().unwrap()));
            } else if let Some(image) = field(&value, 4) {
                let size = |number| u64::from_le_bytes(field(&image, number).unwrap().try_into().unwrap());
                assert!(field(&image, 4).unwrap().starts_with(b"\x89PNG"));
                read.images.insert(tag, (size(1), size(2)));
            } else {
                let plugin = field(&field(&value, 9).unwrap(), 1).unwrap();
                assert_eq!(field(&plugin, 1).unwrap(), b"hparams");
                read.plugin.insert(tag, field(&plugin, 2).unwrap());
            }
        }
    }
    read
}

fn exported(fixture: &Fixture, trace: &str, folder: &Path) -> Read {
    let records: Vec<_> = fixture.records().into_iter().take(1).collect();
    atomic::write(&records[0].dir.trace(), trace.as_bytes()).unwrap();
    let written = tensorboard(&records, folder, Replaces::Grid("small")).unwrap();
    read(&fs::read(&written[0]).unwrap())
}

#[test]
fn figures_settings_and_the_end_are_in_the_file() {
    let (fixture, folder) = (Fixture::new(), tempfile::tempdir().unwrap());
    let found = exported(&fixture, TRACE, folder.path());
    let scalar = |step: u64, tag: &str| found.scalars[&(step, tag.to_owned())].clone();
    assert_eq!(scalar(3, "train/nll"), [2.5]);
    assert!(scalar(3, "train/kl")[0].is_nan());
    assert_eq!((scalar(3, "run/learning_rate"), scalar(9, "validation/nll")), (vec![0.01], vec![2.0]));
    assert!(found.scalars.keys().any(|(_, tag)| tag == "measured/nll"));
    assert!(found.scalars.values().all(|values| values.len() == 1), "each step once");

    let start = field(&found.plugin["_hparams_/session_start_info"], 3).unwrap();
    let settings: Vec<String> = fields(&start)
        .into_iter()
        .filter(|(number, _)| *number == 1)
        .map(|(_, entry)| String::from_utf8(field(&entry, 1).unwrap()).unwrap())
        .collect();
    for name in ["model", "data", "seed", "train.steps", "train.batch_size"] {
        assert!(settings.iter().any(|setting| setting == name), "{name} is not in {settings:?}");
    }
    assert_eq!(field(&start, 4).unwrap(), b"independent", "seeds of a variant are one group");
    let end = field(&found.plugin["_hparams_/session_end_info"], 4).unwrap();
    assert_eq!(field(&end, 1).unwrap()[0], 1, "success");
}

#[test]
fn a_step_that_an_attempt_repeats_has_its_last_value() {
    let (fixture, folder) = (Fixture::new(), tempfile::tempdir().unwrap());
    let line = |attempt: u32, step: u64, nll: f64| {
        format!(
            r#"{{"v":1,"unix_ms":{attempt}000,"at_s":0.1,"attempt":{attempt},"kind":"event","level":"INFO","name":"scalars","fields":{{"step":{step},"nll":{nll}}}}}"#
        )
    };
    let trace = [line(1, 1, 9.0), line(1, 2, 8.0), line(2, 2, 7.0), line(2, 3, 6.0)].join("\n") + "\n";
    let found = exported(&fixture, &trace, folder.path());
    let steps: Vec<_> = found.scalars.iter().filter(|((_, tag), _)| tag == "train/nll").collect();
    let values: Vec<_> = steps.iter().map(|((step, _), values)| (*step, values.as_slice())).collect();
    assert_eq!(values, [(1, &[9.0][..]), (2, &[7.0]), (3, &[6.0])]);
}

#[test]
fn sheets_are_images() {
    let (fixture, folder) = (Fixture::new(), tempfile::tempdir().unwrap());
    let samples = fixture.records()[0].dir.samples();
    fs::create_dir_all(&samples).unwrap();
    fs::remove_dir_all(&samples).unwrap();
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 6, 4);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&[0; 24]).unwrap();
    atomic::write(&samples.join("samples.png"), &bytes).unwrap();
    atomic::write(&samples.join("notes.txt"), b"no picture").unwrap();
    let found = exported(&fixture, TRACE, folder.path());
    assert_eq!(found.images, BTreeMap::from([("sheets/samples".to_owned(), (4, 6))]));
}

#[test]
fn exporting_again_replaces_the_runs_of_the_grid_and_nothing_else() {
    let (fixture, folder) = (Fixture::new(), tempfile::tempdir().unwrap());
    let mut records: Vec<_> = fixture.records().into_iter().take(2).collect();
    let files = |folder: &Path| {
        let mut files: Vec<String> = Vec::new();
        for run in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
            for file in fs::read_dir(&run).unwrap() {
                let name = file.unwrap().file_name().into_string().unwrap();
                files.push(format!("{}/{name}", run.file_name().unwrap().to_string_lossy()));
            }
        }
        files.sort();
        files
    };
    tensorboard(&records, folder.path(), Replaces::Grid("small")).unwrap();
    assert_eq!(files(folder.path()).len(), 2);
    let foreign = folder.path().join("mine/events.out.tfevents.1.host");
    atomic::write(&foreign, b"x").unwrap();
    tensorboard(&records[1..], folder.path(), Replaces::Grid("other")).unwrap();
    assert_eq!(files(folder.path()).len(), 4, "another grid and a foreign run");

    // One trial is trained again later and has another label, the other one is gone.
    records[0].trial.variant = "renamed".to_owned();
    atomic::write(&records[0].dir.trace(), TRACE.replace("\"unix_ms\":1000", "\"unix_ms\":5000").as_bytes()).unwrap();
    tensorboard(&records[..1], folder.path(), Replaces::Trials("small")).unwrap();
    assert_eq!(files(folder.path()).len(), 4, "only this trial is replaced");
    tensorboard(&records[..1], folder.path(), Replaces::Grid("small")).unwrap();
    let left = files(folder.path());
    assert_eq!(left.len(), 3, "{left:?}");
    assert!(left.iter().any(|file| file.starts_with("renamed seed_0 ")) && foreign.exists());
}
