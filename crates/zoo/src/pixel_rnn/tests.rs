//! Comparison of the host with its oracle, and of receptive fields with kernel sizes.

use std::collections::BTreeSet;

use ::nn::Ordering;
use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::prelude::*;
use data::{DataShape, Noise, Split};
use engine::{Autoregressive, Batch, GenerativeModel, Objective, Step};
use protocol::{Problem, Support};

use super::grid::Window;
use super::host::Host;
use super::network::PixelRnn;
use super::{LayerKind, PixelRnnConfig};
use crate::colours::Colours;
use crate::test_shape::shape;
use engine::ModelConfig;

const KINDS: [LayerKind; 2] = [LayerKind::RowLstm, LayerKind::DiagonalBilstm];

fn levels(channels: usize, height: usize, width: usize, levels: u16) -> DataShape {
    DataShape { support: Support::Levels(levels), ..shape(channels, height, width) }
}

fn images(data: &DataShape, count: usize) -> Split {
    let mut noise = Noise::new(0, "images", 0);
    let levels = match data.support {
        Support::Levels(levels) => usize::from(levels),
        _ => 2,
    };
    let pixels = (0..count * data.pixels()).map(|_| noise.below(levels) as f32 / (levels - 1) as f32).collect();
    Split::new(pixels, data.pixels())
}

struct Compare<'a> {
    expected: &'a GradientsParams,
    found: &'a GradientsParams,
    count: usize,
}

impl ModuleVisitor for Compare<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let read = |gradients: &GradientsParams| -> Vec<f32> {
            gradients.get::<D>(param.id).expect("a gradient").into_data().iter::<f32>().collect()
        };
        let (expected, found) = (read(self.expected), read(self.found));
        let scale = expected.iter().fold(0f32, |largest, value| largest.max(value.abs()));
        let close = expected.iter().zip(&found).all(|(a, b)| (a - b).abs() < 5e-5 * scale);
        assert!(scale > 0.0 && close, "parameter {} of shape {:?}: {scale}", self.count, param.dims());
        self.count += 1;
    }
}

/// Compares parameters, loss and gradients of the host with plain tensor operations and automatic differentiation.
#[test]
fn the_host_agrees_with_its_oracle() {
    let device = Device::flex().autodiff();
    for kind in KINDS {
        for (data, ordering, layers) in [
            (shape(1, 5, 7), Ordering::Raster, 2),
            (shape(1, 7, 4), Ordering::Column, 1),
            (levels(3, 4, 5, 3), Ordering::Reverse, 1),
            (levels(3, 4, 5, 3), Ordering::Raster, 2),
        ] {
            // Two layers in RGB have independent colours, too.
            let colours = if layers == 2 { Colours::Independent } else { Colours::Sequential };
            let config = PixelRnnConfig {
                layer: kind,
                hidden: 7,
                layers,
                head: 10,
                ordering,
                colours,
                ..PixelRnnConfig::default()
            };
            let model = PixelRnn::new(&config, Window::square(5), &data, 3, &device);
            let batch = Batch::new(images(&data, 11), &device);
            let loss = model.loss(&batch, &Step { index: 0, lr_factor: 1.0, seed: 0 }).0.swap_remove(0).1;
            let expected = GradientsParams::from_grads(loss.clone().backward(), &model);
            let host = Host::of(&model);
            let descent = host.descend(&batch.host);
            let nll = f64::from(loss.into_scalar::<f32>());
            assert!((descent.nll - nll).abs() < 1e-5 * nll, "{} against {nll}", descent.nll);
            let mut compare = Compare { expected: &expected, found: &descent.register(&model), count: 0 };
            model.visit(&mut compare);
            assert!(compare.count > 10);
            let close = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-4;
            assert!(model.numbers_of(&batch.host).iter().zip(&host.numbers(&batch.host)).all(close));
        }
    }
}

