//! Controls that records of earlier versions do not state.

use protocol::{Control, ControlKind, Direction, Measurement};

/// Suffixes of the controls of measures in records that do not state them.
const SUFFIXES: [(&str, ControlKind); 8] = [
    ("real", ControlKind::Real),
    ("floor", ControlKind::Ceiling),
    ("optimal", ControlKind::Ceiling),
    ("ceiling", ControlKind::Ceiling),
    ("pixels", ControlKind::Baseline),
    ("paste", ControlKind::Baseline),
    ("nearest", ControlKind::Baseline),
    ("identity", ControlKind::Baseline),
];

/// Adds the controls that records of earlier versions do not state. Those were figures without a better direction, named
/// after another figure of their measure with one of a few suffixes.
pub(crate) fn add_unstated(figures: &mut [Measurement]) {
    let known: Vec<(String, String)> =
        figures.iter().map(|figure| (figure.measure.clone(), figure.name.clone())).collect();
    for figure in figures.iter_mut().filter(|figure| figure.control.is_none()) {
        if figure.direction != Direction::Neither {
            continue;
        }
        let Some((of, label)) = figure.name.rsplit_once('_') else { continue };
        let has_figure = known.iter().any(|(measure, name)| *measure == figure.measure && name == of);
        if let Some((_, kind)) = SUFFIXES.iter().find(|(suffix, _)| *suffix == label && has_figure) {
            figure.control = Some(Control::new(of, *kind, label));
        }
    }
}

#[cfg(test)]
mod tests {
    use protocol::{Kind, Unit};

    use super::*;

    fn figure(measure: &str, name: &str, direction: Direction) -> Measurement {
        let figure = Measurement::new(name, Kind::Estimate, Unit::One, direction, 1.0);
        Measurement { measure: measure.into(), ..figure }
    }

    #[test]
    fn controls_of_earlier_records_are_found_by_their_names() {
        let mut figures = [
            figure("copies", "copies", Direction::Lower),
            figure("copies", "copies_real", Direction::Neither),
            figure("restoration", "psnr_in", Direction::Higher),
            figure("restoration", "psnr_in_paste", Direction::Neither),
            // No figure `ink`; the figure is another measure's; a score; no suffix of a control.
            figure("copies", "ink_real", Direction::Neither),
            figure("other", "copies_real", Direction::Neither),
            figure("restoration", "psnr_in_nearest", Direction::Higher),
            figure("copies", "copies_kl", Direction::Neither),
        ];
        add_unstated(&mut figures);
        let found: Vec<_> = figures.iter().map(|figure| figure.control.as_ref().map(|control| control.kind)).collect();
        let (real, baseline) = (Some(ControlKind::Real), Some(ControlKind::Baseline));
        assert_eq!(found, [None, real, None, baseline, None, None, None, None]);
        assert_eq!(figures[3].control.as_ref().unwrap().name(), figures[3].name);
    }
}
