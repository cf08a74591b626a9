//! Two settings of one thing, at all pairs of places: the inner one wins, or both are shown in an error.

use std::collections::BTreeMap;
use std::fs;

use crate::diagnostics::Diagnostics;
use crate::plan::{Overrides, load_and_plan};
use crate::tests::FakeCatalog;

/// A place of the grid. Levels: 1 is the top, 2 the block, 3 the variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// Settings of the top level, in the file that the grid extends.
    Extended,
    Settings(usize),
    Matrix(usize),
    Zip(usize),
    /// An axis over the whole block `train`.
    Blocks(usize),
    Include(usize),
    /// `--set train.KEY=VALUE`.
    Set,
    /// `--set train={KEY: VALUE}`.
    SetBlock,
}

use Place::{Blocks, Extended, Include, Matrix, Set, SetBlock, Settings, Zip};

/// One setting at one place.
#[derive(Clone, Copy, Debug)]
struct Placed {
    place: Place,
    key: &'static str,
    value: u64,
}

impl Placed {
    fn text(self) -> String {
        let Self { place, key, value } = self;
        match place {
            Extended | Settings(_) => format!("{key}: {value}"),
            Matrix(_) | Zip(_) => format!("train.{key}: [{value}]"),
            Blocks(_) => format!("train: [{{{key}: {value}}}]"),
            Include(_) => format!("- {{train.{key}: {value}}}"),
            Set => format!("train.{key}={value}"),
            SetBlock => format!("train={{{key}: {value}}}"),
        }
    }

    /// The steps of a trial in which this setting wins; an epoch has 100 steps.
    fn steps(self) -> u64 {
        if self.key == "steps" { self.value } else { 100 * self.value }
    }
}

fn places() -> Vec<Place> {
    let levels = [Settings, Matrix, Zip, Blocks, Include].into_iter().flat_map(|place| [1, 2, 3].map(place));
    [Extended, Set, SetBlock].into_iter().chain(levels).collect()
}

/// The winner of two settings, the first at the smaller place; `None` if both are refused.
fn winner(first: Placed, second: Placed) -> Option<Placed> {
    if first.place == second.place {
        // A later `include` overrides an earlier one.
        return matches!(first.place, Include(_)).then_some(second);
    }
    let level = |place| match place {
        Settings(level) | Matrix(level) | Zip(level) | Blocks(level) | Include(level) => level,
        _ => 1,
    };
    let (a, b) = (first.place, second.place);
    let inner = if level(a) > level(b) { first } else { second };
    match (a, b) {
        (Extended, Settings(_)) => Some(second),
        (Set | SetBlock, Set | SetBlock) => None,
        (Extended | Settings(_), Set | SetBlock | Include(_)) => Some(second),
        (_, Set | SetBlock) => None,
        (Settings(_), Settings(_)) | (Include(_), Include(_)) => Some(inner),
        (Extended | Settings(_), _) => (level(a) < level(b)).then_some(second),
        (Matrix(_) | Zip(_), Matrix(_) | Zip(_)) | (Blocks(_), Blocks(_)) => (level(a) != level(b)).then_some(inner),
        _ => None,
    }
}

/// The text of the grid's two files, with each setting on a line of its own.
fn files(settings: &[Placed]) -> (String, String) {
    let lines = |place: Place, head: &str, indent: usize| {
        let here: Vec<_> = settings.iter().filter(|one| one.place == place).collect();
        let line = |one: &&Placed| format!("{:indent$}{}\n", "", one.text(), indent = indent + 2);
        match here.is_empty() {
            true => String::new(),
            false => format!("{:indent$}{head}:\n{}", "", here.iter().map(line).collect::<String>()),
        }
    };
    let level = |level: usize, indent: usize| {
        let both = settings.iter().any(|one| one.place == Matrix(level))
            && settings.iter().any(|one| one.place == Blocks(level));
        let (matrix, blocks) = (lines(Matrix(level), "matrix", indent), lines(Blocks(level), "matrix", indent));
        let blocks = if both { blocks.split_once('\n').unwrap().1.to_owned() } else { blocks };
        [
            lines(Settings(level), "train", indent),
            matrix,
            blocks,
            lines(Zip(level), "zip", indent),
            lines(Include(level), "include", indent),
        ]
        .concat()
    };
    let top = format!(
        "name: g\nextends: base.yaml\n{}blocks:\n  - section: s\n{}    variants:\n      - model: nade\n{}",
        level(1, 0),
        level(2, 4),
        level(3, 8)
    );
    // The axis makes an `include` extend a combination instead of adding one.
    let base = format!("data: digits\nmatrix: {{model.hidden: [5]}}\n{}", lines(Extended, "train", 0));
    (base, top)
}

fn planned(settings: &[Placed]) -> Result<Vec<u64>, Diagnostics> {
    let folder = tempfile::tempdir().unwrap();
    let (base, top) = files(settings);
    fs::write(folder.path().join("base.yaml"), base).unwrap();
    fs::write(folder.path().join("top.yaml"), top).unwrap();
    let set = settings.iter().filter(|one| matches!(one.place, Set | SetBlock)).map(|one| one.text()).collect();
    let overrides = Overrides { set, ..Overrides::default() };
    load_and_plan(&folder.path().join("top.yaml"), &FakeCatalog::default(), &overrides)
        .map(|(_, plan)| plan.trials.iter().map(|trial| trial.train.steps).collect())
}

/// The lines that a message shows, without indentation.
fn shown(messages: &Diagnostics, settings: &[Placed]) -> usize {
    let text = messages.to_string();
    let lines: Vec<_> = text.lines().filter_map(|line| Some(line.split_once('|')?.1.trim())).collect();
    settings.iter().filter(|one| lines.contains(&one.text().as_str())).count()
}

#[test]
fn of_two_settings_of_one_thing_the_inner_one_wins_or_both_are_refused() {
    let mut refused = BTreeMap::from([(true, 0), (false, 0)]);
    for (first_place, second_place) in places().into_iter().flat_map(|a| places().into_iter().map(move |b| (a, b))) {
        for keys in [["steps", "epochs"], ["epochs", "steps"], ["steps", "steps"]] {
            let equal = keys[0] == keys[1];
            let axis = |place| matches!(place, Matrix(_) | Zip(_) | Blocks(_));
            // YAML refuses an equal key, and an `include` of the key of an axis is a condition.
            let skipped = first_place > second_place
                || first_place == second_place && (equal || matches!(first_place, Blocks(_)))
                || equal && axis(first_place) && matches!(second_place, Include(_));
            if skipped {
                continue;
            }
            let first = Placed { place: first_place, key: keys[0], value: 3 };
            let second = Placed { place: second_place, key: keys[1], value: 7 };
            let (base, top) = files(&[first, second]);
            let case = || format!("{first:?} {second:?}\n{base}\n{top}");
            match (planned(&[first, second]), winner(first, second)) {
                (Ok(steps), Some(winner)) => assert_eq!(steps, [winner.steps()], "{}", case()),
                (Err(messages), None) => {
                    assert_eq!(shown(&messages, &[first, second]), 2, "{messages}\n{}", case());
                    assert!(!messages.list()[0].notes.is_empty(), "{messages}\n{}", case());
                }
                (Ok(steps), None) => panic!("{steps:?} was not refused: {}", case()),
                (Err(messages), Some(_)) => panic!("{messages}\n{}", case()),
            }
            *refused.entry(winner(first, second).is_none()).or_default() += 1;
        }
    }
    assert!(refused.values().all(|count| *count > 100), "{refused:?}");
}