#[test]
fn the_number_of_threads_does_not_change_the_result() {
    let data = shape(1, 4, 4);
    let model = PixelRnn::new(&PixelRnnConfig::default(), Window::square(3), &data, 3, &Device::flex());
    let images = images(&data, 30);
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| {
            let descent = Host::of(&model).descend(&images);
            let gradient = descent.register(&model).get::<2>(model.first.weight.id).expect("a gradient");
            (descent.nll.to_bits(), gradient.into_data().iter::<f32>().map(f32::to_bits).collect::<Vec<_>>())
        })
    };
    assert_eq!(on(1), on(4));
}

/// Finds by gradients the numbers of an image that each conditional depends on, both `[position][channel]`.
fn depends(config: &PixelRnnConfig, window: Window, data: &DataShape) -> Vec<BTreeSet<usize>> {
    let device = Device::flex().autodiff();
    let model = PixelRnn::new(config, window, data, 1, &device);
    let (count, channels, positions) = (data.pixels(), data.channels, data.height * data.width);
    // One copy of the image per conditional; the loss sums the parameters of conditional i in copy i.
    let image = Noise::new(0, "image", 0).uniforms(count);
    let x = Tensor::<2>::from_data(TensorData::new(image.repeat(count), [count, count]), &device).require_grad();
    let numbers = model.numbers(x.clone());
    let [_, width] = numbers.dims();
    let each = width / channels;
    let mut chosen = vec![0.0; count * positions * width];
    for conditional in 0..count {
        let (position, channel) = (conditional / channels, conditional % channels);
        let at = (position * count + conditional) * width + channel * each;
        chosen[at..at + each].iter_mut().enumerate().for_each(|(index, weight)| *weight = 1.0 + index as f32);
    }
    let chosen = Tensor::<2>::from_data(TensorData::new(chosen, [positions * count, width]), &device);
    let gradients = (numbers * chosen).sum().backward();
    let gradient: Vec<f32> = x.grad(&gradients).expect("tracked").into_data().iter::<f32>().collect();
    let generated = |pixel: usize| pixel % positions * channels + pixel / positions;
    gradient
        .chunks_exact(count)
        .map(|row| (0..count).filter(|pixel| row[*pixel] != 0.0).map(generated).collect())
        .collect()
}

type Position = (isize, isize);

/// Returns the positions in the window of the first layer: the part of its kernel before the centre.
fn window((row, column): Position, [above, sides]: [isize; 2]) -> Vec<Position> {
    let rows = (row - above..row).flat_map(|row| (column - sides..=column + sides).map(move |column| (row, column)));
    rows.chain((column - sides..column).map(|column| (row, column))).collect()
}

/// Returns the positions whose features a layer reads at a position (section 3), each with a flag for mask B. Under
/// mask B a channel reads its own features and those of earlier channels; states are read without a mask.
fn reach(kind: LayerKind, (row, column): Position, width: isize) -> Vec<(Position, bool)> {
    let rows = 0..=row;
    let read: Vec<Position> = match kind {
        // A triangle that is one column wider per side with every row further up, and one more to the left.
        LayerKind::RowLstm => {
            let columns = |above: isize| (column - row + above).max(0) - 1..=(column + row - above).min(width - 1);
            rows.flat_map(|above| columns(above).map(move |column| (above, column))).collect()
        }
        // All positions above and to the left, and from the row above all to the right.
        LayerKind::DiagonalBilstm => rows
            .flat_map(|above| (0..width).map(move |other| (above, other)))
            .filter(|(above, other)| *other <= column || *above < row)
            .collect(),
    };
    let masked = |(above, other): Position| above == row && (kind == LayerKind::RowLstm || other == column);
    read.into_iter().map(|position| (position, masked(position))).collect()
}

/// Derives from the kernel sizes the numbers that each conditional depends on.
fn expected(config: &PixelRnnConfig, kernel: [isize; 2], data: &DataShape) -> Vec<BTreeSet<usize>> {
    let (kind, layers, sequential) = (config.layer, config.layers, config.colours == Colours::Sequential);
    let (height, width, channels) = (data.height as isize, data.width as isize, data.channels);
    let inside = |(row, column): &Position| (0..height).contains(row) && (0..width).contains(column);
    let at = |(row, column): Position| (row * width + column) as usize;
    let positions: Vec<Position> = (0..height).flat_map(|row| (0..width).map(move |column| (row, column))).collect();
    // Per position and group of features. Under mask A, group g depends on the channels before g of its position, unless
    // the colours are independent.
    let first = |index: usize| -> BTreeSet<usize> {
        let (position, group) = (positions[index / channels], index % channels);
        let before = window(position, kernel).into_iter().filter(inside).map(at);
        let before = before.flat_map(|position| (0..channels).map(move |channel| position * channels + channel));
        let own = if sequential { 0..group } else { 0..0 };
        before.chain(own.map(|channel| at(position) * channels + channel)).collect()
    };
    let mut seen: Vec<_> = (0..data.pixels()).map(first).collect();
    for _ in 0..layers {
        let through = |index: usize| {
            let (position, group) = (positions[index / channels], index % channels);
            let read = reach(kind, position, width).into_iter().filter(|(position, _)| inside(position));
            let groups = read.flat_map(|(position, masked)| {
                let last = if masked { group } else { channels - 1 };
                (0..=last).map(move |group| at(position) * channels + group)
            });
            groups.flat_map(|index| seen[index].iter().copied()).collect()
        };
        seen = (0..data.pixels()).map(through).collect();
    }
    seen
}

#[test]
fn receptive_fields_are_those_of_the_kernels() {
    for kind in KINDS {
        for (kernel, layers, data, colours) in [
            ([3, 3], 1, shape(1, 6, 11), Colours::Sequential),
            ([1, 1], 1, shape(1, 7, 7), Colours::Sequential),
            ([0, 1], 1, shape(1, 7, 11), Colours::Sequential),
            ([0, 1], 2, shape(1, 4, 8), Colours::Sequential),
            ([1, 1], 1, shape(3, 3, 4), Colours::Sequential),
            ([1, 1], 1, shape(3, 3, 4), Colours::Independent),
        ] {
            let config =
                PixelRnnConfig { layer: kind, hidden: 12, layers, head: 24, colours, ..PixelRnnConfig::default() };
            let [above, sides] = kernel.map(|size| size as usize);
            let found = depends(&config, Window { above, sides }, &data);
            let expected = expected(&config, kernel, &data);
            for (conditional, (found, expected)) in found.iter().zip(&expected).enumerate() {
                assert_eq!(found, expected, "{kind:?} with {kernel:?}, {colours:?}: conditional {conditional}");
            }
        }
    }
}

/// A row LSTM whose first layer is 1x3 has the triangular receptive field of the paper: two positions to the left, and
/// one more per side with every row further up.
#[test]
fn the_receptive_field_of_a_row_lstm_is_a_triangle() {
    let (height, width) = (6, 13);
    let config = PixelRnnConfig { head: 24, ..PixelRnnConfig::default() };
    let found = depends(&config, Window { above: 0, sides: 1 }, &shape(1, height, width));
    let (row, column) = (5, 6);
    let drawn: Vec<String> = (0..height)
        .map(|y| {
            let cell = |x| match (found[row * width + column].contains(&(y * width + x)), (y, x) == (row, column)) {
                (_, true) => '?',
                (true, _) => '#',
                _ => '.',
            };
            (0..width).map(cell).collect()
        })
        .collect();
    let triangle = [
        "###########..", // cut off by the border on the left
        "##########...",
        ".########....",
        "..######.....",
        "...####......",
        "....##?......",
    ];
    assert_eq!(drawn, triangle);
}

/// The receptive field of a diagonal BiLSTM has all preceding pixels except the last one of the row above, unless the
/// window of the first layer reaches it.
#[test]
fn the_receptive_field_of_a_diagonal_bilstm_lacks_one_pixel() {
    let (height, width, kernel) = (6, 9, 7);
    let config = PixelRnnConfig { layer: LayerKind::DiagonalBilstm, ..PixelRnnConfig::default() };
    let found = depends(&config, Window::square(kernel), &shape(1, height, width));
    for (position, found) in found.iter().enumerate() {
        let (row, column) = (position / width, position % width);
        let missed = (row > 0 && column + kernel / 2 < width - 1).then(|| row * width - 1);
        let all: BTreeSet<usize> = (0..position).filter(|before| Some(*before) != missed).collect();
        assert_eq!(*found, all, "position {position}");
    }
}

#[test]
fn samples_equal_naive_samples_on_larger_images() {
    for kind in KINDS {
        for data in [shape(1, 6, 5), levels(3, 3, 4, 4)] {
            let config = PixelRnnConfig { layer: kind, layers: 2, ..PixelRnnConfig::default() };
            let model = PixelRnn::new(&config, Window::square(5), &data, 5, &Device::flex());
            let uniforms = Noise::new(1, "draws", 0).uniforms(19 * data.pixels());
            assert_eq!(model.sample_from(&uniforms), model.sample_naive(&uniforms));
        }
    }
}

#[test]
fn only_unmasked_parameters_are_counted() {
    let model = |kind, data: &DataShape| {
        let config = PixelRnnConfig { layer: kind, hidden: 3, head: 4, ..PixelRnnConfig::default() };
        PixelRnn::new(&config, Window::square(7), data, 0, &Device::flex()).parameters()
    };
    let shared = (24 * 6 + 6) + (3 * 6 + 6) + (6 * 4 + 4) + (4 * 4 + 4) + (4 + 1);
    let row = (2 * 6 * 12 + 12) + 3 * 3 * 12;
    let diagonal = 2 * ((6 * 12 + 12) + 2 * 3 * 12);
    assert_eq!(model(LayerKind::RowLstm, &shape(1, 8, 8)), shared + row);
    assert_eq!(model(LayerKind::DiagonalBilstm, &shape(1, 8, 8)), shared + diagonal);
    // RGB: of 3 groups with 2 features each, the centre tap leaves 2 x (0 + 1 + 2) of 18 weights; of a square
    // mask B between 3 groups 6 of 9 blocks are left. Features of the head: groups of 2, 1 and 1.
    let first = 24 * 3 * 6 + 2 * (1 + 2) + 6;
    let input = 6 * (2 * 4) + 12;
    let up = 6 * 2 + 6;
    let head = (2 * 2 + 4 + 6 + 4) + (2 * 2 + 3 + 4 + 4) + (2 + 3 + 4 + 3);
    assert_eq!(model(LayerKind::DiagonalBilstm, &shape(3, 8, 8)), first + 2 * (input + 2 * 3 * 12) + up + head);
}

#[test]
fn impossible_settings_are_refused_with_the_reason() {
    let check = |config: PixelRnnConfig, data: &DataShape| -> Problem { config.check(data).expect_err("refused") };
    let config = PixelRnnConfig::default;
    let data = shape(3, 4, 4);
    assert_eq!(check(PixelRnnConfig { hidden: 2, ..config() }, &data).path, "hidden");
    assert_eq!(check(PixelRnnConfig { head: 0, ..config() }, &data).path, "head");
    assert_eq!(check(PixelRnnConfig { layers: 0, ..config() }, &data).path, "layers");
    assert_eq!(check(PixelRnnConfig { kernel: 4, ..config() }, &data).path, "kernel");
    assert_eq!(check(PixelRnnConfig { kernel: 1, ..config() }, &data).path, "kernel");
    assert_eq!(check(PixelRnnConfig { ordering: Ordering::Spiral, ..config() }, &data).path, "ordering");
    let continuous = DataShape { support: Support::Continuous, ..data };
    assert!(check(config(), &continuous).message.contains("continuous"));
}
